// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import io.github.flinknats.source.config.Narrowing;
import io.github.flinknats.subject.SubjectFilter;
import io.github.flinknats.subject.SubjectTemplate;
import io.github.flinknats.subject.Subjects;
import io.github.flinknats.table.row.ReadableMetadata;
import io.github.flinknats.table.row.SubjectColumns;
import io.github.flinknats.table.row.SubjectTokens;
import io.github.flinknats.table.row.TableLayout;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.VarCharType;
import org.jspecify.annotations.Nullable;

/**
 * Turns predicates into what a reader may leave out. The result passes every message for which the
 * predicate can be true; a predicate that says nothing of the message passes everything. The
 * planner keeps all predicates, so rows never depend on what is found here.
 */
final class FilterPushDown {
    /**
     * Store times are compared after casts that may cut up to a second off, and a stream's next
     * leader may have a clock that is a little behind.
     */
    private static final long LEEWAY_SECONDS = 2;

    private final @Nullable SubjectTemplate template;
    private final Set<String> columns;
    private final Map<String, ReadableMetadata> metadata;

    /**
     * @param template the table's subject when it has columns in it
     * @param columns those of its columns that may be asked for
     * @param metadata fields that are metadata of the message and may be asked for, by their names
     *     in the plan
     */
    FilterPushDown(
            @Nullable SubjectTemplate template,
            Collection<String> columns,
            Map<String, ReadableMetadata> metadata) {
        this.template = template;
        this.columns = new HashSet<>(columns);
        this.metadata = metadata;
    }

    /**
     * What may be asked of a table.
     *
     * <p>The rows of a PRIMARY KEY supersede one another, so a message may be left out only with
     * all others of its key. A predicate on a column of the key, which the subject holds, says the
     * same of all of them. So does one on the subject where the key makes the whole subject. Others
     * do not: if {@code region} is no column of the key, the message that moves a row from {@code
     * 'eu'} to {@code 'us'} is what removes it from {@code WHERE region = 'eu'}; and without the
     * messages before a sequence or a time, a row that none of the later ones changes would be
     * missing, and without those behind it, an older version would stand for the row.
     */
    static FilterPushDown of(TableLayout layout) {
        SubjectColumns subject = layout.columns().subject();
        SubjectTemplate template = subject == null ? null : subject.template();
        Set<String> columns = new HashSet<>(layout.subjectFields());
        Map<String, ReadableMetadata> metadata = layout.metadataFields();
        if (layout.hasKey()) {
            List<String> key = layout.columns().key();
            boolean keyMakesSubject =
                    template != null
                            && template.isWritable()
                            && key.containsAll(template.columns());
            columns.retainAll(key);
            metadata.values()
                    .removeIf(field -> field != ReadableMetadata.SUBJECT || !keyMakesSubject);
        }
        return new FilterPushDown(template, columns, metadata);
    }

    /** What passes a predicate. */
    Narrowing narrowing(ResolvedExpression predicate) {
        if (predicate instanceof CallExpression) {
            return call((CallExpression) predicate);
        }
        return isFlag(predicate) ? column(predicate, "true") : Narrowing.everything();
    }

    private Narrowing call(CallExpression call) {
        List<ResolvedExpression> arguments = call.getResolvedChildren();
        // Flink's versions differ in upper and lower case.
        String function = call.getFunctionName().toLowerCase(Locale.ROOT);
        switch (function) {
            case "and":
                return arguments.stream()
                        .map(this::narrowing)
                        .reduce(Narrowing.everything(), Narrowing::and);
            case "or":
                return Disjunctions.of(call).stream()
                        .map(this::narrowing)
                        .reduce(Narrowing::or)
                        .orElse(Narrowing.everything());
            case "in":
                return arguments.subList(1, arguments.size()).stream()
                        .map(value -> comparison("equals", arguments.get(0), value))
                        .reduce(Narrowing::or)
                        .orElse(Narrowing.everything());
            case "not":
                return isFlag(arguments.get(0))
                        ? column(arguments.get(0), "false")
                        : Narrowing.everything();
            case "like":
                return arguments.size() == 2
                        ? like(arguments.get(0), arguments.get(1))
                        : Narrowing.everything();
            case "equals":
            case "lessthan":
            case "lessthanorequal":
            case "greaterthan":
            case "greaterthanorequal":
                return arguments.get(0) instanceof ValueLiteralExpression
                        ? comparison(mirrored(function), arguments.get(1), arguments.get(0))
                        : comparison(function, arguments.get(0), arguments.get(1));
            default:
                return Narrowing.everything();
        }
    }

