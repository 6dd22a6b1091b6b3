package dev.patronstream.cli.explain;

import static dev.patronstream.cli.explain.TrickyFeed.at;

/** Names that have gone wrong in other systems, or could. */
final class TrickyNames {

    private TrickyNames() {}

    static void of(TrickyFeed feed) {
        feed.student("no last name", at(10, "LN", null));
        feed.student("a last name of blanks and a tab", at(10, "LN", " \t "));
        feed.student("one name only", at(10, "LN", "Suharto", "FN", null));
        feed.student("a comma", at(10, "LN", "Lee, Jr."));
        feed.student("an apostrophe", at(10, "LN", "O'Neil"));
        feed.student("quotation marks", at(10, "FN", "Ann \"Annie\""));
        feed.student("accents", at(10, "LN", "Núñez", "FN", "Zoë"));
        feed.student("an accent behind its letter (decomposed)", at(10, "LN", "Nu\u0301n\u0303ez"));
        feed.student("letters beyond western Europe", at(10, "LN", "Łukasz", "FN", "Šimić"));
        feed.student("an emoji", at(10, "FN", "Ann " + TrickyPeople.GRINNING));
        feed.student("blanks before the name", at(10, "LN", "  Lee"));
        feed.student("blanks behind the name (a CHAR column)", at(10, "LN", "Lee       "));
        feed.student("a line break inside", at(10, "LN", "Lee\r\nSmith"));
        feed.student("a tab inside and a line break behind", at(10, "FN", "Ann\tMarie\n"));
        feed.student("half an emoji, as when a column cut it", at(10, "LN", "Emoji\uD83D"));
        feed.student("a character lost on an earlier way", at(10, "LN", "Nu\uFFFDez"));
        feed.student("nothing but a lost character", at(10, "LN", "\uFFFD"));
        feed.student("a last name of a no-break space only", at(10, "LN", "\u00A0"));
        feed.student("a last name of a zero-width space only", at(10, "LN", "\u200B"));
        feed.student("a last name of an ideographic space only", at(10, "LN", "\u3000"));
        feed.student("no-break spaces inside and behind", at(10, "LN", "Lee\u00A0", "FN", "Ann\u00A0Marie"));
        feed.student("a zero-width space behind", at(10, "LN", "Lee\u200B"));
        feed.student("a byte order mark before", at(10, "LN", "\uFEFFLee"));
        feed.student("a soft hyphen inside", at(10, "LN", "Gonz\u00ADalez"));
        feed.student("overrides of direction", at(10, "FN", "\u202EnnA\u202C"));
        feed.student("a line separator inside", at(10, "LN", "Lee\u2028Smith"));
        feed.student("a C1 control inside", at(10, "LN", "Ren\u0082e"));
        feed.student("a joiner that Persian needs", at(10, "LN", "\u0639\u0644\u06CC\u200C\u067E\u0648\u0631"));
        feed.student("a joiner that Latin letters do not need", at(10, "LN", "Le\u200Ce"));
        feed.student("an emoji of three", at(10, "FN", "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67"));
        feed.student("TG is a zero-width space", at(10, "TG", "\u200B"));
        feed.student("TG is an asterisk and a no-break space", at(10, "TG", "*\u00A0", "NG", 6));
        feed.student("42 characters, as many as Destiny keeps", at(10, "LN", "x".repeat(42)));
        feed.student("43 characters", at(10, "LN", "x".repeat(43)));
        feed.student("the cut would tear an emoji", at(10, "LN", "x".repeat(41) + TrickyPeople.GRINNING + "y"));
        feed.student("would run as a formula in a spreadsheet", at(10, "LN", "=1+1"));
        feed.student("a preferred name beside the one of record", at(10, "FNA", "Alex", "LNA", "Lee"));
    }
}
