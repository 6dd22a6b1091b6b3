package dev.patronstream.sandbox.oracle;

import java.sql.Date;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A row of a source table, each cell read by what it means. */
final class Cells {

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\x{2028}\\x{2029}]+");
    private static final Pattern LONE_SURROGATES = Pattern.compile("\\p{Cs}");

    /** What has no shape of its own; joiners count only within the scripts and the emoji that need them. */
    private static final Pattern UNSEEN =
            Pattern.compile("[\\p{Cf}\\x{34F}\\x{115F}\\x{1160}\\x{3164}\\x{FFA0}&&[^\\x{200C}\\x{200D}]]"
                    + "|(?<![\\p{IsArabic}\\p{IsDevanagari}\\p{So}\\p{Cs}\\x{FE0F}\\p{Sk}])[\\x{200C}\\x{200D}]");

    private static final Pattern BLANKS_AROUND = Pattern.compile("^[\\p{Z}\\s\\x{2800}]+|[\\p{Z}\\s\\x{2800}]+$");

    private final Map<String, @Nullable Object> row;

    Cells(Map<String, @Nullable Object> row) {
        this.row = row;
    }

    /** The text without blanks around it, with control characters turned into blanks; empty for NULL. */
    String text(String column) {
        Object value = row.get(column);
        if (value == null) {
            return "";
        }
        String oneLine = CONTROLS.matcher(value.toString()).replaceAll(" ");
        String wellFormed = LONE_SURROGATES.matcher(oneLine).replaceAll("\uFFFD");
        return BLANKS_AROUND.matcher(UNSEEN.matcher(wellFormed).replaceAll("")).replaceAll("");
    }

    Optional<Integer> number(String column) {
        Object value = row.get(column);
        if (value instanceof Number number) {
            return Optional.of(number.intValue());
        }
        String text = text(column);
        return text.isEmpty() ? Optional.empty() : Optional.of(Integer.parseInt(text));
    }

    Optional<LocalDate> date(String column) {
        Object value = row.get(column);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Timestamp timestamp) {
            return Optional.of(timestamp.toLocalDateTime().toLocalDate());
        }
        if (value instanceof Date date) {
            return Optional.of(date.toLocalDate());
        }
        if (value instanceof LocalDateTime dateTime) {
            return Optional.of(dateTime.toLocalDate());
        }
        if (value instanceof LocalDate date) {
            return Optional.of(date);
        }
        return Optional.of(LocalDate.parse(text(column).substring(0, 10)));
    }

    /** {@code DEL = 1}; 0 and NULL are alive. */
    boolean isDeleted() {
        Object value = row.get("DEL");
        if (value instanceof Boolean bit) {
            return bit;
        }
        return value instanceof Number number
                ? number.intValue() == 1
                : text("DEL").equals("1");
    }
}
