package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.PatronKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One row of the file.
 *
 * @param kind student or staff member
 * @param id the person's ID
 * @param headers header of each column
 * @param values value of each column; empty text where there is none
 * @param site position of the site
 * @param status position of the status
 */
public record PatronRow(PatronKind kind, int id, List<String> headers, List<String> values, int site, int status) {

    /** Returns the site short name. */
    public String siteName() {
        return values.get(site);
    }

    /** Returns the status as the vendor gets it. */
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
