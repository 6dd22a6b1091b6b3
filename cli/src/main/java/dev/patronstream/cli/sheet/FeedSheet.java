package dev.patronstream.cli.sheet;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.NeededColumns;
import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.screen.TextTable;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.HeldDelivery;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.feed.CarriedFields;
import dev.patronstream.schemas.feed.Condition;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronField;
import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sheet of a feed that a district's privacy officer signs: who is in it, what of them, to whom it goes, and how fresh
 * it is. The first two follow from the configuration alone. Immutable.
 */
public final class FeedSheet {

    private static final String PRIVATE = " *";

    private final FeedSettings feed;
    private final FeedSelection selection;
    private final String topic;
    private final CapturedColumns captured;

    /** Makes that of a feed of the configuration. */
    public FeedSheet(FeedSettings feed, Configuration configuration) {
        this.feed = feed;
        this.selection = feed.selection();
        this.topic = configuration.topics().feed(feed.feed());
        this.captured = configuration.capture().columns();
    }

    /**
     * Returns the lines.
     *
     * @param readers who may read the topic, in words
     * @param fresh how {@linkplain #fresh fresh} it is, in sentences
     */
    public List<String> lines(String readers, List<String> fresh) {
        List<String> lines = new ArrayList<>(List.of("Feed " + feed.feed(), "", "Who"));
        who().forEach(line -> lines.add("  " + line));
        lines.addAll(List.of("", "What (* is private)"));
        what().forEach(line -> lines.add("  " + line));
        lines.addAll(List.of("", "To whom"));
        Stream.of("File: " + file(), "Topic " + topic + ": " + readers).forEach(line -> lines.add("  " + line));
        lines.addAll(List.of("", "How fresh"));
        Stream.concat(fresh.stream(), Stream.of(times())).forEach(line -> lines.add("  " + line));
        return lines;
    }

    /** Returns how fresh the topic and the vendor's file are, by the last epoch that was applied and the deliveries. */
    public List<String> fresh(Optional<EpochApplied> applied, FeedState state) {
        String topicWords = applied.map(this::words)
                .orElse("The topic is the state of no epoch now: is the streams application running?");
        String fileWords = state.getHeld()
                .flatMap(HeldDelivery::getSentAt)
                .map(time -> "The vendor's file was sent at " + time + ".")
                .orElse("The vendor has no file yet.");
        return feed.destination().isPresent() ? List.of(topicWords, fileWords) : List.of(topicWords);
    }

    private String words(EpochApplied epoch) {
        boolean asConfigured = selection.fingerprint().equals(epoch.getFeeds().get(feed.feed()));
        return TextTable.number(epoch.getFeedEntries().getOrDefault(feed.feed(), 0L)) + " patrons in the topic"
                + epoch.getFreshAsOf()
                        .map(time -> ", with every change until " + time)
                        .orElse("")
                + (asConfigured
                        ? "."
                        : ", by another configuration than this one: `run` has not been started with it.");
    }

    private List<String> who() {
        List<String> lines = new ArrayList<>();
        lines.add(selection.kinds().stream()
                        .sorted()
                        .map(kind -> kind == PatronKind.STAFF ? "staff" : "students")
                        .collect(Collectors.joining(" and "))
                + " who are "
                + selection.statuses().stream().sorted().map(AvroJson::word).collect(Collectors.joining(" or "))
                + " at " + schools(selection.schools())
                + (selection.kinds().contains(PatronKind.STAFF) ? ", and staff without a school" : ""));
        words("only", selection.conditions().only(), lines);
        words("except", selection.conditions().except(), lines);
        if (!selection.primaryAmong().equals(selection.schools())) {
            lines.add("by the primary enrollment among " + schools(selection.primaryAmong()));
        }
        if (!feed.safeguards().leavers().omitted()) {
            lines.add("in the file, who left is inactive for "
                    + feed.safeguards().leavers().remembered().toDays() + " days, as last delivered");
        }
        return lines;
    }

    private static void words(String section, List<Condition> conditions, List<String> lines) {
        conditions.stream()
                .map(condition -> section + " " + condition.words())
                .sorted()
                .forEach(lines::add);
    }

    private static String schools(Collection<Integer> schools) {
        return (schools.size() == 1 ? "school " : "schools ")
                + new TreeSet<>(schools).stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private List<String> what() {
        List<PatronKind> kinds = selection.kinds().stream().sorted().toList();
        TextTable table = new TextTable(Stream.concat(
                        Stream.of("field"), kinds.stream().map(kind -> kind == PatronKind.STAFF ? "staff" : "students"))
                .toArray(String[]::new));
        for (PatronField field : selection.carried().fields()) {
            if (isCaptured(field)) {
                List<String> row = new ArrayList<>(List.of(field.id() + (field.isPrivate() ? PRIVATE : "")));
                kinds.forEach(kind -> row.add(field.column(kind).orElse("")));
                table.row(row);
            }
        }
        for (PatronKind kind : kinds) {
            for (String column : columns(kind)) {
                List<String> row = new ArrayList<>(List.of(column + PRIVATE));
                kinds.forEach(each -> row.add(each == kind ? column : ""));
                table.row(row);
            }
        }
        List<String> lines = new ArrayList<>(table.lines());
        if (kinds.contains(PatronKind.STUDENT)) {
            lines.add(
                    selection.carried().enrollments()
                            ? "all enrollments of a student, those at other schools among them" + PRIVATE
                            : "the enrollments of a student by which the student is in the feed");
        }
        return lines;
    }

    /** What is not captured is carried by a feed of everything in name only. */
    private boolean isCaptured(PatronField field) {
        return NeededColumns.group(field.id()).map(captured.groups()::contains).orElse(true);
    }

    private List<String> columns(PatronKind kind) {
        CarriedFields carried = selection.carried();
        return carried.everything()
                ? captured.extra(SourceTable.valueOf(PatronField.table(kind))).stream()
                        .map(column -> PatronField.table(kind) + "." + column)
                        .toList()
                : carried.columns().stream()
                        .filter(column -> column.startsWith(PatronField.table(kind) + "."))
                        .toList();
    }

    private String file() {
        return feed.destination()
                .map(Destination::address)
                .map(address -> String.join(", ", feed.fileNames()) + " to " + address)
                .orElse("none; the archive on this machine only");
    }

    private String times() {
        String whatHappens = feed.destination().isPresent() ? "The file is sent " : "A file is written ";
        return feed.schedule()
                .map(when -> whatHappens
                        + Stream.concat(
                                        when.cron().stream().map(cron -> "at \"" + cron + "\", " + when.timeZone()),
                                        when.onChange().stream()
                                                .map(time -> "after changes, at most every " + time.toMinutes() + "m"))
                                .collect(Collectors.joining(" and "))
                        + ".")
                .orElse(whatHappens + "on demand.");
    }
}