    private static String mirrored(String comparison) {
        return comparison.startsWith("less")
                ? comparison.replace("less", "greater")
                : comparison.replace("greater", "less");
    }

    private Narrowing comparison(String kind, ResolvedExpression left, ResolvedExpression right) {
        if (!(right instanceof ValueLiteralExpression)) {
            return Narrowing.everything();
        }
        ValueLiteralExpression value = (ValueLiteralExpression) right;
        ReadableMetadata field = metadataOf(left);
        if (field == ReadableMetadata.SEQUENCE) {
            return sequences(kind, value);
        } else if (field == ReadableMetadata.TIMESTAMP) {
            return stored(kind, value);
        } else if (!kind.equals("equals")) {
            return Narrowing.everything();
        } else if (field == ReadableMetadata.SUBJECT) {
            String subject = value.getValueAs(String.class).orElse("");
            return subject(subject);
        }
        String token = token(value, typeOf(left));
        return token == null ? Narrowing.everything() : column(left, token);
    }

    private static Narrowing sequences(String kind, ValueLiteralExpression literal) {
        BigDecimal number = literal.getValueAs(BigDecimal.class).orElse(null);
        if (number == null || number.scale() > 0 || number.precision() > 18) {
            return Narrowing.everything();
        }
        long value = number.longValue();
        switch (kind) {
            case "equals":
                return Narrowing.sequences(value, value);
            case "lessthan":
                return Narrowing.sequences(1, value - 1);
            case "lessthanorequal":
                return Narrowing.sequences(1, value);
            case "greaterthan":
                return Narrowing.sequences(value + 1, Long.MAX_VALUE);
            default:
                return Narrowing.sequences(value, Long.MAX_VALUE);
        }
    }

    private static Narrowing stored(String kind, ValueLiteralExpression literal) {
        Instant time = literal.getValueAs(Instant.class).orElse(null);
        if (time == null) {
            return Narrowing.everything();
        }
        Instant early = time.minusSeconds(LEEWAY_SECONDS);
        Instant late = time.plusSeconds(LEEWAY_SECONDS);
        if (kind.equals("equals")) {
            return Narrowing.stored(early, late);
        }
        return kind.startsWith("less")
                ? Narrowing.stored(Instant.MIN, late)
                : Narrowing.stored(early, Instant.MAX);
    }

    private Narrowing like(ResolvedExpression left, ResolvedExpression right) {
        String pattern =
                right instanceof ValueLiteralExpression
                        ? ((ValueLiteralExpression) right).getValueAs(String.class).orElse("")
                        : "";
        boolean ofSubject = metadataOf(left) == ReadableMetadata.SUBJECT;
        if (!ofSubject && !typeOf(left).is(LogicalTypeRoot.VARCHAR)) {
            return Narrowing.everything(); // Padding again.
        }
        // Whole tokens before the first character that stands for others.
        int end = pattern.length();
        for (int i = 0; i < pattern.length(); i++) {
            if ("%_\\".indexOf(pattern.charAt(i)) >= 0) {
                end = i;
                break;
            }
        }
        if (end == pattern.length()) {
            return ofSubject ? subject(pattern) : column(left, pattern);
        }
        int dot = pattern.lastIndexOf('.', end - 1);
        if (end == 0 || dot < 0) {
            return Narrowing.everything();
        }
        String tokens = pattern.substring(0, dot);
        if (!isSubject(tokens)) {
            return Narrowing.everything();
        }
        return ofSubject ? subjects(tokens) : rest(left, tokens);
    }

