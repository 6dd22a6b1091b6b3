package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.PatronKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One row of the file: a header and a value for each column, empty text where there is none, and where site and status
 * are.
 */
public record PatronRow(PatronKind kind, int id, List<String> headers, List<String> values, int site, int status) {

    public String siteName() {
        return values.get(site);
    }

    public String statusCode() {
        return values.get(status);
    }

    /** Returns by header the values that are not empty. */
    public Map<String, String> filled() {
        Map<String, String> filled = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            if (!values.get(i).isEmpty()) {
                filled.put(headers.get(i), values.get(i));
            }
        }
        return filled;
    }
}
