package dev.patronstream.snapshotter.layout.free;

import dev.patronstream.schemas.PatronKind;
import java.util.List;
import java.util.Set;

/**
 * A file of a free layout, as configured.
 *
 * @param name its name at the vendor or within the zip; empty text where the destination names the only file
 * @param perSchool whether it has a row per school instead of one per patron
 * @param kinds the patrons that have a row
 * @param columns its columns, in order
 */
public record FreeFile(String name, boolean perSchool, Set<PatronKind> kinds, List<FreeColumn> columns) {

    /** Copies the collections. */
    public FreeFile {
        kinds = Set.copyOf(kinds);
        columns = List.copyOf(columns);
    }
}