    /** The column for all tokens that remain starts with these. */
    private Narrowing rest(ResolvedExpression column, String tokens) {
        SubjectTemplate subject = template;
        String name = nameOf(column);
        if (subject == null || !columns.contains(name) || !isRest(subject, name)) {
            return Narrowing.everything();
        }
        String any = subject.filter();
        return subjects(any.substring(0, any.length() - 1) + tokens);
    }

    private static boolean isRest(SubjectTemplate subject, @Nullable String column) {
        return subject.takesRest()
                && subject.columns().indexOf(column) == subject.columns().size() - 1;
    }

    private static Narrowing subject(String subject) {
        return isSubject(subject)
                ? Narrowing.subject(SubjectFilter.parse(subject))
                : Narrowing.everything();
    }

    /** The subjects that start with these tokens, wildcards among them. */
    private static Narrowing subjects(String prefix) {
        return Narrowing.subject(SubjectFilter.parse(prefix + ".>"));
    }

    private static boolean isSubject(String text) {
        return Subjects.filterProblem(text) == null && !SubjectFilter.parse(text).hasWildcard();
    }

    /** A column of the subject has the value whose token this is. */
    private Narrowing column(ResolvedExpression column, String token) {
        SubjectTemplate subject = template;
        String name = nameOf(column);
        if (subject == null || name == null || !columns.contains(name)) {
            return Narrowing.everything();
        }
        return Subjects.tokenProblem(token, isRest(subject, name)) == null
                ? Narrowing.subject(
                        SubjectFilter.parse(subject.filter(Collections.singletonMap(name, token))))
                : Narrowing.everything();
    }

    /** The token of a literal, or null when another token could mean the same. */
    private static @Nullable String token(ValueLiteralExpression literal, LogicalType type) {
        if (literal.isNull() || !SubjectTokens.areSupported(type)) {
            return null;
        }
        if (type.getTypeRoot() == LogicalTypeRoot.DATE) {
            return literal.getValueAs(LocalDate.class).map(LocalDate::toString).orElse(null);
        } else if (type.getTypeRoot() == LogicalTypeRoot.BOOLEAN) {
            return literal.getValueAs(Boolean.class).map(String::valueOf).orElse(null);
        } else if (type.getTypeRoot() == LogicalTypeRoot.VARCHAR) {
            return literal.getValueAs(String.class).orElse(null);
        } else if (type.getTypeRoot() == LogicalTypeRoot.CHAR) {
            return null; // Padding is a matter of opinion.
        }
        BigDecimal number = literal.getValueAs(BigDecimal.class).orElse(null);
        return number == null || number.stripTrailingZeros().scale() > 0
                ? null
                : number.toBigInteger().toString();
    }

    private static boolean isFlag(ResolvedExpression expression) {
        return expression instanceof FieldReferenceExpression
                && typeOf(expression).is(LogicalTypeRoot.BOOLEAN);
    }

    private @Nullable ReadableMetadata metadataOf(ResolvedExpression expression) {
        String name = nameOf(expression);
        return name == null ? null : metadata.get(name);
    }

    /** The field behind an expression, through casts that change no value we compare. */
    private static @Nullable String nameOf(ResolvedExpression expression) {
        if (expression instanceof FieldReferenceExpression) {
            return ((FieldReferenceExpression) expression).getName();
        }
        if (expression instanceof CallExpression
                && ((CallExpression) expression).getFunctionName().equalsIgnoreCase("cast")) {
            ResolvedExpression inner = ((CallExpression) expression).getResolvedChildren().get(0);
            return isHarmless(typeOf(inner), typeOf(expression)) ? nameOf(inner) : null;
        }
        return null;
    }

    private static boolean isHarmless(LogicalType from, LogicalType to) {
        switch (to.getTypeRoot()) {
            case VARCHAR:
                return from.is(LogicalTypeFamily.CHARACTER_STRING)
                        && ((VarCharType) to).getLength() == VarCharType.MAX_LENGTH;
            case BIGINT:
                return from.is(LogicalTypeFamily.INTEGER_NUMERIC);
            case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
                return from.is(LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
            default:
                return false;
        }
    }

    private static LogicalType typeOf(ResolvedExpression expression) {
        return expression.getOutputDataType().getLogicalType();
    }
}
