package dev.patronstream.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void whatNobodySeesIsBlank() {
        for (int c : new int[] {
            ' ', 0, 0x1B, 0x7F, 0x85, 0xA0, 0xAD, 0x34F, 0x61C, 0x115F, 0x1680, 0x180E, 0x2003, 0x200B, 0x200C, 0x200D,
            0x200E, 0x2028, 0x2029, 0x202E, 0x202F, 0x205F, 0x2060, 0x2066, 0x2800, 0x3000, 0x3164, 0xD83D, 0xDE00,
            0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFE, 0xE0001, 0xE0041, 0x1D173
        }) {
            String text = Character.toString(c);
            assertTrue(Text.isBlank(text), () -> Integer.toHexString(c));
            assertEquals("Lee", Text.strip(text + "Lee" + text), () -> Integer.toHexString(c));
            assertEquals("Lee", Text.strip(text + " Lee " + text), () -> Integer.toHexString(c));
        }
        assertTrue(Text.isBlank(""));
        assertFalse(Text.isBlank("\u200B.\u200B"));
    }

    @Test
    void everyFormatCharacterIsInvisibleUnlessItIsSeen() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (Character.getType(c) == Character.FORMAT) {
                boolean seen = (c >= 0x600 && c <= 0x605)
                        || c == 0x6DD
                        || c == 0x70F
                        || c == 0x890
                        || c == 0x891
                        || c == 0x8E2
                        || c == 0x110BD
                        || c == 0x110CD
                        || (c >= 0x13430 && c <= 0x1343F);
                assertEquals(!seen, Text.isBlank(Character.toString(c)), Integer.toHexString(c));
                assertEquals(seen ? 3 : 2, length(Text.withoutInvisible("a" + Character.toString(c) + "b")));
            }
        }
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    @Test
    void joinersStayWhereAScriptOrAnEmojiNeedsThem() {
        for (String text : new String[] {
            "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", // Persian: a prefix that does not join
            "\u0915\u094D\u200D\u0937", // Devanagari: a half form
            "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67", // a family
            "\uD83D\uDC69\uD83C\uDFFD\u200D\u2695\uFE0F", // a doctor
            "\u2764\uFE0F",
            "1\uFE0F\u20E3",
            "\u845B\uDB40\uDD00", // an ideograph and its variant
            "\u182D\u180B",
            "Nu\u0301n\u0303ez",
            "Ann\u00A0Marie"
        }) {
            assertEquals(text, Text.withoutInvisible(text));
            assertEquals(text, Text.strip(" " + text + "\u200D"));
        }
        assertEquals("Lee", Text.withoutInvisible("L\u200Ce\u200De\uFE0F"));
        assertEquals("Lee\t\u00A0\r\n", Text.withoutInvisible("\u202ELee\t\u00A0\r\n\u202C"));
    }

    @Test
    void halfACharacterIsReplacedVisibly() {
        assertEquals("Emoji\uFFFD", Text.wellFormed("Emoji\uD83D"));
        assertEquals("Low\uFFFDx", Text.wellFormed("Low\uDE00x"));
        assertEquals("\uD83D\uDE00", Text.wellFormed("\uD83D\uDE00"));
        assertEquals("Low\uFFFDx [31m", Text.printable("Low\uDE00x\u001B[31m\u202E"));
    }
}
