package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A value of staff that follows from one column of STF, like the patron type from the position status.
 *
 * @param column name of the STF column in upper case, captured anyway like {@code PS}, or the district's own like {@code TI}
 * @param values by what stands in the column (trimmed): the value
 * @param otherwise the value for everything that is not named; empty for a blank one
 */
public record StaffColumnMap(String column, Map<String, String> values, String otherwise) {

    public StaffColumnMap {
        values = Map.copyOf(values);
    }

    /** Returns the field or own column that it reads. */
    String field() {
        return known().map(PatronField::id).orElse("STF." + column);
    }

    private Optional<PatronField> known() {
        return PatronField.ofColumn("STF." + column);
    }

    String source() {
        return "STF." + column + " by the configured map";
    }

    /** Adds what is wrong with the values. */
    void check(String path, List<SettingProblem> problems, Function<String, Optional<String>> complaint) {
        complaint.apply(otherwise).ifPresent(wrong -> problems.add(new SettingProblem(path + ".otherwise", wrong)));
        new TreeMap<>(values).forEach((from, to) -> complaint
                .apply(to)
                .ifPresent(wrong -> problems.add(new SettingProblem(path + ".map." + from, wrong))));
    }

    String of(FeedEntry staffMember) {
        Optional<String> source = known().map(field -> field.text(staffMember))
                .orElseGet(() -> Optional.ofNullable(staffMember.getExtra().get(column)));
        return source.map(Text::strip).map(values::get).orElse(otherwise);
    }
}
