// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The configuration of a server on which account OWNER has the stream ORDERS, and a user of account
 * JOBS may do what {@link Permissions} lists, and nothing else. The documentation shows it.
 */
public final class SharedStream {
    /** What the API is called in the other account. */
    public static final String PREFIX = "JS.OWNER.API";

    /** Below which the user hears answers. */
    public static final String INBOX = "_FLINK";

    private SharedStream() {}

    /** For users who read, read through TASKS, write, and write exactly once. */
    public static String config() {
        return config(
                Permissions.subjects(
                        Permissions.READ,
                        Permissions.FIND_STREAM,
                        Permissions.READ_DURABLE,
                        Permissions.CREATE_DURABLE,
                        Permissions.WRITE));
    }

    /** For users who may publish to these subjects of the owner's. */
    public static String config(Set<String> publish) {
        List<String> shared = withoutCovered(publish);
        return "accounts {\n"
                + "  OWNER {\n"
                + "    jetstream: enabled\n"
                + "    users: [ {user: owner, password: top} ]\n"
                + "    exports: [\n"
                + shared.stream().map(SharedStream::export).collect(Collectors.joining())
                + "    ]\n"
                + "  }\n"
                + "  JOBS {\n"
                + "    users: [\n"
                + "      {user: flink, password: p, permissions: {\n"
                + "        subscribe: [\""
                + INBOX
                + ".>\"]\n"
                + "        publish: [\n"
                + shared.stream()
                        .map(subject -> "          \"" + seen(subject) + "\"\n")
                        .collect(Collectors.joining())
                + "        ]\n"
                + "      }}\n"
                + "    ]\n"
                + "    imports: [\n"
                + shared.stream().map(SharedStream::imported).collect(Collectors.joining())
                + "    ]\n"
                + "  }\n"
                + "}\n";
    }

    /** Who imports a subject twice would ask twice. */
    private static List<String> withoutCovered(Set<String> subjects) {
        List<String> left = new ArrayList<>();
        for (String subject : subjects) {
            if (subjects.stream()
                    .noneMatch(other -> !other.equals(subject) && covers(other, subject))) {
                left.add(subject);
            }
        }
        return left;
    }

    private static boolean covers(String wide, String narrow) {
        return wide.endsWith("*")
                ? narrow.startsWith(wide.substring(0, wide.length() - 1))
                : wide.endsWith(">") && narrow.startsWith(wide.substring(0, wide.length() - 1));
    }

    private static String export(String subject) {
        boolean many = subject.contains("CONSUMER.MSG.NEXT");
        return "      {service: \""
                + subject
                + "\", accounts: [JOBS]"
                + (many ? ", response_type: stream" : "")
                + "}\n";
    }

    private static String imported(String subject) {
        return "      {service: {account: OWNER, subject: \""
                + subject
                + "\"}"
                + (seen(subject).equals(subject) ? "" : ", to: \"" + seen(subject) + '"')
                + "}\n";
    }

    private static String seen(String subject) {
        return subject.replace("$JS.API", PREFIX);
    }
}
