package dev.patronstream.schemas;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is blank and what is invisible in a text, for every value of the database and of the configuration. All methods
 * are pure.
 *
 * <p>Blank is what Unicode calls White_Space, and the empty Braille cell. Invisible is a control character that is not
 * blank, a format character (Cf) or default-ignorable code point, an accent or other mark with no character before it, a
 * filler or placeholder of a script, a noncharacter, and half a surrogate pair. Joiners and variation selectors are
 * visible where a script or an emoji needs them: between two letters of such a script, behind a symbol.
 *
 * @see <a href="https://www.unicode.org/reports/tr44/">Unicode Character Database</a>
 */
public final class Text {

    /** Stands where a character was lost: no database and no keyboard means it. */
    public static final char REPLACEMENT = '\uFFFD';

    /** Format characters that are seen: number signs of Arabic, Syriac and Kaithi (Prepended_Concatenation_Mark). */
    private static final String SEEN_FORMATS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06DD\u070F\u0890\u0891\u08E2";

    /**
     * Default_Ignorable_Code_Point, which Java does not know, and characters of other kinds without a glyph: the object
     * replacement character, the fillers of Khitan and of hieroglyphs, the null notehead.
     */
    private static final Pattern IGNORABLE = Pattern.compile("[\\x{AD}\\x{34F}\\x{61C}\\x{115F}\\x{1160}"
            + "\\x{17B4}\\x{17B5}\\x{180B}-\\x{180F}\\x{200B}-\\x{200F}\\x{202A}-\\x{202E}\\x{2060}-\\x{206F}"
            + "\\x{3164}\\x{FE00}-\\x{FE0F}\\x{FEFF}\\x{FFA0}\\x{FFF0}-\\x{FFF8}\\x{FFFC}\\x{13441}\\x{13442}"
            + "\\x{16FE4}\\x{1BCA0}-\\x{1BCA3}\\x{1D159}\\x{1D173}-\\x{1D17A}\\x{E0000}-\\x{E0FFF}]");

    /** Scripts whose letters change their form, or mean something else, by a joiner between them. */
    private static final Set<UnicodeScript> JOINED = EnumSet.of(
            UnicodeScript.ARABIC,
            UnicodeScript.SYRIAC,
            UnicodeScript.NKO,
            UnicodeScript.MANDAIC,
            UnicodeScript.MONGOLIAN,
            UnicodeScript.DEVANAGARI,
            UnicodeScript.BENGALI,
            UnicodeScript.GURMUKHI,
            UnicodeScript.GUJARATI,
            UnicodeScript.ORIYA,
            UnicodeScript.TAMIL,
            UnicodeScript.TELUGU,
            UnicodeScript.KANNADA,
            UnicodeScript.MALAYALAM,
            UnicodeScript.SINHALA,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR,
            UnicodeScript.TIBETAN);

    private Text() {}

    /** Whether nothing of the text is seen. */
    public static boolean isBlank(String text) {
        return firstSeen(text) == text.length();
    }

    private static int firstSeen(String text) {
        int first = 0;
        while (first < text.length() && isUnseen(text, first)) {
            first += Character.charCount(text.codePointAt(first));
        }
        return first;
    }

    /** Returns the text without what is blank or invisible before and behind it. */
    public static String strip(String text) {
        int from = firstSeen(text);
        int to = text.length();
        while (to > from && isUnseen(text, text.offsetByCodePoints(to, -1))) {
            to = text.offsetByCodePoints(to, -1);
        }
        return text.substring(from, to);
    }

