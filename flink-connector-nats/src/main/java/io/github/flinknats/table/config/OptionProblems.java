// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import io.github.flinknats.source.config.BadRecordPolicy;
import io.github.flinknats.source.config.DataLossPolicy;
import io.github.flinknats.source.config.Ordering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.table.factories.FactoryUtil;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with options, values and metadata keys that do not exist, and what was probably
 * meant. Of options that do not exist the key is named and never the value, which may be a secret.
 */
@Internal
public final class OptionProblems {
    private static final List<ConfigOption<?>> OF_EVERY_TABLE =
            Collections.unmodifiableList(
                    Arrays.asList(
                            FactoryUtil.CONNECTOR,
                            FactoryUtil.PROPERTY_VERSION,
                            FactoryUtil.WATERMARK_EMIT_STRATEGY,
                            FactoryUtil.WATERMARK_ALIGNMENT_GROUP,
                            FactoryUtil.WATERMARK_ALIGNMENT_MAX_DRIFT,
                            FactoryUtil.WATERMARK_ALIGNMENT_UPDATE_INTERVAL,
                            FactoryUtil.SOURCE_IDLE_TIMEOUT));

    private static final Map<String, Enum<?>[]> CHOICES = choices();

    private OptionProblems() {}

    private static Map<String, Enum<?>[]> choices() {
        Map<String, Enum<?>[]> choices = new LinkedHashMap<>();
        choices.put(NatsOptions.SCAN_STARTUP_MODE.key(), StartupMode.values());
        choices.put(NatsOptions.SCAN_BOUNDED_MODE.key(), BoundedMode.values());
        choices.put(NatsOptions.SCAN_ORDERING.key(), Ordering.values());
        choices.put(NatsOptions.SCAN_ON_DATA_LOSS.key(), DataLossPolicy.values());
        choices.put(NatsOptions.SCAN_ON_ERROR.key(), BadRecordPolicy.Action.values());
        choices.put(NatsSinkOptions.SINK_DELIVERY_GUARANTEE.key(), DeliveryGuarantee.values());
        choices.put(NatsSinkOptions.VALUE_FIELDS_INCLUDE.key(), FieldsInclude.values());
        return choices;
    }

    /** The options among which users choose one of a few words. */
    static Set<String> choiceKeys() {
        return CHOICES.keySet();
    }

    /** The keys of the options, in all spellings. */
    public static Set<String> keys(Collection<ConfigOption<?>> options) {
        Set<String> keys = new LinkedHashSet<>();
        for (ConfigOption<?> option : options) {
            keys.add(option.key());
            for (FallbackKey other : option.fallbackKeys()) {
                keys.add(other.getKey());
            }
        }
        return keys;
    }

    /**
     * What is wrong with the keys that a user wrote.
     *
     * @param format the table's format, or null if there is none of that name
     * @param ofFormat the keys of the format's options, with their prefix
     * @param isFormat whether there is a format of a name
     * @return null if all of them exist, as far as one can tell
     */
    public static @Nullable String unknown(
            Collection<String> written,
            @Nullable String format,
            Set<String> ofFormat,
            Predicate<String> isFormat) {
        Set<String> known = keys(allOptions());
        known.addAll(keys(OF_EVERY_TABLE));
        known.addAll(ofFormat);
        List<String> problems = new ArrayList<>();
        for (String key : written) {
            if (!known.contains(key) && !key.startsWith(NatsOptions.PROPERTIES.key() + ".")) {
                String meant = meant(key, known, format, ofFormat);
                if (meant == null && format != null) {
                    String prefix = key.substring(0, Math.max(0, key.indexOf('.')));
                    meant =
                            isFormat.test(prefix) && !prefix.equals(format)
                                    ? "it belongs to the format '"
                                            + prefix
                                            + "', and the table has 'format' = '"
                                            + format
                                            + "'."
                                    : "none has a similar name.";
                }
                // Without its format one cannot tell whether an option exists.
                if (meant != null) {
                    problems.add("Unknown option '" + key + "': " + meant);
                }
            }
        }
        return problems.isEmpty() ? null : String.join(" ", problems);
    }

