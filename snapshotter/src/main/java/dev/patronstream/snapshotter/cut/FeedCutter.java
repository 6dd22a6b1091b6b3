package dev.patronstream.snapshotter.cut;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.ContentDigest;
import dev.patronstream.schemas.topic.EpochContent;
import dev.patronstream.schemas.topic.ForeignRecords;
import dev.patronstream.schemas.topic.NewestRecord;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicReplacedException;
import dev.patronstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Cuts a feed at the end of an epoch: the cut holds everything that had been published when it was asked for, and
 * nothing of an epoch that was not complete.
 *
 * <p>Promise 5 of the design: waits for the epoch in the topic of applied epochs, takes the high watermark of the feed's
 * topic, reads up to it, keeps of every patron the last entry of that epoch or before, and compares the whole with what
 * was announced, so a topic that has lost records gives no cut. Thread-safe; opens its clients for one cut and closes
 * them.
 */
public final class FeedCutter {

    private static final Duration MOMENT = Duration.ofMillis(100);

    /** Reading a feed is work for the brokers, so a topic that is not right yet is not read all the time. */
    private static final Duration BETWEEN_READINGS = Duration.ofSeconds(1);

    private final Topics topics;
    private final Map<String, Object> kafka;
    private final AvroSerdes serdes;
    private final Runnable afterReading;

    /**
     * What a feed held at the end of one epoch: students first, then staff, each by ID.
     *
     * <p>Keeps the entries as they were sent and reads one at a time, so that a district of half a million patrons fits
     * into a small heap. Immutable; iterators are for one thread each.
     */
    public static final class Cut implements Iterable<FeedEntry> {

        private final EpochApplied epoch;
        private final long[] persons;
        private final byte[][] entries;
        private final Function<byte[], FeedEntry> reader;

        Cut(EpochApplied epoch, Map<Long, byte[]> entriesByPerson, Function<byte[], FeedEntry> reader) {
            this.epoch = epoch;
            this.reader = reader;
            persons = entriesByPerson.keySet().stream()
                    .mapToLong(Long::longValue)
                    .sorted()
                    .toArray();
            entries = new byte[persons.length][];
            for (int i = 0; i < persons.length; i++) {
                entries[i] = entriesByPerson.get(persons[i]);
            }
        }

        /** Returns the epoch of the cut, with its watermark, business date and freshness. */
        public EpochApplied epoch() {
            return epoch;
        }

        public int size() {
            return persons.length;
        }

        /** Whether the feed held the person; the number is that of {@link PersonNumber}. */
        public boolean holds(long person) {
            return Arrays.binarySearch(persons, person) >= 0;
        }

        @Override
        public Iterator<FeedEntry> iterator() {
            return Arrays.stream(entries).map(reader).iterator();
        }
    }

    /** Makes a cutter; {@code kafka} are properties that every Kafka client gets. */
    public FeedCutter(Topics topics, Map<String, Object> kafka, AvroSerdes serdes) {
        this(topics, kafka, serdes, () -> {});
    }

    /** With something that happens between the reading of a feed and the second look at its announcement. */
    FeedCutter(Topics topics, Map<String, Object> kafka, AvroSerdes serdes, Runnable afterReading) {
        this.afterReading = afterReading;
        this.topics = topics;
        this.kafka = Map.copyOf(kafka);
        this.serdes = serdes;
    }

    /**
     * Cuts a feed; waits so long for the stages before, and to read. The topology must have applied the same selection.
     *
     * @throws CutFailedException if no exact cut can be made within the limit
     */
    public Cut cut(FeedSelection selection, Duration limit) throws CutFailedException {
        Deadline deadline = new Deadline(limit);
        try (CommittedTopics announcements = new CommittedTopics(kafka);
                CommittedTopics feeds = new CommittedTopics(kafka)) {
            Progress wanted = newestPublished(feeds, deadline);
            awaitTopic(feeds, topics.epochs(), deadline, "The streams application has not made it: is it running?");
            return cutWhenApplied(selection, wanted, announcements, feeds, deadline);
        } catch (TimeoutException e) {
            throw new CutFailedException(e.getMessage() + " (waited " + deadline.limit() + ")");
        }
    }

