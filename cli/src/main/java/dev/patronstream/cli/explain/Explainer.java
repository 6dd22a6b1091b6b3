package dev.patronstream.cli.explain;

import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.cut.CutFailedException;
import dev.patronstream.snapshotter.cut.FeedCutter;
import dev.patronstream.snapshotter.cut.FeedCutter.Cut;
import dev.patronstream.snapshotter.cut.PersonNumber;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.layout.PatronFile;
import dev.patronstream.snapshotter.ledger.DeliveredTable;
import dev.patronstream.snapshotter.ledger.Receipts;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.safety.DepartedPatrons;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers why a feed is as it is, from the topics alone. Opens its clients for one question and closes them. */
public final class Explainer {

    private final Configuration configuration;
    private final ClusterClients clients;

    public Explainer(Configuration configuration, ClusterClients clients) {
        this.configuration = configuration;
        this.clients = clients;
    }

    /**
     * A feed as of one epoch.
     *
     * @param cut the entries
     * @param file what the layout makes of them
     * @param otherFiles by name: what their layouts make of the other feeds of the same system
     * @param held what the vendor holds
     * @param departed who has left
     * @param rows the rows of the next file, of those who are in the feed and of those who left
     */
    public record Judged(
            Cut cut,
            PatronFile file,
            Map<String, PatronFile> otherFiles,
            DeliveredTable held,
            DepartedPatrons departed,
            PatronFile rows) {

        /** Returns what the rules found in everybody who would have a row. */
        public List<Problem> problems() {
            return rows.problems();
        }
    }

    /**
     * Cuts a feed and judges everybody in it.
     *
     * @throws CommandFailedException if there is no exact cut within the limit
     */
    public Judged judge(FeedSettings feed, Duration limit) {
        FeedCutter cutter = new FeedCutter(configuration.topics(), clients.kafkaProperties(), clients.avro());
        try {
            Cut cut = cutter.cut(feed.selection(), limit);
            Map<String, PatronFile> others = new LinkedHashMap<>();
            for (FeedSettings other :
                    feed.othersOfSystem(configuration.deliveries().feeds())) {
                others.put(other.feed(), new PatronFile(other.layout().layout(), cutter.cut(other.selection(), limit)));
            }
            PatronFile file = new PatronFile(feed.layout().layout(), cut);
            DeliveredTable held = new DeliveredTable(
                    configuration.topics(),
                    feed.feed(),
                    clients.kafkaProperties(),
                    clients.avro(),
                    Optional.empty(),
                    Set.of(),
                    Optional.empty());
            DepartedPatrons departed = new DepartedPatrons(
                    feed.safeguards().leavers(), file, List.copyOf(others.values()), held, Instant.now());
            return new Judged(cut, file, others, held, departed, file.withLeavers(departed.toSend()));
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
        List<Answer> answers = answers(feed, kind, id, limit);
        if (answers.isEmpty()) {
            throw new CommandFailedException(
                    "There is no " + kind.map(Explainer::word).orElse("student or staff member") + " " + id
                            + ": neither STU nor STF has a row of this ID that is not deleted (DEL = 1), and"
                            + " the vendor holds none");
        }
        List<String> lines = new ArrayList<>(answers.get(0).lines());
        answers.stream().skip(1).forEach(answer -> {
            lines.add("");
            lines.addAll(answer.lines());
        });
        return lines;
    }

    /**
     * What is known of one person in one feed; holds private values.
     *
     * @param inShort in the feed or not, in the file or not, the last delivery: a sentence each
     * @param lines all of it
     */
    public record Answer(List<String> inShort, List<String> lines) {}

    /** As {@link #explain}, a person each; none if nobody has the ID. */
    public List<Answer> answers(FeedSettings feed, Optional<PatronKind> kind, int id, Duration limit) {
        Judged judged = judge(feed, limit);
        PersonTopics topics = new PersonTopics(configuration.topics(), clients);
        List<PersonRows> people = people(topics.rows(id), id, judged.held()).stream()
                .filter(person -> kind.isEmpty() || kind.get() == person.kind())
                .toList();
        Map<Integer, String> schools = topics.schoolNames();
        Receipts receipts = new Receipts(configuration.topics(), clients.kafkaProperties(), clients.avro());
        List<Answer> answers = new ArrayList<>();
        for (PersonRows person : people) {
            String key = Keys.person(person.kind(), person.id());
            Optional<PersonState> state = person.isGone()
                    ? Optional.empty()
                    : Optional.of(PersonState.of(
                            person,
                            feed.selection(),
                            judged.cut().epoch().getBusinessDate(),
                            code -> Optional.ofNullable(schools.get(code))));
            Explanation explanation = new Explanation(
                    feed.feed(),
                    person,
                    state,
                    judged.cut().holds(PersonNumber.of(person.kind(), person.id())),
                    InFile.of(
                            judged,
                            feed.safeguards().leavers(),
                            person.kind(),
                            person.id(),
                            configuration.district().timeZone()),
                    topics.delivered(feed.feed(), key),
                    receipts.of(feed.feed()),
                    configuration.district().timeZone());
            answers.add(new Answer(explanation.inShort(), explanation.lines()));
        }
        return answers;
    }

    /** Those who have rows, and those of whom only the vendor has one by now. */
    private static List<PersonRows> people(List<PersonRows> withRows, int id, DeliveredTable held) {
        List<PersonRows> people = new ArrayList<>(withRows);
        for (PatronKind kind : PatronKind.values()) {
            if (held.of(PersonNumber.of(kind, id)).isPresent()
                    && withRows.stream().noneMatch(person -> person.kind() == kind)) {
                people.add(PersonRows.gone(kind, id));
            }
        }
        return people;
    }

    private static String word(PatronKind kind) {
        return kind == PatronKind.STUDENT ? "student" : "staff member";
    }
}
