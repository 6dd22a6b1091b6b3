package dev.patronstream.snapshotter.layout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes {@code patronimport.properties}, which tells Destiny what each column of the CSV means.
 *
 * <p>Has the form and the keys of the machine-generated files that districts publish, and no other key. Comments stand
 * between the two markers only, as those files ask. The same columns give the same bytes: no date, no time.
 */
final class PatronImportProperties {

    private static final String LINE_END = "\n";

    private static final List<String> COMMENTS = List.of(
            "#COMMENTS_BEGIN",
            "# Describes the columns of the patron file that is delivered beside this file.",
            "# Upload it by hand in Destiny where the patron update job is set up, once now and",
            "# again whenever its columns change: Destiny does not fetch it with each file.",
            "# Set the same text encoding there, and match by District ID.",
            "#COMMENTS_END");

    private PatronImportProperties() {}

    static byte[] of(Layout layout) {
        return (text(COMMENTS) + withoutComments(layout)).getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the file without its comments: what a job that has it does with the columns. */
    static String withoutComments(Layout layout) {
        return text(entries(layout));
    }

    private static List<String> entries(Layout layout) {
        List<String> lines = new ArrayList<>(List.of(
                "SiteShortNameDefault=",
                "CsvTextEncoding=" + layout.encodingName(),
                "MatchUsingDistrictID=true",
                "InputRowsToSkip=" + (layout.hasHeader() ? 1 : 0),
                "SkipMode=and",
                "SkipMax=100",
                "UpdateBeforeDelete=false",
                "DeleteMode=and",
                "DeleteMax=100",
                "AssociationMode=and",
                "AssociationMax=100"));
        int number = 0;
        for (Column column : layout.columns()) {
            number++;
            String form = Layout.DATE_KEYS.contains(column.key()) ? ",date," + Layout.DATE_FORM : "";
            lines.add(column.key() + "={" + number + form + (column.treatment().omit() ? ",omit}" : "}"));
        }
        lines.add("field_type_total=" + number);
        return lines;
    }

    private static String text(List<String> lines) {
        return String.join(LINE_END, lines) + LINE_END;
    }
}
