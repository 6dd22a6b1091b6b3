package dev.patronstream.cli.explain;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.run.ClusterClients;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.FeedSettings;
import dev.patronstream.snapshotter.cut.Cut;
import dev.patronstream.snapshotter.cut.CutFailedException;
import dev.patronstream.snapshotter.cut.FeedCutter;
import dev.patronstream.snapshotter.delivery.Receipts;
import dev.patronstream.snapshotter.layout.PatronFile;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers why a feed is as it is, from the topics alone. Opens its clients for one question and closes them. */
public final class Explainer {

    private final Configuration configuration;
    private final ClusterClients clients;

    /** Makes an explainer of a district. */
    public Explainer(Configuration configuration, ClusterClients clients) {
        this.configuration = configuration;
        this.clients = clients;
    }

    /**
     * A feed as of one epoch.
     *
     * @param cut the entries
     * @param file what the layout makes of them
     */
    public record Judged(Cut cut, PatronFile file) {}

    /**
     * Cuts a feed and judges everybody in it.
     *
     * @throws CommandFailedException if there is no exact cut within the limit
     */
    public Judged judge(FeedSettings feed, Duration limit) {
        FeedCutter cutter =
                new FeedCutter(configuration.topics(), clients.kafkaProperties(), clients.avro(), Clock.systemUTC());
        try {
            Cut cut = cutter.cut(feed.selection(), limit);
            return new Judged(cut, new PatronFile(feed.layout().layout(), cut));
        } catch (CutFailedException e) {
            throw new CommandFailedException("feeds." + feed.feed() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Explains an ID: the student of that ID, the staff member of that ID, or both.
     *
     * @param kind the kind that is asked for; empty for both
     * @return lines for the screen of the person who asks; they hold private values
     * @throws CommandFailedException if nobody has the ID, or the feed cannot be cut
     */
    public List<String> explain(FeedSettings feed, Optional<PatronKind> kind, int id, Duration limit) {
        Judged judged = judge(feed, limit);
        PersonTopics topics = new PersonTopics(configuration.topics(), clients);
        List<PersonRows> people = topics.rows(id).stream()
                .filter(person -> kind.isEmpty() || kind.get() == person.kind())
                .toList();
        if (people.isEmpty()) {
            throw new CommandFailedException(
                    "There is no " + kind.map(Explainer::word).orElse("student or staff member") + " " + id
                            + ": neither STU nor STF has a row of this ID that is not deleted (DEL = 1)");
        }
        Map<Integer, String> schools = topics.schoolNames();
        Receipts receipts = new Receipts(configuration.topics(), clients.kafkaProperties(), clients.avro());
        List<String> lines = new ArrayList<>();
        for (PersonRows person : people) {
            String key = Keys.person(person.kind(), person.id());
            Standing standing = Standing.of(
                    person,
                    feed.selection(),
                    judged.cut().epoch().getBusinessDate(),
                    code -> Optional.ofNullable(schools.get(code)));
            Held held = new Held(topics.delivered(feed.feed(), key), receipts.of(feed.feed()));
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.addAll(new Explanation(
                            standing,
                            person,
                            entry(judged.cut(), person).map(judged.file()::explain),
                            held,
                            configuration.timeZone())
                    .lines());
        }
        return lines;
    }

    private static Optional<FeedEntry> entry(Cut cut, PersonRows person) {
        for (FeedEntry entry : cut) {
            if (entry.getKind() == person.kind() && entry.getId() == person.id()) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    private static String word(PatronKind kind) {
        return kind == PatronKind.STUDENT ? "student" : "staff member";
    }
}
