package dev.patronstream.schemas;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A log sequence number of SQL Server: ten bytes that grow with the transaction log.
 *
 * <p>The text form is the one the connector and SQL Server's own tools print, {@code 00000027:00000758:0005} (virtual
 * log file, block, slot; lower-case hexadecimal). All texts have the same length, so their order is the order of the
 * log. LSNs of two incarnations of a database must never be compared. Immutable.
 *
 * @param text the text form
 * @see <a href="https://learn.microsoft.com/sql/relational-databases/sql-server-transaction-log-architecture-and-management-guide">Microsoft:
 *     transaction log architecture</a>
 */
public record Lsn(String text) implements Comparable<Lsn> {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{8}:[0-9a-f]{8}:[0-9a-f]{4}");
    private static final int BYTES = 10;

    /** Before every LSN of a log. */
    public static final Lsn NONE = new Lsn("00000000:00000000:0000");

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
