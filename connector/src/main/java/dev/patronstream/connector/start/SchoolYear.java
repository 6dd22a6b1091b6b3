package dev.patronstream.connector.start;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The school year that a database's name says: the two digits after {@code DST} are the year in which it begins, so
 * {@code DST26000EAGLE} is 2026-27.
 */
public final class SchoolYear {

    private static final Pattern DATABASE_NAME = Pattern.compile("DST(\\d\\d)\\d{3}\\D.*", Pattern.CASE_INSENSITIVE);

    private SchoolYear() {}

    /** Returns the year in which the database's school year begins; empty if the name does not say it. */
    public static OptionalInt of(String database) {
        Matcher name = DATABASE_NAME.matcher(database);
        return name.matches() ? OptionalInt.of(2000 + Integer.parseInt(name.group(1))) : OptionalInt.empty();
    }

    /** Returns a school year as people write it: {@code 2026-27}. */
    public static String span(int begins) {
        return begins + "-" + "%02d".formatted((begins + 1) % 100);
    }
}
