// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flinknats.client.ClientProperties;
import io.github.flinknats.table.config.NatsOptions;
import io.github.flinknats.table.row.ReadableMetadata;
import io.github.flinknats.table.row.WritableMetadata;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;

/** {@code docs/options.md} is made from the code; run with -Ddocs.update=true to write it anew. */
class OptionReferenceTest {
    private static final Path FILE =
            Path.of(System.getProperty("project.root", "..")).resolve("docs/options.md");

    @Test
    void theReferenceIsWhatTheCodeSays() throws Exception {
        String reference = reference();
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(FILE, reference);
        }
        assertThat(Files.readString(FILE, StandardCharsets.UTF_8))
                .as("docs/options.md; run this test with -Ddocs.update=true to write it anew")
                .isEqualTo(reference);
    }

    private static String reference() throws ReflectiveOperationException {
        StringBuilder text = new StringBuilder();
        text.append("# Options\n\n");
        text.append("Generated from the code; do not edit. How to use them: [guide](guide.md).\n");
        table(text, "Connection", "nats.");
        table(text, "Reading", "scan.");
        text.append("\nFlink's own options for watermarks, such as `scan.watermark.idle-timeout`,");
        text.append(" work too.\n");
        table(text, "Writing", "sink.", "value.");
        text.append("\n## Client properties\n\n");
        text.append("`nats.properties.<key>` may set: ");
        text.append(
                ClientProperties.allowed().stream()
                        .map(key -> "`" + key + "`")
                        .collect(Collectors.joining(", ")));
        text.append(".\n\n## Metadata columns\n\nRead:\n\n| key | type |\n|---|---|\n");
        for (ReadableMetadata metadata : ReadableMetadata.values()) {
            metadata(text, metadata.key(), metadata.type());
        }
        text.append("\nWritten, unless the column is `VIRTUAL`; NULL leaves it out:\n\n");
        text.append("| key | type |\n|---|---|\n");
        for (WritableMetadata metadata : WritableMetadata.values()) {
            metadata(text, metadata.key(), metadata.type());
        }
        text.append("\nThe format's own metadata stands under `value.`.\n");
        return text.toString();
    }

    private static void metadata(StringBuilder text, String key, DataType type) {
        text.append("| `").append(key).append("` | `").append(sqlType(type)).append("` |\n");
    }

    private static String sqlType(DataType type) {
        return type.getLogicalType()
                .asSerializableString()
                .replace("INTERVAL DAY(2) TO SECOND(3)", "INTERVAL DAY TO SECOND")
                .replace("VARCHAR(2147483647)", "STRING")
                .replace("TIMESTAMP(9) WITH LOCAL TIME ZONE", "TIMESTAMP_LTZ(9)");
    }

    private static void table(StringBuilder text, String title, String... prefixes)
            throws ReflectiveOperationException {
        text.append("\n## ").append(title).append("\n\n");
        text.append("| option | type | default | meaning |\n|---|---|---|---|\n");
        Set<ConfigOption<?>> required = NatsOptions.required();
        Set<ConfigOption<?>> all = new LinkedHashSet<>(required);
        all.addAll(NatsOptions.optional());
        for (ConfigOption<?> option : all) {
            boolean isFormat = option.key().equals(FactoryUtil.FORMAT.key());
            if (Stream.of(prefixes).anyMatch(option.key()::startsWith)
                    || (isFormat && prefixes[0].equals("scan."))) {
                row(text, option, required.contains(option));
            }
        }
    }

    private static void row(StringBuilder text, ConfigOption<?> option, boolean required)
            throws ReflectiveOperationException {
        text.append("| `").append(option.key()).append('`');
        option.fallbackKeys()
                .forEach(key -> text.append(" (also `").append(key.getKey()).append("`)"));
        text.append(" | ").append(type(option));
        text.append(" | ").append(required ? "required" : defaultOf(option));
        text.append(" | ").append(description(option)).append(" |\n");
    }

    private static String type(ConfigOption<?> option) throws ReflectiveOperationException {
        Class<?> type = clazz(option);
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .map(value -> "`" + spelled(value) + "`")
                    .collect(Collectors.joining(", "));
        }
        return type.getSimpleName();
    }

    /** The class of the values; Flink keeps it to itself. */
    private static Class<?> clazz(ConfigOption<?> option) throws ReflectiveOperationException {
        Method getter = ConfigOption.class.getDeclaredMethod("getClazz");
        getter.setAccessible(true);
        return (Class<?>) getter.invoke(option);
    }

    private static String spelled(Object value) {
        return value.toString().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String defaultOf(ConfigOption<?> option) {
        if (!option.hasDefaultValue()) {
            return "–";
        }
        Object value = option.defaultValue();
        if (value instanceof Duration) {
            Duration duration = (Duration) value;
            return duration.toSeconds() % 60 == 0
                    ? "`" + duration.toMinutes() + " min`"
                    : "`" + duration.toSeconds() + " s`";
        }
        return "`" + (value instanceof Enum ? spelled(value) : value) + "`";
    }

    private static String description(ConfigOption<?> option) {
        if (option.key().equals(FactoryUtil.FORMAT.key())) {
            return "The format of the payload: `json` or any other format of Flink.";
        }
        if (option.key().equals(FactoryUtil.SOURCE_PARALLELISM.key())) {
            return "How many subtasks read; by default the job's parallelism.";
        }
        if (option.key().equals(FactoryUtil.SINK_PARALLELISM.key())) {
            return "How many subtasks write; by default the parallelism of what comes before.";
        }
        String html = new HtmlFormatter().format(option.description());
        return html.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("|", "\\|")
                .replaceAll("'([^' ]+)'", "`$1`")
                .trim();
    }
}
