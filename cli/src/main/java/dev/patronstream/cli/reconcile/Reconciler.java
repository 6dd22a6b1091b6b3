package dev.patronstream.cli.reconcile;

import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.reconcile.DestinyExport.Field;
import dev.patronstream.schemas.Keys;
import dev.patronstream.snapshotter.layout.PatronFile;
import dev.patronstream.snapshotter.layout.PatronRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares the rows of a file with what Destiny holds, before the first of them is sent. Only what the export has a
 * column for is compared, and only values that the file would send: a blank leaves Destiny's alone. Not thread-safe.
 */
public final class Reconciler {

    private static final int SAMPLES = 5;

    private final DestinyExport export;
    private final Map<String, List<DestinyExport.Patron>> byDistrictId = new HashMap<>();
    private final Map<String, DestinyExport.Patron> byBarcode = new HashMap<>();
    private final Map<Finding, List<String>> found = new EnumMap<>(Finding.class);
    private final Set<DestinyExport.Patron> met = new HashSet<>();
    private final Map<Field, Map<String, Integer>> unknownValues = new EnumMap<>(Field.class);
    private final Map<Field, Set<String>> knownValues = new EnumMap<>(Field.class);

    /**
     * What was found.
     *
     * @param lines for people: counts and a few keys
     * @param details one line per patron and finding: key and finding; matches and additions are left out
     */
    public record Result(List<String> lines, List<String> details) {}

    private Reconciler(DestinyExport export) {
        this.export = export;
        for (DestinyExport.Patron patron : export.patrons()) {
            byDistrictId
                    .computeIfAbsent(patron.get(Field.DISTRICT_ID), id -> new ArrayList<>(1))
                    .add(patron);
            byBarcode.putIfAbsent(patron.get(Field.BARCODE), patron);
            for (Field field : List.of(Field.SITE, Field.PATRON_TYPE, Field.HOMEROOM)) {
                knownValues.computeIfAbsent(field, f -> new TreeSet<>()).add(patron.get(field));
            }
        }
        byDistrictId.remove("");
        byBarcode.remove("");
    }

    /**
     * Reads an export, for one comparison.
     *
     * @param export a CSV with a header row
     * @throws dev.patronstream.cli.screen.CommandFailedException if the export cannot be read
     */
    public static Reconciler with(Path export) {
        return new Reconciler(DestinyExport.read(export));
    }

    /** Compares a file that is about to be sent with the export. */
    public Result compare(PatronFile file) {
        long rows = 0;
        for (PatronRow row : file) {
            rows++;
            add(row);
        }
        List<String> details = new ArrayList<>();
        found.forEach((finding, keys) -> {
            if (finding != Finding.MATCHED && finding != Finding.NEW) {
                keys.forEach(key -> details.add(key + "," + AvroJson.word(finding)));
            }
        });
        return new Result(lines(rows), details);
    }

    private void add(PatronRow row) {
        Map<String, String> values = row.filled();
        String key = Keys.person(row.kind(), row.id());
        for (Field field : List.of(Field.SITE, Field.PATRON_TYPE, Field.HOMEROOM)) {
            String value = values.getOrDefault(field.header(), "");
            if (export.columns().contains(field)
                    && !value.isEmpty()
                    && !knownValues.getOrDefault(field, Set.of()).contains(value)) {
                unknownValues.computeIfAbsent(field, f -> new TreeMap<>()).merge(value, 1, Integer::sum);
            }
        }
        String barcode = values.getOrDefault(Field.BARCODE.header(), "");
        DestinyExport.Patron owner = byBarcode.get(barcode);
        List<DestinyExport.Patron> same =
                byDistrictId.getOrDefault(values.getOrDefault(Field.DISTRICT_ID.header(), ""), List.of());
        if (same.isEmpty()) {
            note(owner == null ? Finding.NEW : Finding.ONLY_BY_BARCODE, key);
            if (owner != null) {
                met.add(owner);
            }
            return;
        }
        note(same.size() == 1 ? Finding.MATCHED : Finding.SEVERAL_IN_DESTINY, key);
        met.addAll(same);
        compare(key, values, same.get(0));
        if (owner != null && !same.contains(owner)) {
            note(Finding.BARCODE_TAKEN, key);
        }
    }

