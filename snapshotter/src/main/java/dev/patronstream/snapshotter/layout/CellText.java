package dev.patronstream.snapshotter.layout;

import java.util.regex.Pattern;

/** What is done to every text before it is judged. All methods are pure. */
final class CellText {

    /** Control characters, and the two line ends of Unicode that are not among them. */
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}]+");

    private CellText() {}

    static boolean hasControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isControl(char c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }

    private static boolean isBlankOrControl(char c) {
        return isControl(c) || Character.isWhitespace(c);
    }

    /** Puts one space in the place of each run of control characters. */
    static String withoutControls(String text) {
        return CONTROLS.matcher(text).replaceAll(" ");
    }

    /** Takes blanks and control characters off both ends. */
    static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlankOrControl(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlankOrControl(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** Cuts to a number of characters (code points, so that no character is torn), without a blank at the end. */
    static String cut(String text, int length) {
        return text.substring(0, text.offsetByCodePoints(0, length)).strip();
    }

    static boolean isLongerThan(String text, int length) {
        return text.length() > length && text.codePointCount(0, text.length()) > length;
    }
}
