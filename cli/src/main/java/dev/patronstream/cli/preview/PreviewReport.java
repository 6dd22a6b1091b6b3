package dev.patronstream.cli.preview;

import dev.patronstream.cli.preview.Movement.Gone;
import dev.patronstream.cli.preview.Movement.There;
import dev.patronstream.cli.screen.TextTable;
import dev.patronstream.connector.asof.CurrentRows;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.snapshotter.cut.FeedCutter.Cut;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What people read of a preview: counts per school, and the keys of those who move, come and leave. */
public final class PreviewReport {

    private static final int NO_SCHOOL = Integer.MAX_VALUE;

    private final Map<Integer, SchoolCounts> schools = new TreeMap<>();
    private final Map<Gone, Long> gone = new EnumMap<>(Gone.class);
    private final List<Movement> movements = new ArrayList<>();
    private final Map<Integer, School> names;
    private final FeedSelection selection;
    private final long enrolled;
    private final long unreadable;

    /** Holds a cut of the feed against the rows of another database. */
    public PreviewReport(FeedSelection selection, Cut cut, CurrentRows rows) {
        this.selection = selection;
        this.names = rows.schools();
        selection.schools().forEach(code -> schools.put(code, SchoolCounts.NOBODY));
        FeedPreview preview = new FeedPreview(selection, cut, this::count);
        preview.read(rows, cut.epoch().getBusinessDate());
        this.enrolled = preview.enrolledStudents();
        this.unreadable = rows.unreadable();
        movements.sort(Comparator.comparing(Movement::person));
    }

    private void count(Movement movement) {
        movement.before().ifPresent(before -> add(before.school(), SchoolCounts.ofSchoolBefore(movement, before)));
        if (movement.after() instanceof There there) {
            add(there.place().school(), SchoolCounts.ofSchoolAfter(movement, there.place()));
        } else if (movement.after() instanceof Gone why) {
            gone.merge(why, 1L, Long::sum);
        }
        boolean stays = movement.after() instanceof There there
                && movement.before()
                        .filter(before -> before.school().equals(there.place().school()))
                        .isPresent();
        if (!stays) {
            movements.add(movement);
        }
    }

    private void add(Optional<Integer> school, SchoolCounts counts) {
        schools.merge(school.orElse(NO_SCHOOL), counts, SchoolCounts::plus);
    }

    /** Returns how many students of the district are enrolled in the other database. */
    public long enrolledStudents() {
        return enrolled;
    }

    /** Returns the counts per school, as a table. */
    public List<String> table() {
        TextTable table = new TextTable("school", "now", "stay", "come", "go", "new", "leave", "then", "grade");
        schools.forEach((code, counts) -> table.row(row(name(code), counts)));
        table.row(row("all", all()));
        return table.lines();
    }

    private SchoolCounts all() {
        return schools.values().stream().reduce(SchoolCounts.NOBODY, SchoolCounts::plus);
    }

    private String name(int code) {
        if (code == NO_SCHOOL) {
            return "staff without a school";
        }
        String name =
                Optional.ofNullable(names.get(code)).flatMap(School::getName).orElse("(no row in LOC)");
        return code + " " + Text.strip(name);
    }

    private static List<String> row(String school, SchoolCounts counts) {
        return Stream.concat(
                        Stream.of(school),
                        Stream.of(
                                        counts.now(),
                                        counts.stay(),
                                        counts.come(),
                                        counts.go(),
                                        counts.arrive(),
                                        counts.leave(),
                                        counts.then(),
                                        counts.otherGrade())
                                .map(TextTable::number))
                .toList();
    }

    /** Returns what the counts mean for the feed's file, in sentences. */
    public List<String> sentences() {
        SchoolCounts all = all();
        List<String> lines = new ArrayList<>();
        lines.add("grade: of those who stay or come, so many are in another grade than now.");
        if (all.leave() > 0) {
            lines.add(String.format(Locale.ROOT, "Of %,d who leave: ", all.leave())
                    + gone.entrySet().stream()
                            .map(entry -> String.format(
                                    Locale.ROOT,
                                    "%,d %s",
                                    entry.getValue(),
                                    entry.getKey().inWords()))
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        if (all.now() > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Of the patrons in the feed now %.1f %% leave and %.1f %% go to another school; the new ones are"
                            + " %.1f %%.",
                    percent(all.leave(), all.now()),
                    percent(all.go(), all.now()),
                    percent(all.arrive(), all.now())));
        }
        return lines;
    }

    private static double percent(long part, long whole) {
        return 100.0 * part / whole;
    }

    /** Returns what a person has to look at before the switch. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (int code : selection.schools().stream().sorted().toList()) {
            School school = names.get(code);
            if (school == null) {
                warnings.add("School " + code + " of the feed has no row in LOC there");
            } else if (school.getInactiveTag().filter(tag -> !Text.isBlank(tag)).isPresent()) {
                warnings.add("School " + code + " of the feed is inactive there");
            }
        }
        if (unreadable > 0) {
            warnings.add(String.format(
                    Locale.ROOT, "%,d rows there have values that cannot be read, and are left out", unreadable));
        }
        return warnings;
    }

    /** Returns a line for everybody who does not stay, by key. */
    public List<String> keys() {
        return movements.stream().map(PreviewReport::line).toList();
    }

    private static String line(Movement movement) {
        String before = movement.before().map(place -> code(place)).orElse("");
        if (movement.after() instanceof There there) {
            return movement.before().isEmpty()
                    ? "new    " + movement.person() + "  " + code(there.place())
                    : "moves  " + movement.person() + "  " + before + " -> " + code(there.place());
        }
        return "leaves " + movement.person() + "  " + before + "  " + ((Gone) movement.after()).inWords();
    }

    private static String code(Movement.Place place) {
        return place.school().map(String::valueOf).orElse("no school");
    }
}
