// SPDX-License-Identifier: Apache-2.0
package io.github.flinknats.table.config;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;

/** Points in time as users write them. */
final class Timestamps {
    private static final int DATE_LENGTH = "2026-01-31".length();

    private Timestamps() {}

    /**
     * Reads ISO-8601 (a space is as good as the T, a date is its first moment) or milliseconds
     * since the epoch.
     *
     * @param zone of a time that carries none
     */
    static Instant parse(String text, ZoneId zone) {
        String time = text.trim();
        try {
            if (time.matches("[+-]?\\d+")) {
                return Instant.ofEpochMilli(Long.parseLong(time));
            }
            if (time.length() == DATE_LENGTH) {
                return LocalDate.parse(time).atStartOfDay(zone).toInstant();
            }
            TemporalAccessor moment =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(
                            withSeparator(time), ZonedDateTime::from, LocalDateTime::from);
            return moment instanceof ZonedDateTime
                    ? ((ZonedDateTime) moment).toInstant()
                    : LocalDateTime.from(moment).atZone(zone).toInstant();
        } catch (DateTimeException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' is not a point in time: write ISO-8601, such as"
                            + " '2026-01-31T09:30:00Z', or milliseconds since the epoch.",
                    e);
        }
    }

    private static String withSeparator(String time) {
        return time.length() > DATE_LENGTH && time.charAt(DATE_LENGTH) == ' '
                ? time.substring(0, DATE_LENGTH) + 'T' + time.substring(DATE_LENGTH + 1)
                : time;
    }
}
