package dev.patronstream.snapshotter.layout.free;

import dev.patronstream.schemas.PatronKind;
import java.util.List;
import java.util.Set;

/**
 * A file of a free layout, as configured; without a name where the destination names the only file.
 *
 * @param perSchool whether it has a row per school instead of one per patron
 */
public record FreeFile(String name, boolean perSchool, Set<PatronKind> kinds, List<FreeColumn> columns) {

    public FreeFile {
        kinds = Set.copyOf(kinds);
        columns = List.copyOf(columns);
    }
}
