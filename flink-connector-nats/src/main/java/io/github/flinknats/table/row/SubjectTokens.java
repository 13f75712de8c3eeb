// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.apache.flink.annotation.Internal;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.CharType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.VarCharType;
import org.jspecify.annotations.Nullable;

/**
 * How values of SQL types are written as tokens of a subject. Each value has exactly one token:
 * another spelling of it, such as {@code 007}, is refused when it is read. So a predicate on a
 * column can be asked of the server as one on the subject.
 */
@Internal
public final class SubjectTokens {
    private SubjectTokens() {}

    /** Whether values of the type can be tokens. */
    public static boolean areSupported(LogicalType type) {
        switch (type.getTypeRoot()) {
            case CHAR:
            case VARCHAR:
            case BOOLEAN:
            case TINYINT:
            case SMALLINT:
            case INTEGER:
            case BIGINT:
            case DATE:
                return true;
            default:
                return false;
        }
    }

    /**
     * The value of a token, in Flink's internal form.
     *
     * @throws IllegalArgumentException if the token is not the spelling of a value of the type
     */
    public static Object parse(String token, LogicalType type) {
        Object value;
        try {
            value = value(token, type);
        } catch (NumberFormatException | DateTimeParseException | ArithmeticException e) {
            throw notA(type, token, e);
        }
        if (!format(value, type).equals(token)) {
            throw notA(type, token, null);
        }
        return value;
    }

    private static Object value(String token, LogicalType type) {
        switch (type.getTypeRoot()) {
            case CHAR:
            case VARCHAR:
                checkLength(token, type);
                return StringData.fromString(token);
            case BOOLEAN:
                return Boolean.valueOf(token);
            case TINYINT:
                return Byte.valueOf(token);
            case SMALLINT:
                return Short.valueOf(token);
            case INTEGER:
                return Integer.valueOf(token);
            case BIGINT:
                return Long.valueOf(token);
            case DATE:
                return Math.toIntExact(LocalDate.parse(token).toEpochDay());
            default:
                throw new IllegalStateException("No token is a " + type.asSummaryString());
        }
    }

    private static void checkLength(String token, LogicalType type) {
        int length = token.codePointCount(0, token.length());
        boolean fits =
                type instanceof CharType
                        ? length == ((CharType) type).getLength()
                        : length <= ((VarCharType) type).getLength();
        if (!fits) {
            throw notA(type, token, null);
        }
    }

    private static IllegalArgumentException notA(
            LogicalType type, String token, @Nullable RuntimeException cause) {
        return new IllegalArgumentException(
                "'"
                        + token
                        + "' is not a "
                        + type.copy(true).asSummaryString()
                        + " as it would be written",
                cause);
    }

    /**
     * The token of a value in Flink's internal form; whether a subject may hold it is not checked.
     */
    public static String format(Object value, LogicalType type) {
        return type.getTypeRoot() == LogicalTypeRoot.DATE
                ? LocalDate.ofEpochDay((Integer) value).toString()
                : value.toString();
    }
}
