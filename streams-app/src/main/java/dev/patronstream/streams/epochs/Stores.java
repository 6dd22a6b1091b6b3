package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.people.FeedEntries;
import dev.patronstream.streams.people.Patrons;
import dev.patronstream.streams.people.Person;
import dev.patronstream.streams.people.PrimaryOrder;
import dev.patronstream.streams.people.Stamp;
import dev.patronstream.streams.topics.TopicReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

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

    /** Names of outputs. */
    public static final String PATRONS = "patrons";

    public static final String EPOCHS = "epochs";

    private final EpochSettings settings;
    private final Inbox inbox;
    private final SourceRows rows;
    private final AffectedPersons affected;
    private final KeyValueStore<Bytes, byte[]> written;
    private final Ledger ledger;
    private final Seals seals;
    private final BiConsumer<Record<byte[], byte[]>, String> sink;
    private final Announcements announcements;
    private final Patrons people;
    private final PrimaryOrder districtOrder;
    private final WrittenTopic<Patron> patrons;
    private final List<Feed> feeds;

    /** A feed: what makes its entries, the order that chooses the primary enrollment for it, and the topic it fills. */
    record Feed(String name, FeedEntries entries, PrimaryOrder order, WrittenTopic<FeedEntry> topic) {}

    /**
     * Continues with what the stores hold.
     *
     * @param store the store of a name
     * @param sink takes a record, and the name of the output that it is for
     */
    public Stores(
            EpochSettings settings,
            Function<String, KeyValueStore<Bytes, byte[]>> store,
            BiConsumer<Record<byte[], byte[]>, String> sink) {
        Topics topics = settings.topics();
        this.settings = settings;
        this.inbox = new Inbox(store.apply(INBOX), topics, settings.serdes());
        this.rows = new SourceRows(topics, settings.serdes(), store);
        this.affected = new AffectedPersons(store.apply(DIRTY));
        this.written = store.apply(WRITTEN);
        this.ledger = new Ledger(store.apply(LEDGER), inbox::decoded);
        this.seals = new Seals(store, inbox);
        this.sink = sink;
        this.announcements =
                new Announcements(topics.epochs(), settings.serdes().serde(EpochApplied.class), ledger, sink);
        this.people = new Patrons(rows);
        this.districtOrder = PrimaryOrder.ofDistrict(settings.rules());
        this.patrons = output(topics.patrons(), PATRONS, Patron.class);
        this.feeds = settings.feeds().stream()
                .map(selection -> new Feed(
                        selection.feed(),
                        new FeedEntries(selection),
                        PrimaryOrder.ofFeed(selection),
                        feed(selection.feed())))
                .toList();
    }

    /** Returns the topic from which a store is read back. */
    public static String changelog(Topics topics, String store) {
        return topics.streamsApplicationId() + "-" + store + "-changelog";
    }

    /** Name of a feed as an output. */
    public static String feedOutput(String feed) {
        return "feed." + feed;
    }

    Inbox inbox() {
        return inbox;
    }

    SourceRows rows() {
        return rows;
    }

    AffectedPersons affected() {
        return affected;
    }

    Ledger ledger() {
        return ledger;
    }

    Seals seals() {
        return seals;
    }

    /** Makes patrons of the rows. */
    Patrons people() {
        return people;
    }

    PrimaryOrder districtOrder() {
        return districtOrder;
    }

    WrittenTopic<Patron> patrons() {
        return patrons;
    }

    List<Feed> feeds() {
        return feeds;
    }

    /** Says that the outputs are the state of an epoch. */
    void announce(Progress epoch) {
        Map<String, Long> entries = new TreeMap<>();
        Map<String, Long> digests = new TreeMap<>();
        feeds.forEach(feed -> {
            entries.put(feed.name(), feed.topic().count());
            digests.put(feed.name(), feed.topic().digest());
        });
        EpochApplied applied = EpochApplied.newBuilder()
                .setEpoch(epoch.getEpoch())
                .setIncarnation(epoch.getIncarnation())
                .setGeneration(epoch.getGeneration())
                .setWatermark(epoch.getWatermark())
                .setBusinessDate(epoch.getBusinessDate())
                .setFreshAsOf(epoch.getFreshAsOf().orElse(null))
                .setReadUntil(epoch.getReadUntil().orElse(null))
                .setPublishedAt(epoch.getPublishedAt())
                .setFeeds(settings.feedFingerprints())
                .setPatrons(patrons.count())
                .setFeedEntries(entries)
                .setFeedDigests(digests)
                .setDatabase(epoch.getDatabase())
                .build();
        announcements.announce(applied, Stamp.of(epoch));
    }

    List<WrittenTopic<?>> outputs() {
        List<WrittenTopic<?>> all = new ArrayList<>();
        all.add(patrons);
        feeds.forEach(feed -> all.add(feed.topic()));
        return all;
    }

    /** Of everybody who has rows, or is still in an output, or is affected: the first after one, at most so many. */
    List<Person> everybody(Optional<Person> last, int most) {
        Bytes from = last.map(StoreKeys::person).map(StoreKeys::last).orElse(StoreKeys.FIRST_PERSON);
        Set<Person> persons = new TreeSet<>(rows.persons(from, most));
        persons.addAll(affected.after(last, most));
        outputs().forEach(output -> persons.addAll(output.persons(from, most)));
        return persons.stream().limit(most).toList();
    }

    /** What has to be taken over from the output topics before anything is written. */
    PriorOutput priorOutput(TopicReader reader) {
        List<WrittenTopic<?>> outputs = outputs();
        Map<String, WrittenTopic<?>> retired = new LinkedHashMap<>();
        for (String name : ledger.outputs()) {
            boolean isKept = name.equals(EPOCHS)
                    || outputs.stream().anyMatch(output -> output.name().equals(name));
            if (!isKept) {
                retired.put(name, feed(name.substring(feedOutput("").length())));
            }
        }
        return new PriorOutput(reader, ledger, outputs, retired, announcements);
    }

    private WrittenTopic<FeedEntry> feed(String feed) {
        return output(settings.topics().feed(feed), feedOutput(feed), FeedEntry.class);
    }

    private <T extends SpecificRecord> WrittenTopic<T> output(String topic, String name, Class<T> type) {
        return new WrittenTopic<>(topic, name, written, settings.serdes().serde(type), ledger, announcements, sink);
    }
}
