package dev.patronstream.cli.reconcile;

import dev.patronstream.snapshotter.layout.PatronFile;
import dev.patronstream.snapshotter.layout.PatronRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compares a file that is about to be sent with an export of Destiny's patrons. Stateless. */
public final class Reconciler {

    private Reconciler() {}

    /**
     * What was found.
     *
     * @param lines for people: counts and a few keys
     * @param details one line per patron and finding: key and finding; matches and additions are left out
     */
    public record Result(List<String> lines, List<String> details) {

        /** Copies the lists. */
        public Result {
            lines = List.copyOf(lines);
            details = List.copyOf(details);
        }
    }

    /**
     * Compares.
     *
     * @param export a CSV with a header row
     * @throws dev.patronstream.cli.screen.CommandFailedException if the export cannot be read
     */
    public static Result compare(PatronFile file, Path export) {
        Reconciliation reconciliation = new Reconciliation(DestinyExport.read(export));
        long rows = 0;
        for (PatronRow row : file) {
            rows++;
            reconciliation.add(row);
        }
        List<String> details = new ArrayList<>();
        reconciliation.findings().forEach((finding, keys) -> {
            if (finding != Finding.MATCHED && finding != Finding.NEW) {
                keys.forEach(key -> details.add(key + "," + finding.id()));
            }
        });
        return new Result(reconciliation.lines(rows), details);
    }
}
