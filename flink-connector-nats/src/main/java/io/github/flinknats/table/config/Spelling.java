// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.flink.annotation.Internal;

/** Finds what was meant by a word that does not exist. */
@Internal
public final class Spelling {
    private static final int MOST = 3;

    private Spelling() {}

    /**
     * The words that are most like one that is not among them; at most three, none when nothing is
     * like it.
     */
    public static List<String> nearest(String word, Collection<String> words) {
        String wanted = plain(word);
        List<String> found = mistyped(wanted, words, 1);
        if (found.isEmpty()) {
            found = matching(words, one -> wanted.contains(".") && isLonger(plain(one), wanted));
        }
        if (found.isEmpty()) {
            found = mistyped(wanted, words, tolerance(wanted));
        }
        if (found.isEmpty()) {
            found = matching(words, one -> plain(one).endsWith("." + wanted));
        }
        if (found.isEmpty()) {
            found = matching(words, one -> isLonger(wanted, plain(one)));
        }
        return found.stream().sorted().limit(MOST).collect(Collectors.toList());
    }

    /** A question that names them. */
    static String question(List<String> words) {
        return "did you mean "
                + words.stream().map(one -> "'" + one + "'").collect(Collectors.joining(" or "))
                + "?";
    }

    /** Capitals and underscores do not make another word. */
    static String plain(String word) {
        return word.trim().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static int tolerance(String word) {
        return word.length() < 5 ? 1 : Math.max(2, word.length() / 4);
    }

    private static List<String> mistyped(String wanted, Collection<String> words, int tolerance) {
        int nearest = tolerance;
        List<String> found = new ArrayList<>();
        for (String word : words) {
            int distance = distance(wanted, plain(word));
            if (distance < nearest) {
                found.clear();
                nearest = distance;
            }
            if (distance == nearest) {
                found.add(word);
            }
        }
        return found;
    }

    private static List<String> matching(Collection<String> words, Predicate<String> like) {
        return words.stream().filter(like).collect(Collectors.toList());
    }

    private static boolean isLonger(String word, String begin) {
        return word.startsWith(begin + "-") || word.startsWith(begin + ".");
    }

    /** How many letters to add, leave out, change, or exchange with the next one. */
    static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        Arrays.setAll(last, column -> column);
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                boolean same = from.charAt(row - 1) == to.charAt(column - 1);
                int best = Math.min(last[column], current[column - 1]) + 1;
                best = Math.min(best, last[column - 1] + (same ? 0 : 1));
                if (row > 1
                        && column > 1
                        && from.charAt(row - 1) == to.charAt(column - 2)
                        && from.charAt(row - 2) == to.charAt(column - 1)) {
                    best = Math.min(best, beforeLast[column - 2] + 1);
                }
                current[column] = best;
            }
            beforeLast = last;
            last = current;
        }
        return last[to.length()];
    }
}
