package dev.patronstream.schemas;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A log sequence number of SQL Server: ten bytes that grow with the transaction log.
 *
 * <p>The text form is the one the connector and SQL Server's own tools print, {@code 00000027:00000758:0005} (virtual
 * log file, block, slot; lower-case hexadecimal). All texts have the same length, so their order is the order of the
 * log. LSNs of two incarnations of a database must never be compared. Immutable.
 *
 * <p>Where the tables are polled there is no log: a time of reading takes the place of an LSN, in the same form, after
 * every LSN of a log. Times of reading have an incarnation of their own, so they too are never compared with LSNs.
 *
 * @param text the text form
 * @see <a href="https://learn.microsoft.com/sql/relational-databases/sql-server-transaction-log-architecture-and-management-guide">Microsoft:
 *     transaction log architecture</a>
 */
public record Lsn(String text) implements Comparable<Lsn> {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{8}:[0-9a-f]{8}:[0-9a-f]{4}");
    private static final int BYTES = 10;

    /** No log has a virtual log file of this number. */
    private static final String READING = "ffffffff";

    private static final int READING_BEGINS = READING.length() + 1;

    /** Before every LSN of a log. */
    public static final Lsn NONE = new Lsn("00000000:00000000:0000");

    /** Before every time of reading. */
    public static final Lsn NOT_READ = ofReading(Instant.EPOCH);

    /** Checks the form. */
    public Lsn {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an LSN; expected a form like 00000027:00000758:0005");
        }
    }

    /** Returns the LSN of ten bytes as SQL Server sends them ({@code binary(10)}). */
    public static Lsn of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("An LSN has 10 bytes, got " + bytes.length);
        }
        HexFormat hex = HexFormat.of();
        return new Lsn(
                hex.formatHex(bytes, 0, 4) + ":" + hex.formatHex(bytes, 4, 8) + ":" + hex.formatHex(bytes, 8, BYTES));
    }

    /** Returns what stands for a time of reading, to the millisecond. */
    public static Lsn ofReading(Instant readAt) {
        String millis = String.format(Locale.ROOT, "%012x", readAt.toEpochMilli());
        return new Lsn(READING + ":" + millis.substring(0, 8) + ":" + millis.substring(8));
    }

    /** Returns the time of reading that this stands for; empty for an LSN of a log. */
    public Optional<Instant> readAt() {
        return text.startsWith(READING)
                ? Optional.of(Instant.ofEpochMilli(
                        Long.parseLong(text.substring(READING_BEGINS).replace(":", ""), 16)))
                : Optional.empty();
    }

    /** Returns the LSN, or the time of reading, for people. */
    public String inWords() {
        return equals(NOT_READ)
                ? "not read yet"
                : readAt().map(time -> "read at " + time).orElse(text);
    }

    /** Returns a watermark for people, whatever form it has. */
    public static String inWords(String watermark) {
        return watermark.startsWith(READING) ? new Lsn(watermark).inWords() : watermark;
    }

    /** Returns the ten bytes as SQL Server expects them ({@code binary(10)}). */
    public byte[] bytes() {
        return HexFormat.of().parseHex(text.replace(":", ""));
    }

    /** Whether this LSN is later in the log than the other. */
    public boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
