package dev.patronstream.snapshotter.layout.template;

import dev.patronstream.schemas.Text;

/** What is done to every text before it is judged. All methods are pure. */
public final class CellText {

    private CellText() {}

    public static boolean hasControls(String text) {
        return text.chars().anyMatch(Text::isControl);
    }

    /** Cuts to a number of characters (code points, so that no character is torn), without a blank at the end. */
    public static String cut(String text, int length) {
        return Text.strip(text.substring(0, text.offsetByCodePoints(0, length)));
    }

    public static boolean isLongerThan(String text, int length) {
        return text.length() > length && text.codePointCount(0, text.length()) > length;
    }
}