    /**
     * Returns the newest epoch once patrons and feeds hold all that was published when this was called; waits so long.
     *
     * @param selections the feeds that must be selected as here
     * @throws CutFailedException if they do not hold it within the limit
     */
    public EpochApplied applied(List<FeedSelection> selections, Duration limit) throws CutFailedException {
        Deadline deadline = new Deadline(limit);
        try (CommittedTopics announcements = new CommittedTopics(kafka);
                CommittedTopics feeds = new CommittedTopics(kafka)) {
            Progress wanted = newestPublished(feeds, deadline);
            awaitTopic(feeds, topics.epochs(), deadline, "The streams application has not made it: is it running?");
            NewestRecord<EpochApplied> applied = announcements(announcements, deadline);
            boolean isRead = applied.look(deadline::isOver);
            while (true) {
                Optional<EpochApplied> newest = applied.value();
                if (isOfAnother(wanted, newest)) {
                    wanted = newestPublished(feeds, deadline);
                }
                Optional<String> notYet = whyNotYet(selections, wanted, newest);
                if (notYet.isEmpty()) {
                    return newest.orElseThrow();
                }
                if (!isRead || deadline.isOver()) {
                    throw inVain(notYet.get(), deadline);
                }
                applied.await(MOMENT);
            }
        } catch (TimeoutException e) {
            throw new CutFailedException(e.getMessage() + " (waited " + deadline.limit() + ")");
        }
    }

    /** The connector may have begun a new generation since; it holds what was asked for as well. */
    private static boolean isOfAnother(Progress wanted, Optional<EpochApplied> newest) {
        return newest.isPresent() && !newest.get().getGeneration().equals(wanted.getGeneration());
    }

    /**
     * Says why what the streams application holds is not yet what was published, in a whole sentence; empty where it is.
     *
     * <p>Epoch numbers are compared within one generation of the contract topics only.
     *
     * @param wanted what the connector had published when somebody asked
     * @param newest what the streams application has applied
     */
    private static Optional<String> whyNotYet(
            List<FeedSelection> selections, Progress wanted, Optional<EpochApplied> newest) {
        if (newest.isEmpty()) {
            return Optional.of("The streams application has not applied anything yet, or evaluates everybody again."
                    + " Is it running?");
        }
        EpochApplied applied = newest.get();
        if (!applied.getGeneration().equals(wanted.getGeneration())) {
            return Optional.of("The streams application has applied epoch " + applied.getEpoch()
                    + " of an earlier generation of the contract topics, and the connector publishes another one since"
                    + " (epoch " + wanted.getEpoch()
                    + "): a database or topics that were made again. What the feed holds"
                    + " says nothing about it. Is the streams application running and keeping up?");
        }
        if (applied.getEpoch() < wanted.getEpoch()) {
            return Optional.of("The streams application has applied changes up to epoch " + applied.getEpoch()
                    + ", and the connector has published up to epoch " + wanted.getEpoch()
                    + ". Is the streams application running and keeping up?");
        }
        for (FeedSelection selection : selections) {
            String theirs = applied.getFeeds().get(selection.feed());
            if (theirs == null) {
                return Optional.of("The streams application does not know the feed '" + selection.feed()
                        + "'. Restart it with the configuration that names it");
            }
            if (!theirs.equals(selection.fingerprint())) {
                return Optional.of("The streams application selects other patrons for the feed '" + selection.feed()
                        + "' than is configured here (its schools, statuses or rules differ)."
                        + " Restart it with the same configuration");
            }
        }
        return Optional.empty();
    }

    /** The cut must hold all that the connector has published by now; where nothing is yet, its first epoch. */
    private Progress newestPublished(CommittedTopics feeds, Deadline deadline) throws CutFailedException {
        awaitTopic(feeds, topics.progress(), deadline, "The connector has not made it: is it running?");
        NewestRecord<Progress> progress = feeds.follow(
                topics.progress(), RecordForm.of(serdes.deserializer(Progress.class)), Keys.PROGRESS, deadline::isOver);
        while (!progress.look(deadline::isOver) || progress.value().isEmpty()) {
            if (deadline.isOver()) {
                throw new CutFailedException("Waited " + deadline.limit()
                        + " for the first complete capture of the database, and there is none."
                        + " Is the connector running, and is its first snapshot done?");
            }
            progress.await(MOMENT);
        }
        return progress.value().get();
    }

    private Cut cutWhenApplied(
            FeedSelection selection,
            Progress published,
            CommittedTopics announcements,
            CommittedTopics feeds,
            Deadline deadline)
            throws CutFailedException {
        Progress wanted = published;
        Optional<String> found = Optional.empty();
        NewestRecord<EpochApplied> applied = announcements(announcements, deadline);
        while (true) {
            Attempt attempt;
            boolean isRead = false;
            try {
                Optional<EpochApplied> newest = applied.await(MOMENT);
                Optional<String> notYet = whyNotYet(List.of(selection), wanted, newest);
                if (isOfAnother(wanted, newest)) {
                    found = notYet;
                    wanted = newestPublished(feeds, deadline);
                    notYet = whyNotYet(List.of(selection), wanted, newest);
                }
                isRead = notYet.isEmpty();
                attempt = isRead
                        ? attempt(selection, newest.orElseThrow(), feeds, deadline)
                        : Attempt.hindered(notYet.get());
                if (attempt.cut().isPresent()) {
                    attempt = confirmed(attempt, selection, wanted, applied, deadline);
                }
            } catch (TopicReplacedException replaced) {
                attempt = Attempt.hindered(replaced.getMessage());
                awaitTopic(feeds, topics.epochs(), deadline, "The streams application has not made it: is it running?");
                applied = announcements(announcements, deadline);
            } catch (CutFailedException | TimeoutException e) {
                // What a whole reading has found says more than that there was no time for another one.
                if (found.isPresent() && deadline.isOver()) {
                    throw inVain(found.get(), deadline);
                }
                throw e;
            }
            if (attempt.cut().isPresent()) {
                return attempt.cut().get();
            }
            if (deadline.isOver()) {
                throw inVain(attempt.obstacle(), deadline);
            }
            if (isRead) {
                found = Optional.of(attempt.obstacle());
                applied.await(BETWEEN_READINGS);
            }
        }
    }