    private static @Nullable String meant(
            String key, Set<String> known, @Nullable String format, Set<String> ofFormat) {
        String foreign = ForeignNames.option(key);
        if (foreign != null) {
            return foreign + ".";
        }
        String properties = NatsOptions.PROPERTIES.key();
        int second = key.indexOf('.', key.indexOf('.') + 1);
        if (second > 0 && Spelling.distance(key.substring(0, second), properties) <= 3) {
            return Spelling.question(Collections.singletonList(properties + key.substring(second)));
        }
        Set<String> candidates = new LinkedHashSet<>(known);
        candidates.remove(FactoryUtil.PROPERTY_VERSION.key());
        List<String> near = Spelling.nearest(key, candidates);
        if (near.isEmpty() && format != null && key.contains(".")) {
            // Of another format, or with a prefix as in tables that have several.
            String option = key.substring(key.indexOf('.') + 1);
            String own = option.startsWith(format + ".") ? option : format + "." + option;
            near =
                    ofFormat.contains(own)
                            ? Collections.singletonList(own)
                            : Spelling.nearest(own, ofFormat);
        }
        return near.isEmpty() ? null : Spelling.question(near);
    }

    /**
     * What is wrong with the first value that cannot be understood.
     *
     * @return null if all can be; what they mean together is not looked at
     */
    public static @Nullable String values(Map<String, String> written) {
        Configuration options = Configuration.fromMap(written);
        for (ConfigOption<?> option : allOptions()) {
            if (option.equals(NatsOptions.PROPERTIES)) {
                continue;
            }
            try {
                options.getOptional(option);
            } catch (IllegalArgumentException e) {
                return value(option, written, e);
            }
        }
        return null;
    }

    private static String value(
            ConfigOption<?> option, Map<String, String> written, IllegalArgumentException refusal) {
        String key =
                keys(Collections.singleton(option)).stream()
                        .filter(written::containsKey)
                        .findFirst()
                        .orElse(option.key());
        String value = String.valueOf(written.get(key));
        String problem = "Invalid value '" + value + "' for option '" + key + "': ";
        Enum<?>[] choices = CHOICES.get(key);
        if (choices == null) {
            Throwable root = refusal;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return problem + root.getMessage();
        }
        List<String> words =
                Arrays.stream(choices).map(String::valueOf).collect(Collectors.toList());
        String foreign = ForeignNames.value(key, value);
        List<String> near =
                foreign == null
                        ? Spelling.nearest(value, words)
                        : Collections.singletonList(foreign);
        return problem
                + (near.isEmpty() ? "" : Spelling.question(near) + " ")
                + "Possible values are "
                + words
                + ".";
    }

    /**
     * What is wrong with the metadata key of a column.
     *
     * @param use what is done with the keys: "read" or "written"
     * @param known the keys that can be used so
     * @param elsewhere the keys that exist, but cannot be used so
     */
    public static String metadata(
            String column, String key, String use, Set<String> known, Set<String> elsewhere) {
        String problem = "Invalid metadata key '" + key + "' of column '" + column + "': ";
        if (elsewhere.contains(key)) {
            return problem
                    + "it cannot be "
                    + use
                    + (use.equals("read")
                            ? ". Declare a table without the column to read."
                            : ". Declare the column VIRTUAL.");
        }
        String foreign = ForeignNames.metadata(key);
        List<String> near =
                foreign != null && known.contains(foreign)
                        ? Collections.singletonList(foreign)
                        : Spelling.nearest(key, known);
        return problem
                + (near.isEmpty() ? "" : Spelling.question(near) + " ")
                + "Keys that can be "
                + use
                + " are "
                + known
                + ".";
    }

    private static Set<ConfigOption<?>> allOptions() {
        Set<ConfigOption<?>> all = new LinkedHashSet<>(NatsOptions.required());
        all.addAll(NatsOptions.optional());
        return all;
    }
}