    /** Returns where the first character stands that is not seen and is no usual blank either; -1 for none. */
    public static int firstUnseen(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (text.charAt(i) != ' ' && isUnseen(text, i)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the text without what is invisible in it; blanks, tabs and line ends stay. */
    public static String withoutInvisible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!isInvisible(text, i)) {
                visible.appendCodePoint(text.codePointAt(i));
            }
        }
        return visible.toString();
    }

    /** Returns the text with a replacement character for each half of a surrogate pair: what UTF-8 can carry. */
    public static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isHalf(text.charAt(i))) {
                return text.codePoints()
                        .map(c -> isHalf(c) ? REPLACEMENT : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }

    /** Returns the text in its lines, which no terminal, page or log takes for anything but text. */
    public static String lines(String text) {
        return withoutInvisible(
                NOT_IN_LINES.matcher(wellFormed(text.replace("\r\n", "\n"))).replaceAll(" "));
    }

    /** Returns the text in one line that no spreadsheet runs as a formula (OWASP, "CSV injection"). */
    public static String cell(String text) {
        String line = printable(text);
        return !line.isEmpty() && "=+-@".indexOf(line.charAt(0)) >= 0 ? "'" + line : line;
    }

    /** Returns JSON whose texts show what is invisible in them as escapes. */
    public static String escaped(String json) {
        StringBuilder escaped = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i += Character.charCount(json.codePointAt(i))) {
            int c = json.codePointAt(i);
            boolean seen = c == '\n' || c == '\r' || c == '\t' || !(isControl(c) || isInvisible(json, i));
            String character = Character.toString(c);
            escaped.append(
                    seen
                            ? character
                            : character.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining()));
        }
        return escaped.toString();
    }

    /** Returns the text in one line that no terminal, page, header or log takes for anything but text. */
    public static String printable(String text) {
        return withoutInvisible(CONTROLS.matcher(wellFormed(text)).replaceAll(" "));
    }

    /** Returns only the letters and digits, in lower case and without accents: to tell whether two names are alike. */
    public static String letters(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{Nd}]", "");
    }

    /** Whether the character ends a line, moves a cursor or is another control character. */
    public static boolean isControl(int c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }

    /** Control characters, and the two line ends of Unicode that are not among them. */
    public static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}]+");

    private static final Pattern NOT_IN_LINES =
            Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}&&[^\n\t]]+");

    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static boolean isUnseen(String text, int at) {
        int c = text.codePointAt(at);
        return isSpace(c) || isControl(c) || isInvisible(text, at);
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085' || c == '\u2800';
    }

    private static boolean isInvisible(String text, int at) {
        int c = text.codePointAt(at);
        if (c < 0x7F || isSpace(c)) {
            return c < ' ' && !Character.isWhitespace(c);
        }
        boolean hidden =
                switch (Character.getType(c)) {
                    case Character.CONTROL, Character.SURROGATE -> true;
                    case Character.FORMAT ->
                        c > 0xFFFF
                                ? c != 0x110BD && c != 0x110CD && !(c >= 0x13430 && c <= 0x1343F)
                                : SEEN_FORMATS.indexOf(c) < 0;
                    case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> standsAlone(text, at) || ignorable(c);
                    case Character.UNASSIGNED -> (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF) || ignorable(c);
                    default -> ignorable(c);
                };
        return hidden && !isNeeded(text, at, c);
    }

    /** Whether there is nothing before a mark that it could be on. */
    private static boolean standsAlone(String text, int at) {
        int from = at;
        while (from > 0 && isMark(text.codePointBefore(from))) {
            from = text.offsetByCodePoints(from, -1);
        }
        return from == 0 || isUnseen(text, text.offsetByCodePoints(from, -1));
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    private static boolean ignorable(int c) {
        return IGNORABLE.matcher(Character.toString(c)).matches();
    }

    /** Whether a joiner or a selector does something to what stands beside it. */
    private static boolean isNeeded(String text, int at, int c) {
        if (at == 0) {
            return false;
        }
        int before = text.codePointBefore(at);
        int next = at + Character.charCount(c);
        int after = next < text.length() ? text.codePointAt(next) : ' ';
        if (c == '\u200D' && (isSymbol(before) || isSelector(before))) {
            return isSymbol(after);
        }
        if (c == '\u200C' || c == '\u200D') {
            return isJoined(before) && isJoined(after);
        }
        if (isSelector(c)) {
            return isSymbol(before) || Character.isIdeographic(before) || (c == '\uFE0F' && after == '\u20E3');
        }
        return c >= 0x180B && c <= 0x180F && UnicodeScript.of(before) == UnicodeScript.MONGOLIAN;
    }

    private static boolean isSelector(int c) {
        return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
    }

    private static boolean isJoined(int c) {
        return JOINED.contains(UnicodeScript.of(c))
                || (Character.getType(c) == Character.NON_SPACING_MARK
                        && UnicodeScript.of(c) == UnicodeScript.INHERITED);
    }

    private static boolean isSymbol(int c) {
        int type = Character.getType(c);
        return c > 0xFF
                && c != REPLACEMENT
                && (type == Character.OTHER_SYMBOL
                        || type == Character.MODIFIER_SYMBOL
                        || type == Character.MATH_SYMBOL);
    }
}
