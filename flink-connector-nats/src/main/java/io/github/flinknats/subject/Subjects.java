// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.subject;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules for subject filters, stream and consumer names. Every method returns what is wrong, as
 * a sentence that states the rule, or null when nothing is.
 */
public final class Subjects {
    private static final int MAX_NAME = 255;

    /** More of a value is not quoted. */
    private static final int LONGEST_QUOTE = 200;

    private static final int ADVISED_NAME = 32;
    private static final String FORBIDDEN_IN_NAMES = ".*>/\\";

    /** Names that Windows reserves for devices; with an extension too. */
    private static final Set<String> RESERVED_FILE_NAMES = reservedFileNames();

    private Subjects() {}

    private static Set<String> reservedFileNames() {
        Set<String> names = new HashSet<>(Arrays.asList("NUL", "CON", "AUX", "PRN"));
        for (int port = 0; port <= 9; port++) {
            names.add("COM" + port);
            names.add("LPT" + port);
        }
        return names;
    }

    /** What keeps the text from being a subject filter. */
    public static @Nullable String filterProblem(String filter) {
        if (filter.isEmpty()) {
            return "The subject is empty.";
        }
        String subject = "The subject '" + printable(filter) + "' ";
        String[] tokens = filter.split("\\.", -1);
        for (int i = 0; i < tokens.length; i++) {
            String token = tokens[i];
            if (token.isEmpty()) {
                return subject + "has an empty token: write exactly one dot between tokens.";
            }
            if (!isPrintable(token)) {
                return subject + "contains white space or an unprintable character.";
            }
            if (token.contains("*") && token.length() > 1) {
                return subject
                        + "has a '*' inside a token: it is a wildcard only as a whole token, as in"
                        + " 'orders.*.created'.";
            }
            if (token.contains(">") && token.length() > 1) {
                return subject
                        + "has a '>' inside a token: it is a wildcard only as the whole last token,"
                        + " as in 'orders.>'.";
            }
            if (token.equals(">") && i < tokens.length - 1) {
                return subject + "has a '>' that is not the last token; write '*' for one token.";
            }
        }
        return null;
    }

    /** What keeps the text from being the subject of a message. */
    public static @Nullable String subjectProblem(String subject) {
        if (subject.startsWith("$JS.") || subject.startsWith("$SYS.")) {
            return "The subject '" + printable(subject) + "' is one of the server's own.";
        }
        if (isPlainSubject(subject)) {
            return null;
        }
        String problem = filterProblem(subject);
        if (problem == null && (subject.indexOf('*') >= 0 || subject.indexOf('>') >= 0)) {
            problem =
                    "The subject '"
                            + printable(subject)
                            + "' has a wildcard, and a message has one subject.";
        }
        return problem;
    }

    /** Quickly, for what subjects mostly are. */
    private static boolean isPlainSubject(String subject) {
        char before = '.';
        for (int i = 0; i < subject.length(); i++) {
            char c = subject.charAt(i);
            if (c <= ' ' || c > '~' || c == '*' || c == '>' || (c == '.' && before == '.')) {
                return false;
            }
            before = c;
        }
        return before != '.';
    }

    /**
     * What keeps a value from being a token of a subject.
     *
     * @param several whether it may be several tokens with dots between them
     */
    public static @Nullable String tokenProblem(@Nullable String value, boolean several) {
        if (value == null) {
            return "its value is NULL.";
        }
        String text = "its value '" + printable(value) + "' ";
        if (value.isEmpty()) {
            return text + "is empty.";
        }
        if (!isPrintable(value)) {
            return text + "contains white space or an unprintable character.";
        }
        if (value.indexOf('*') >= 0 || value.indexOf('>') >= 0) {
            return text + "contains a wildcard.";
        }
        if (!several && value.indexOf('.') >= 0) {
            return text + "contains a dot, which would make several tokens of it.";
        }
        return several && Arrays.asList(value.split("\\.", -1)).contains("")
                ? text + "has an empty token: dots stand between tokens, one at a time."
                : null;
    }

    /** What keeps the text from being the name of a stream. */
    public static @Nullable String streamNameProblem(String name) {
        return nameProblem("stream", name);
    }

    /** What keeps the text from being the name of a consumer. */
    public static @Nullable String consumerNameProblem(String name) {
        return nameProblem("consumer", name);
    }

    private static @Nullable String nameProblem(String kind, String name) {
        if (name.isEmpty()) {
            return "The " + kind + " name is empty.";
        }
        if (name.length() > MAX_NAME) {
            return "The "
                    + kind
                    + " name has "
                    + name.length()
                    + " characters; JetStream allows "
                    + MAX_NAME
                    + ".";
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (FORBIDDEN_IN_NAMES.indexOf(c) >= 0 || !isPrintable(c)) {
                return "The "
                        + kind
                        + " name '"
                        + printable(name)
                        + "' contains "
                        + describe(c)
                        + "; JetStream allows no white space, no unprintable characters and none of"
                        + " . * > / \\ in it.";
            }
        }
        return null;
    }

    /**
     * What JetStream recommends against in a valid stream name: it becomes the name of a directory
     * on the servers.
     */
    public static @Nullable String streamNameAdvice(String name) {
        String stream = "The stream name '" + name + "' ";
        if (name.length() > ADVISED_NAME) {
            return stream
                    + "has "
                    + name.length()
                    + " characters; at most "
                    + ADVISED_NAME
                    + " are recommended.";
        }
        if (RESERVED_FILE_NAMES.contains(name.toUpperCase(Locale.ROOT))) {
            return stream
                    + "is a reserved file name on some operating systems; another name is"
                    + " recommended.";
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isRecommended(name.charAt(i))) {
                return stream
                        + "contains "
                        + describe(name.charAt(i))
                        + "; letters, digits, '-' and '_' are recommended.";
            }
        }
        return null;
    }

    private static boolean isRecommended(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_';
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> isPrintable((char) c));
    }

    private static boolean isPrintable(char c) {
        switch (Character.getType(c)) {
            case Character.CONTROL:
            case Character.FORMAT:
            case Character.UNASSIGNED:
            case Character.PRIVATE_USE:
            case Character.SPACE_SEPARATOR:
            case Character.LINE_SEPARATOR:
            case Character.PARAGRAPH_SEPARATOR:
                return false;
            default:
                return true;
        }
    }

    private static String describe(char c) {
        if (c == ' ') {
            return "a space";
        }
        return isPrintable(c) ? "'" + c + "'" : String.format(Locale.ROOT, "U+%04X", (int) c);
    }

    /**
     * The text with everything unprintable but spaces written as its code, and not at any length.
     */
    private static String printable(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length() && i < LONGEST_QUOTE; i++) {
            char c = text.charAt(i);
            result.append(c == ' ' || isPrintable(c) ? String.valueOf(c) : describe(c));
        }
        return text.length() > LONGEST_QUOTE ? result.append('…').toString() : result.toString();
    }
}
