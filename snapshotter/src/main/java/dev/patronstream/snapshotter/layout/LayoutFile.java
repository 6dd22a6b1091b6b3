package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.PatronKind;
import java.util.List;
import java.util.Set;

/**
 * One file of a layout.
 *
 * @param name its name at the vendor or within the zip; empty text where the destination names it
 * @param perSchool whether it has a row per school instead of one per patron
 * @param kinds the patrons that have a row
 * @param columns positions of its columns among those of the layout
 * @param titles what the first row says; empty for none
 */
public record LayoutFile(
        String name, boolean perSchool, Set<PatronKind> kinds, List<Integer> columns, List<String> titles) {

    public LayoutFile {
        kinds = Set.copyOf(kinds);
        columns = List.copyOf(columns);
        titles = List.copyOf(titles);
    }
}
