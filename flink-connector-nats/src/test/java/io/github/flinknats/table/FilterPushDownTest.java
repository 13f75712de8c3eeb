// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.source.config.Narrowing;
import io.github.flinknats.subject.SubjectTemplate;
import io.github.flinknats.table.row.ReadableMetadata;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.TypeLiteralExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;

class FilterPushDownTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    private static final ResolvedExpression SUBJECT = field("m1", DataTypes.STRING());
    private static final ResolvedExpression SEQUENCE = field("m2", DataTypes.BIGINT());
    private static final ResolvedExpression TIME = field("m3", DataTypes.TIMESTAMP_LTZ(9));
    private static final ResolvedExpression REGION = field("region", DataTypes.STRING());
    private static final ResolvedExpression ID = field("id", DataTypes.INT());
    private static final ResolvedExpression FLAG = field("flag", DataTypes.BOOLEAN());
    private static final ResolvedExpression DAY = field("day", DataTypes.DATE());
    private static final ResolvedExpression AMOUNT = field("amount", DataTypes.INT());

    private final FilterPushDown pushDown =
            new FilterPushDown(template(), template().columns(), metadata());

    private static SubjectTemplate template() {
        return SubjectTemplate.parse("o.{region}.{id}.{flag}.{day}");
    }

    private static Map<String, ReadableMetadata> metadata() {
        Map<String, ReadableMetadata> metadata = new HashMap<>();
        metadata.put("m1", ReadableMetadata.SUBJECT);
        metadata.put("m2", ReadableMetadata.SEQUENCE);
        metadata.put("m3", ReadableMetadata.TIMESTAMP);
        return metadata;
    }

    private static ResolvedExpression field(String name, DataType type) {
        return new FieldReferenceExpression(name, type, 0, 0);
    }

    private static ResolvedExpression value(Object value) {
        return new ValueLiteralExpression(value);
    }

    private static ResolvedExpression call(
            BuiltInFunctionDefinition function, ResolvedExpression... arguments) {
        return CallExpression.permanent(function, Arrays.asList(arguments), DataTypes.BOOLEAN());
    }

    private static ResolvedExpression equal(ResolvedExpression left, Object right) {
        return call(BuiltInFunctionDefinitions.EQUALS, left, value(right));
    }

    private List<String> subjects(ResolvedExpression predicate) {
        return pushDown.narrowing(predicate).narrow(Collections.singletonList("o.>"));
    }

    @Test
    void findsSubjectsInColumnsOfTheSubject() {
        assertThat(subjects(equal(REGION, "eu"))).containsExactly("o.eu.*.*.*");
        assertThat(subjects(equal(ID, 7))).containsExactly("o.*.7.*.*");
        assertThat(subjects(equal(ID, new BigDecimal("7.0")))).containsExactly("o.*.7.*.*");
        assertThat(subjects(equal(DAY, LocalDate.of(2026, 2, 28))))
                .containsExactly("o.*.*.*.2026-02-28");
        assertThat(subjects(FLAG)).containsExactly("o.*.*.true.*");
        assertThat(subjects(call(BuiltInFunctionDefinitions.NOT, FLAG)))
                .containsExactly("o.*.*.false.*");
        assertThat(subjects(call(BuiltInFunctionDefinitions.EQUALS, value("eu"), REGION)))
                .containsExactly("o.eu.*.*.*");
        assertThat(subjects(call(BuiltInFunctionDefinitions.IN, REGION, value("eu"), value("us"))))
                .containsExactly("o.eu.*.*.*", "o.us.*.*.*");
    }

    @Test
    void findsSubjectsInTheSubjectItself() {
        assertThat(subjects(equal(SUBJECT, "o.a"))).containsExactly("o.a");
        assertThat(subjects(equal(SUBJECT, "x.a"))).isEmpty();
        assertThat(subjects(like("o.eu.%"))).containsExactly("o.eu.>");
        assertThat(subjects(like("o.eu.7%"))).containsExactly("o.eu.>");
        assertThat(subjects(like("o.eu._"))).containsExactly("o.eu.>");
        assertThat(subjects(like("o.eu"))).containsExactly("o.eu");
        assertThat(subjects(like("o%"))).containsExactly("o.>");
        assertThat(subjects(like("%.eu"))).containsExactly("o.>");
    }

    private static ResolvedExpression like(String pattern) {
        return like(SUBJECT, pattern);
    }

    private static ResolvedExpression like(ResolvedExpression left, String pattern) {
        return call(BuiltInFunctionDefinitions.LIKE, left, value(pattern));
    }

    @Test
    void findsSubjectsInWhatAColumnStartsWith() {
        SubjectTemplate ofKeys = SubjectTemplate.parse("o.{region}.{key...}");
        FilterPushDown keys = new FilterPushDown(ofKeys, ofKeys.columns(), metadata());
        ResolvedExpression key = field("key", DataTypes.STRING());
        List<String> all = Collections.singletonList("o.>");
        assertThat(keys.narrowing(like(key, "a.b.%")).narrow(all)).containsExactly("o.*.a.b.>");
        assertThat(keys.narrowing(like(key, "a.b%")).narrow(all)).containsExactly("o.*.a.>");
        assertThat(keys.narrowing(like(key, "a.b")).narrow(all)).containsExactly("o.*.a.b");
        assertThat(keys.narrowing(like(REGION, "eu")).narrow(all)).containsExactly("o.eu.>");
        assertThat(
                        Arrays.asList(
                                like(key, "a%"),
                                like(key, "%"),
                                like(key, "a..b%"),
                                like(key, "a.*.b%"),
                                like(REGION, "e%"),
                                like(REGION, "e.u%"),
                                like(field("key", DataTypes.CHAR(3)), "a.b"),
                                like(field("other", DataTypes.STRING()), "a.b.%")))
                .allMatch(predicate -> keys.narrowing(predicate).isEverything());
    }

    @Test
    void combinesPredicates() {
        ResolvedExpression eu = equal(REGION, "eu");
        ResolvedExpression seven = equal(ID, 7);
        ResolvedExpression rich = equal(AMOUNT, 7);
        assertThat(subjects(call(BuiltInFunctionDefinitions.AND, eu, seven)))
                .containsExactly("o.eu.7.*.*");
        assertThat(subjects(call(BuiltInFunctionDefinitions.OR, eu, seven)))
                .containsExactly("o.eu.*.*.*", "o.*.7.*.*");
        assertThat(subjects(call(BuiltInFunctionDefinitions.AND, eu, rich)))
                .containsExactly("o.eu.*.*.*");
        assertThat(subjects(call(BuiltInFunctionDefinitions.OR, eu, rich))).containsExactly("o.>");
        assertThat(subjects(call(BuiltInFunctionDefinitions.NOT, eu))).containsExactly("o.>");
    }

    @Test
    void findsPositionsInSequenceAndTime() {
        assertThat(pushDown.narrowing(equal(SEQUENCE, 5L))).isEqualTo(Narrowing.sequences(5, 5));
        assertThat(
                        pushDown.narrowing(
                                call(
                                        BuiltInFunctionDefinitions.AND,
                                        call(
                                                BuiltInFunctionDefinitions.GREATER_THAN,
                                                SEQUENCE,
                                                value(5)),
                                        call(
                                                BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL,
                                                value(9L),
                                                SEQUENCE))))
                .isEqualTo(Narrowing.sequences(6, 9));
        assertThat(
                        pushDown.narrowing(
                                call(
                                        BuiltInFunctionDefinitions.LESS_THAN,
                                        cast(TIME, DataTypes.TIMESTAMP_LTZ(3)),
                                        value(NOON))))
                .isEqualTo(Narrowing.stored(Instant.MIN, NOON.plusSeconds(2)));
    }

    @Test
    void saysNothingWhereAnotherTokenCouldMeanTheSame() {
        ResolvedExpression asNumber = cast(REGION, DataTypes.BIGINT());
        ResolvedExpression asText = cast(FLAG, DataTypes.STRING());
        ResolvedExpression cut = cast(REGION, DataTypes.VARCHAR(2));
        assertThat(
                        Arrays.asList(
                                equal(asNumber, 7L),
                                equal(asText, "TRUE"),
                                equal(cut, "eu"),
                                equal(ID, new BigDecimal("7.5")),
                                equal(REGION, "e u"),
                                equal(REGION, "*"),
                                equal(REGION, ""),
                                equal(SUBJECT, "o.*"),
                                equal(SEQUENCE, new BigDecimal("5.5")),
                                call(BuiltInFunctionDefinitions.LESS_THAN, REGION, value("eu")),
                                call(BuiltInFunctionDefinitions.EQUALS, REGION, SUBJECT)))
                .allMatch(predicate -> pushDown.narrowing(predicate).isEverything());
        assertThat(subjects(equal(cast(REGION, DataTypes.STRING()), "eu")))
                .containsExactly("o.eu.*.*.*");
    }

    private static ResolvedExpression cast(ResolvedExpression from, DataType to) {
        return CallExpression.permanent(
                BuiltInFunctionDefinitions.CAST,
                Arrays.asList(from, new TypeLiteralExpression(to)),
                to);
    }

    @Test
    void passesMoreWhenThereAreTooManySubjects() {
        Narrowing many =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> pushDown.narrowing(equal(ID, i)))
                        .reduce(Narrowing::or)
                        .orElseThrow();
        ResolvedExpression eu = equal(REGION, "eu");

        assertThat(
                        many.and(pushDown.narrowing(eu))
                                .withFewSubjects()
                                .narrow(Collections.singletonList("o.>")))
                .containsExactly("o.eu.*.*.*");
    }
}
