package dev.patronstream.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void whatNobodySeesIsBlank() {
        for (int c : new int[] {
            ' ', 0, 0x1B, 0x7F, 0x85, 0xA0, 0xAD, 0x34F, 0x61C, 0x115F, 0x1680, 0x180E, 0x2003, 0x200B, 0x200C, 0x200D,
            0x200E, 0x2028, 0x2029, 0x202E, 0x202F, 0x205F, 0x2060, 0x2066, 0x2800, 0x3000, 0x3164, 0xD83D, 0xDE00,
            0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFC, 0xFFFE, 0xE0001, 0xE0041, 0x1D159, 0x1D173, 0x13441, 0x13442,
            0x16FE4
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

    /** Unicode names what has no glyph; hieroglyphs' joiners, symbols for such characters and punctuation are seen. */
    @Test
    void whatUnicodeCallsEmptyIsBlank() {
        Pattern empty = Pattern.compile(
                ".*\\b(FILLER|BLANK|NULL|INVISIBLE|ZERO WIDTH|(SUB|CON|NON-)?JOINER|SELECTOR|OBJECT REPLACEMENT)\\b.*");
        Pattern seen = Pattern.compile("SYMBOL FOR .*|BLANK SYMBOL|EGYPTIAN HIEROGLYPH .* JOINER");
        int found = 0;
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String name = String.valueOf(Character.getName(c));
            if (empty.matcher(name).matches()
                    && !seen.matcher(name).matches()
                    && Character.getType(c) != Character.OTHER_PUNCTUATION) {
                assertTrue(Text.isBlank(Character.toString(c)), name);
                found++;
            }
        }
        assertTrue(found > 200, "only " + found);
    }

    @Test
    void aMarkIsSeenWhereThereIsACharacterThatItIsOn() {
        for (String mark : new String[] {"\u0301", "\u0301\u0303", "\u20E3", "\u2D7F", "\uD804\uDC7F"}) {
            assertTrue(Text.isBlank(mark));
            assertTrue(Text.isBlank("\u200B " + mark));
            assertEquals("Lee", Text.strip(mark + "Lee"));
            assertEquals("Ann Lee", Text.withoutInvisible("Ann " + mark + "Lee"));
            assertEquals("Le" + mark, Text.strip("Le" + mark));
            assertEquals("L" + mark + "e", Text.withoutInvisible("L" + mark + "e"));
        }
    }

    @Test
    void theFirstCharacterThatIsNotSeenIsFound() {
        assertEquals(-1, Text.firstUnseen(""));
        assertEquals(-1, Text.firstUnseen("de la Cruz \uD83D\uDE00"));
        assertEquals(0, Text.firstUnseen("\u200BLee"));
        assertEquals(3, Text.firstUnseen("L e\u00A0\u200B"));
        assertEquals(3, Text.firstUnseen("\uD83D\uDE00 \t"));
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

    @Test
    void theFirstAndTheLastOfEveryRangeAreJudgedAsItsMiddle() {
        for (int hidden :
                new int[] {0x01, 0x1F, 0x7F, 0x80, 0x9F, 0xD800, 0xDFFF, 0xFDD0, 0xFDEF, 0x1FFFE, 0x1FFFF, 0x10FFFF}) {
            assertEquals(
                    "ab",
                    Text.printable("a" + Character.toString(hidden) + "b").replaceAll("[ \uFFFD]", ""),
                    Integer.toHexString(hidden));
        }
        // Unassigned, but neither a noncharacter nor ignorable: a letter of a Unicode to come.
        for (int shown : new int[] {0x20, 0x7E, 0xA1, 0x0378, 0xFFFD, 0x1FFFD}) {
            String text = "a" + Character.toString(shown) + "b";
            assertEquals(text, Text.withoutInvisible(text), Integer.toHexString(shown));
        }
        for (int selector : new int[] {0xFE00, 0xFE0F, 0xE0100, 0xE01EF}) {
            String seen = "\u2764" + Character.toString(selector);
            assertEquals(seen, Text.withoutInvisible(seen), Integer.toHexString(selector));
            assertEquals("a", Text.withoutInvisible("a" + Character.toString(selector)));
        }
        for (int selector : new int[] {0x180B, 0x180D, 0x180F}) {
            String seen = "\u182D" + Character.toString(selector);
            assertEquals(seen, Text.withoutInvisible(seen), Integer.toHexString(selector));
            assertEquals("a", Text.withoutInvisible("a" + Character.toString(selector)));
        }
        // A copyright sign is no emoji that a selector would change, and a half of a pair joins nothing.
        assertEquals("\u00A9", Text.withoutInvisible("\u00A9\uFE0F"));
        assertEquals("\uFFFD", Text.withoutInvisible("\uFFFD\uFE0F"));
        assertEquals("\u2764x", Text.withoutInvisible("\u2764\u200Dx"));
        assertEquals("\u0915", Text.withoutInvisible("\u0915\u200D"));
    }

    @Test
    void noSpreadsheetRunsACellAsAFormula() {
        for (String formula : new String[] {"=1+1", "+1", "-1", "@SUM(A1)"}) {
            assertEquals("'" + formula, Text.cell(formula));
            assertEquals("'" + formula, Text.cell("\u200B" + formula));
        }
        assertEquals("", Text.cell(""));
        assertEquals("Lee =", Text.cell("Lee\n="));
    }

    @Test
    void jsonShowsWhatIsInvisibleAsEscapes() {
        assertEquals("{\"a\":\t\"\\u202eLee\\u001b\"}\r\n", Text.escaped("{\"a\":\t\"\u202ELee\u001B\"}\r\n"));
        assertEquals("\\udb40\\udc01\uD83D\uDE00", Text.escaped("\uDB40\uDC01\uD83D\uDE00"));
        assertEquals("\\u2028\\u2029", Text.escaped("\u2028\u2029"));
    }

    @Test
    void aTextOfLinesKeepsItsLines() {
        assertEquals("one\ntwo\tthree four", Text.lines("one\r\ntwo\tthree\u2028four\u202E"));
    }

    @Test
    void namesAreAlikeByTheirLettersAlone() {
        assertEquals("nunezoneil2", Text.letters("N\u00FA\u00F1ez O\u2019Neil-2"));
        assertEquals("", Text.letters(" -"));
    }
}
