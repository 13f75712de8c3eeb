// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code docs/troubleshooting.md}, read strictly: below a heading of the third level come quoted
 * messages in backquotes, then what they mean, then a paragraph that begins with "Do:".
 */
final class Troubleshooting {
    static final Path FILE =
            Path.of(System.getProperty("project.root", "..")).resolve("docs/troubleshooting.md");

    private static final String FLINKS = "Flink: ";
    private static final Pattern QUOTED = Pattern.compile("(" + FLINKS + ")?`([^`]+)`");
    private static final Pattern BLANK = Pattern.compile("<[a-zA-Z][^<>]*>");

    private Troubleshooting() {}

    /** One message: its fixed pieces, between which something is filled in. */
    static final class Entry {
        final String title;
        final String text;
        final boolean ofFlink;
        final List<String> pieces;

        Entry(String title, String text, boolean ofFlink) {
            this.title = title;
            this.text = text;
            this.ofFlink = ofFlink;
            String whole = text.replaceAll("^… | ?…$", "");
            this.pieces =
                    Arrays.stream(BLANK.split(whole, -1))
                            .filter(piece -> !piece.isEmpty())
                            .collect(Collectors.toList());
        }

        /** Whether these pieces stand in it, in this order. */
        boolean holds(List<String> wanted) {
            int piece = 0;
            int from = 0;
            for (String text : wanted) {
                while (piece < pieces.size() && pieces.get(piece).indexOf(text, from) < 0) {
                    piece++;
                    from = 0;
                }
                if (piece == pieces.size()) {
                    return false;
                }
                from = pieces.get(piece).indexOf(text, from) + text.length();
            }
            return true;
        }

        /** Finds it with its blanks filled in, on one line. */
        Pattern asPattern() {
            return Pattern.compile(
                    pieces.stream().map(Pattern::quote).collect(Collectors.joining(".{0,200}?")));
        }

        @Override
        public String toString() {
            return "\"" + text + "\" of \"" + title + '"';
        }
    }

    static List<Entry> read() throws IOException {
        return parse(Files.readString(FILE));
    }

    /**
     * All messages.
     *
     * @throws IllegalArgumentException when the form is not kept
     */
    static List<Entry> parse(String markdown) {
        List<Entry> entries = new ArrayList<>();
        String[] parts = markdown.split("\n(?=##)");
        for (String part : parts) {
            if (part.startsWith("### ")) {
                entry(part, entries);
            } else if (part.contains("\n>")) {
                throw new IllegalArgumentException("A message without a heading in:\n" + part);
            }
        }
        return entries;
    }

    private static void entry(String part, List<Entry> entries) {
        String[] lines = part.split("\n");
        String title = lines[0].substring(4);
        int line = 1;
        StringBuilder quoted = new StringBuilder();
        while (line < lines.length && lines[line].startsWith(">")) {
            quoted.append(lines[line].substring(1).trim()).append(' ');
            line++;
        }
        String rest = "\n" + Arrays.stream(lines).skip(line).collect(Collectors.joining("\n"));
        Matcher messages = QUOTED.matcher(quoted);
        int count = 0;
        while (messages.find()) {
            entries.add(new Entry(title, messages.group(2), messages.group(1) != null));
            count++;
        }
        boolean nothingElse = QUOTED.matcher(quoted).replaceAll("").isBlank();
        if (count == 0 || !nothingElse || !rest.contains("\n\n**Do:** ") || rest.contains("\n>")) {
            throw new IllegalArgumentException(
                    "'" + title + "' is not: messages as quoted code, their meaning, '**Do:** …'");
        }
    }
}