    private void compare(String key, Map<String, String> values, DestinyExport.Patron patron) {
        noteIf(differs(Field.SITE, values, patron), Finding.TRANSFERRED, key);
        noteIf(differs(Field.BARCODE, values, patron), Finding.BARCODE_CHANGES, key);
        noteIf(differs(Field.USER_NAME, values, patron), Finding.USER_NAME_CHANGES, key);
        noteIf(
                differs(Field.LAST_NAME, values, patron) || differs(Field.FIRST_NAME, values, patron),
                Finding.NAME_CHANGES,
                key);
        noteIf(differs(Field.PATRON_TYPE, values, patron), Finding.TYPE_CHANGES, key);
        if (export.columns().contains(Field.STATUS)) {
            boolean activeThere = patron.get(Field.STATUS).regionMatches(true, 0, "A", 0, 1);
            boolean activeHere = values.getOrDefault(Field.STATUS.header(), "").equals("A");
            noteIf(!activeThere && activeHere, Finding.REACTIVATED, key);
            noteIf(activeThere && !activeHere, Finding.INACTIVATED, key);
        }
    }

    private boolean differs(Field field, Map<String, String> values, DestinyExport.Patron patron) {
        String sent = values.getOrDefault(field.header(), "");
        return export.columns().contains(field) && !sent.isEmpty() && !sent.equals(patron.get(field));
    }

    private void noteIf(boolean whether, Finding finding, String key) {
        if (whether) {
            note(finding, key);
        }
    }

    private void note(Finding finding, String key) {
        found.computeIfAbsent(finding, f -> new ArrayList<>()).add(key);
    }

    /** Says it in lines: counts, and the first few keys of each finding; no private value. */
    private List<String> lines(long rows) {
        List<String> lines = new ArrayList<>();
        lines.add(rows + " patrons in the file, " + export.patrons().size() + " in Destiny's export");
        long without = export.patrons().stream()
                .filter(patron -> patron.get(Field.DISTRICT_ID).isEmpty())
                .count();
        if (without == export.patrons().size()) {
            lines.add("WARNING: no patron of the export has a District ID, so no one can be matched as Destiny's import"
                    + " does it. Export with the District IDs, or enter them in Destiny first");
        } else if (without > 0) {
            lines.add(
                    "  %6d  of Destiny's patrons have no District ID: the import cannot match them".formatted(without));
        }
        for (Finding finding : Finding.values()) {
            List<String> keys = found.getOrDefault(finding, List.of());
            long count = finding == Finding.NOT_IN_FILE
                    ? export.patrons().stream()
                            .filter(patron -> !met.contains(patron))
                            .count()
                    : keys.size();
            if (count > 0 || finding == Finding.MATCHED) {
                lines.add("  %6d  %s".formatted(count, finding.words));
            }
            if (!keys.isEmpty() && finding != Finding.MATCHED && finding != Finding.NEW) {
                lines.add("          " + String.join(", ", keys.subList(0, Math.min(SAMPLES, keys.size())))
                        + (keys.size() > SAMPLES ? ", ..." : ""));
            }
        }
        addUnknown(Field.SITE, "Sites that nobody in Destiny has: their rows fail unless the site exists there", lines);
        addUnknown(Field.PATRON_TYPE, "Patron types that Destiny would create", lines);
        addUnknown(Field.HOMEROOM, "Homerooms that Destiny would create", lines);
        List<String> missing = Stream.of(Field.values())
                .filter(field -> !export.columns().contains(field))
                .map(Field::header)
                .toList();
        if (!missing.isEmpty()) {
            lines.add("Not compared, since the export has no such column: " + String.join(", ", missing));
        }
        return lines;
    }

    private void addUnknown(Field field, String words, List<String> lines) {
        Map<String, Integer> unknown = unknownValues.getOrDefault(field, Map.of());
        if (!unknown.isEmpty()) {
            lines.add(words + ":");
            unknown.forEach((value, count) -> lines.add("  %6d  %s".formatted(count, value)));
        }
    }
}
