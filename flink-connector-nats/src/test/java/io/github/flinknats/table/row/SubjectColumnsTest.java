// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flinknats.subject.SubjectTemplate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectColumnsTest {

    private static final DataType ROW =
            DataTypes.ROW(
                    DataTypes.FIELD("amount", DataTypes.DOUBLE()),
                    DataTypes.FIELD("s", DataTypes.STRING()),
                    DataTypes.FIELD("c", DataTypes.CHAR(3).notNull()),
                    DataTypes.FIELD("v", DataTypes.VARCHAR(3)),
                    DataTypes.FIELD("b", DataTypes.BOOLEAN()),
                    DataTypes.FIELD("i1", DataTypes.TINYINT()),
                    DataTypes.FIELD("i2", DataTypes.SMALLINT()),
                    DataTypes.FIELD("i4", DataTypes.INT()),
                    DataTypes.FIELD("i8", DataTypes.BIGINT()),
                    DataTypes.FIELD("d", DataTypes.DATE()));

    private static SubjectColumns columns(String template) {
        return SubjectColumns.of(SubjectTemplate.parse(template), (RowType) ROW.getLogicalType());
    }

    @Test
    void readsAndWritesAllTypes() {
        SubjectColumns columns = columns("t.{d}.{s}.{c}.{v}.{b}.{i1}.{i2}.{i4}.{i8}");
        String subject = "t.2026-02-28.x.abc.z.true.-128.32767.-7.9223372036854775807";

        Object[] values = columns.read(subject);

        assertThat(values)
                .containsExactly(
                        20_512,
                        StringData.fromString("x"),
                        StringData.fromString("abc"),
                        StringData.fromString("z"),
                        true,
                        (byte) -128,
                        (short) 32767,
                        -7,
                        Long.MAX_VALUE);
        assertThat(columns.positions()).containsExactly(9, 1, 2, 3, 4, 5, 6, 7, 8);
        GenericRowData row = new GenericRowData(10);
        for (int i = 0; i < values.length; i++) {
            row.setField(columns.positions().get(i), values[i]);
        }
        assertThat(columns.write(row)).isEqualTo(subject);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "i4 | 007 | '007' is not a INT as it would be written",
                "i4 | +7 | '+7' is not a INT",
                "i4 | x | 'x' is not a INT",
                "i4 | -0 | '-0' is not a INT",
                "i4 | 2147483648 | is not a INT",
                "i1 | 128 | is not a TINYINT",
                "b | TRUE | 'TRUE' is not a BOOLEAN",
                "b | 1 | '1' is not a BOOLEAN",
                "d | 2026-2-1 | is not a DATE",
                "d | 2026-02-30 | is not a DATE",
                "d | +12026-01-01x | is not a DATE",
                "c | ab | 'ab' is not a CHAR(3)",
                "c | abcd | is not a CHAR(3)",
                "v | abcd | is not a VARCHAR(3)"
            })
    void refusesTokensThatAreNoValue(String column, String token, String why) {
        assertThatThrownBy(() -> columns("t.{" + column + "}").read("t." + token))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Column '" + column + "' cannot be read from the subject: ")
                .hasMessageContaining(why);
    }

    @Test
    void refusesSubjectsOfAnotherForm() {
        assertThatThrownBy(() -> columns("t.{s}").read("t.a.b"))
                .hasMessage("The subject does not have the form 't.{s}'.");
    }

    @Test
    void refusesColumnsThatCannotBeTokens() {
        assertThatThrownBy(() -> columns("t.{nobody}"))
                .hasMessageContaining("names the column 'nobody', but the table has none")
                .hasMessageContaining("[amount, s, c,");
        assertThatThrownBy(() -> columns("t.{amount}"))
                .hasMessageContaining(
                        "The column 'amount' of the subject 't.{amount}' is a DOUBLE");
    }

    @Test
    void namesTheColumnWhoseValueIsNoToken() {
        List<GenericRowData> rows =
                Arrays.asList(
                        GenericRowData.of(1.0, null),
                        GenericRowData.of(1.0, StringData.fromString("a b")));

        List<String> problems =
                rows.stream()
                        .map(
                                row -> {
                                    try {
                                        return columns("t.{s}").write(row);
                                    } catch (IllegalArgumentException e) {
                                        return e.getMessage();
                                    }
                                })
                        .collect(Collectors.toList());

        assertThat(problems)
                .containsExactly(
                        "Column 's' cannot be part of a subject: its value is NULL.",
                        "Column 's' cannot be part of a subject: its value 'a b' contains white"
                                + " space or an unprintable character.");
    }
}
