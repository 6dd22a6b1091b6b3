package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Text;
import java.util.Map;
import java.util.Optional;

/**
 * A value of staff that follows from one column of STF, like the patron type from the position status.
 *
 * @param column name of the STF column in upper case: {@code PS}, or one of the district's own columns
 * @param values by what stands in the column (trimmed): the value
 * @param otherwise the value for everything that is not named; empty for a blank one
 */
public record StaffColumnMap(String column, Map<String, String> values, String otherwise) {

    static final String POSITION_STATUS = "PS";

    /** Copies the map. */
    public StaffColumnMap {
        values = Map.copyOf(values);
    }

    String source() {
        return "STF." + column + " by the configured map";
    }

    String of(FeedEntry staffMember) {
        Optional<String> source = column.equals(POSITION_STATUS)
                ? staffMember.getPrimary().getPositionStatus()
                : Optional.ofNullable(staffMember.getExtra().get(column));
        return source.map(Text::strip).map(values::get).orElse(otherwise);
    }
}
