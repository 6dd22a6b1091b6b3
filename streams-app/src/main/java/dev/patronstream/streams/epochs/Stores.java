package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Teacher;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.people.FeedRule;
import dev.patronstream.streams.people.Patrons;
import dev.patronstream.streams.people.Stamp;
import dev.patronstream.streams.topics.Note;
import dev.patronstream.streams.topics.TopicReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The state stores of the topology, each with what it means. */
public final class Stores {

    static final String INBOX = "inbox";
    static final String ROWS = "rows";
    static final String MEMBERS = "members";
    static final String SCHOOLS = "schools";
    static final String DIRTY = "dirty";
    public static final String WRITTEN = "written";
    /** The store that is never empty once there is any state. */
    public static final String LEDGER = "ledger";

    /** All stores, in the order in which a row goes through them. */
    public static final List<String> NAMES = List.of(INBOX, ROWS, MEMBERS, SCHOOLS, DIRTY, WRITTEN, LEDGER);

    /** Name of the patron table as an output. */
    public static final String PATRONS = "patrons";

    private final Topics topics;
    private final Inbox inbox;
    private final PersonRows persons;
    private final Names<School> schools;
    private final Optional<Names<Teacher>> teachers;
    private final KeyValueStore<Bytes, byte[]> dirty;
    private final KeyValueStore<Bytes, byte[]> written;
    private final Ledger ledger;
    private final Seals seals;
    private final WrittenTopic<Patron> patrons;
    private final Map<String, WrittenTopic<FeedEntry>> feeds = new LinkedHashMap<>();
    private final Evaluation evaluation;
    private final AvroSerdes serdes;
    private final Serializer<EpochApplied> epochs;
    private final WrittenTopic.Sender sender;

    public Stores(
            EpochSettings settings, Function<String, KeyValueStore<Bytes, byte[]>> store, WrittenTopic.Sender sender) {
        this.serdes = settings.serdes();
        this.topics = settings.topics();
        this.sender = sender;
        this.inbox =
                new Inbox(store.apply(INBOX), topics, new Inputs(topics, serdes), serdes.deserializer(Progress.class));
        this.persons = new PersonRows(
                store.apply(ROWS),
                store.apply(MEMBERS),
                serdes.deserializer(Enrollment.class),
                topics.enrollments(),
                serdes.deserializer(StaffMember.class),
                topics.staff());
        KeyValueStore<Bytes, byte[]> names = store.apply(SCHOOLS);
        this.schools = new Names<>(names, serdes.deserializer(School.class), topics.schools(), School::getName);
        this.teachers = topics.hasTeachers()
                ? Optional.of(
                        new Names<>(names, serdes.deserializer(Teacher.class), topics.teachers(), Teacher::getName))
                : Optional.empty();
        this.dirty = store.apply(DIRTY);
        this.written = store.apply(WRITTEN);
        this.ledger = new Ledger(store.apply(LEDGER));
        this.seals = new Seals(store, inbox);
        this.patrons =
                new WrittenTopic<>(topics.patrons(), PATRONS, written, serdes.serde(Patron.class), sender, ledger);
        List<Evaluation.Feed> rules = new ArrayList<>();
        settings.feeds().forEach(selection -> {
            WrittenTopic<FeedEntry> topic = feed(selection.feed());
            feeds.put(selection.feed(), topic);
            rules.add(new Evaluation.Feed(new FeedRule(selection), topic));
        });
        this.evaluation = new Evaluation(persons, new Patrons(names()), settings.rules(), patrons, rules);
        this.epochs = serdes.serializer(EpochApplied.class);
    }

    /** Returns the topic from which a store is read back. */
    public static String changelog(Topics topics, String store) {
        return topics.streamsApplicationId() + "-" + store + "-changelog";
    }

    /** Name of a feed as an output. */
    public static String feedOutput(String feed) {
        return "feed." + feed;
    }

    private Patrons.Names names() {
        return new Patrons.Names() {
            @Override
            public Optional<String> school(int code) {
                return schools.name(StoreKeys.school(code));
            }

            @Override
            public Optional<String> teacher(int school, int number) {
                return teachers.flatMap(all -> all.name(StoreKeys.teacher(school, number)));
            }
        };
    }

    Inbox inbox() {
        return inbox;
    }

    PersonRows persons() {
        return persons;
    }

    Names<School> schools() {
        return schools;
    }

    /** The teachers, if they are captured. */
    Optional<Names<Teacher>> teachers() {
        return teachers;
    }

    /** Persons to be evaluated in the step that is being taken. */
    KeyValueStore<Bytes, byte[]> dirty() {
        return dirty;
    }

    Ledger ledger() {
        return ledger;
    }

    Seals seals() {
        return seals;
    }

    Evaluation evaluation() {
        return evaluation;
    }

    long patronCount() {
        return patrons.count();
    }

    Map<String, WrittenTopic<FeedEntry>> feeds() {
        return feeds;
    }

    List<WrittenTopic<?>> outputs() {
        List<WrittenTopic<?>> all = new ArrayList<>();
        all.add(patrons);
        all.addAll(feeds.values());
        return all;
    }

    /** Everybody who has rows, or is still in an output, or is marked. */
    PersonIterator everybodyFrom(Bytes person) {
        List<PersonIterator.Source> sources = new ArrayList<>();
        sources.add(persons.personsFrom(person));
        sources.add(PersonIterator.source(dirty, person, Bytes.wrap(new byte[0])));
        outputs().forEach(output -> sources.add(output.personsFrom(person)));
        return new PersonIterator(sources);
    }

    /** What has to be taken over from the output topics before anything is written. */
    PriorOutput priorOutput(TopicReader reader) {
        List<WrittenTopic<?>> outputs = outputs();
        Map<String, WrittenTopic<?>> retired = new LinkedHashMap<>();
        for (String name : ledger.outputs()) {
            boolean isKept = name.equals(PriorOutput.EPOCHS)
                    || outputs.stream().anyMatch(output -> output.name().equals(name));
            if (!isKept) {
                retired.put(name, feed(name.substring(feedOutput("").length())));
            }
        }
        return new PriorOutput(
                reader, ledger, outputs, retired, topics.epochs(), serdes.deserializer(EpochApplied.class));
    }

    /** Writes what has been applied; null takes it back. */
    void announce(@Nullable EpochApplied epoch, Stamp stamp) {
        byte[] value = epochs.serialize(topics.epochs(), epoch);
        ledger.last(
                PriorOutput.EPOCHS,
                Optional.of(Note.digest(stamp.epoch(), Keys.EPOCH, value == null ? null : Bytes.wrap(value))));
        sender.send(PriorOutput.EPOCHS, Keys.EPOCH.getBytes(StandardCharsets.UTF_8), value, stamp);
    }

    private WrittenTopic<FeedEntry> feed(String feed) {
        return new WrittenTopic<>(
                topics.feed(feed), feedOutput(feed), written, serdes.serde(FeedEntry.class), sender, ledger);
    }
}