    private NewestRecord<EpochApplied> announcements(CommittedTopics announcements, Deadline deadline) {
        return announcements.follow(
                topics.epochs(), RecordForm.of(serdes.deserializer(EpochApplied.class)), Keys.EPOCH, deadline::isOver);
    }

    /**
     * The second look of decision 23: an evaluation that writes entries of a known epoch takes its announcement back
     * first, so where none was taken back by now, what was read holds nothing of it.
     */
    private Attempt confirmed(
            Attempt attempt,
            FeedSelection selection,
            Progress wanted,
            NewestRecord<EpochApplied> applied,
            Deadline deadline)
            throws CutFailedException {
        afterReading.run();
        long before = applied.deletions();
        if (!applied.look(deadline::isOver)) {
            throw new CutFailedException("Reading the topic of applied epochs to its end did not come to an end within "
                    + deadline.limit() + "; a transaction of the streams application may be hanging");
        }
        if (applied.deletions() != before) {
            return Attempt.hindered(
                    "The streams application began to evaluate everybody again while the feed was read");
        }
        return whyNotYet(List.of(selection), wanted, applied.value())
                .map(Attempt::hindered)
                .orElse(attempt);
    }

    private static CutFailedException inVain(String obstacle, Deadline deadline) {
        return new CutFailedException(obstacle + " (waited " + deadline.limit() + ")");
    }

    /** A cut, or what stood in its way and may go away. */
    private record Attempt(Optional<Cut> cut, String obstacle) {

        static Attempt hindered(String obstacle) {
            return new Attempt(Optional.empty(), obstacle);
        }
    }

    private Attempt attempt(FeedSelection selection, EpochApplied epoch, CommittedTopics feeds, Deadline deadline)
            throws CutFailedException {
        String topic = topics.feed(selection.feed());
        awaitTopic(feeds, topic, deadline, "The streams application has not made it: is it running?");
        Deserializer<FeedEntry> entries = serdes.deserializer(FeedEntry.class);
        EpochContent<Long, byte[], byte[]> content =
                new EpochContent<>(epoch.getEpoch(), PersonNumber::ofKey, Function.identity());
        if (!feeds.open(topic, form(entries)).toEnd(content::take, deadline::isOver)) {
            throw new CutFailedException("Reading the topic " + topic + " did not end within " + deadline.limit()
                    + "; a transaction of the streams application may be hanging");
        }
        content.foreign().forEach(ForeignRecords::take);
        long count = epoch.getFeedEntries().getOrDefault(selection.feed(), -1L);
        long digest =
                content.values().values().stream().mapToLong(ContentDigest::of).sum();
        if (content.values().size() != count || digest != epoch.getFeedDigests().get(selection.feed())) {
            // A topic that was deleted or has lost its tail, or an epoch so old that versions of it were compacted.
            return Attempt.hindered("The topic of the feed does not hold what the streams application wrote: "
                    + content.values().size() + " patrons where it counted " + count
                    + (content.values().size() == count ? ", but not all as written" : "")
                    + ". It is being rebuilt, or records were removed from the topic. Is the streams application"
                    + " running? If it stays so, stop everything, and run: patronstream rebuild"
                    + content.foreign().stream()
                            .findFirst()
                            .map(record -> ". Besides, " + record.complaint())
                            .orElse(""));
        }
        return new Attempt(
                Optional.of(new Cut(epoch, content.values(), bytes -> entries.deserialize(topic, bytes))), "");
    }

    /** Entries are kept as they were sent: half a million patrons have to fit into a small heap. */
    static RecordForm<byte[]> form(Deserializer<FeedEntry> entries) {
        return new RecordForm<>(Keys::isPerson, entries, true).asSent();
    }

    private static void awaitTopic(CommittedTopics reader, String topic, Deadline deadline, String hint)
            throws CutFailedException {
        while (reader.id(topic).isEmpty()) {
            if (deadline.isOver()) {
                throw new CutFailedException(
                        "Waited " + deadline.limit() + " for the topic " + topic + ", and it does not exist. " + hint);
            }
            try {
                Thread.sleep(MOMENT.toMillis());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }
}
