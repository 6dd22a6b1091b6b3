package dev.patronstream.snapshotter.cut;

import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.CommittedConsumer;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.FeedSelection;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Cuts a feed at the end of an epoch: the cut holds everything that had been published when it was asked for, and
 * nothing of an epoch that was not complete.
 *
 * <p>Promise 5 of the design: waits for the epoch in the topic of applied epochs, takes the high watermark of the feed's
 * topic, reads up to it, and keeps of every patron the last entry of that epoch or before. Thread-safe; opens its
 * clients for one cut and closes them.
 */
public final class FeedCutter {

    private static final Duration MOMENT = Duration.ofMillis(100);

    /** Reading a feed is work for the brokers, so a topic that is not right yet is not read all the time. */
    private static final Duration BETWEEN_READINGS = Duration.ofSeconds(1);

    private final Topics topics;
    private final Map<String, Object> kafka;
    private final AvroSerdes serdes;
    private final InstantSource clock;

    /**
     * Makes a cutter.
     *
     * @param topics names of the district's topics
     * @param kafka properties that every Kafka client gets, {@code bootstrap.servers} at least
     * @param serdes serdes of the contracts
     * @param clock tells how old a record is
     */
    public FeedCutter(Topics topics, Map<String, Object> kafka, AvroSerdes serdes, InstantSource clock) {
        this.topics = topics;
        this.kafka = Map.copyOf(kafka);
        this.serdes = serdes;
        this.clock = clock;
    }

    /**
     * Cuts a feed.
     *
     * @param selection whom the feed holds; the topology must have applied the same selection
     * @param limit how long to wait for the stages before and to read
     * @throws CutFailedException if no exact cut can be made within the limit
     * @throws org.apache.kafka.common.KafkaException if the cluster fails
     */
    public Cut cut(FeedSelection selection, Duration limit) throws CutFailedException {
        Deadline deadline = new Deadline(limit);
        try (Admin admin = Admin.create(kafka)) {
            TopicDescriber describer = new TopicDescriber(admin);
            long wanted = newestPublishedEpoch(describer, deadline);
            describer.awaitTopic(topics.epochs(), deadline, "The streams application has not made it: is it running?");
            try (Consumer<String, EpochApplied> consumer = consumer(serdes.deserializer(EpochApplied.class))) {
                NewestValue<EpochApplied> applied = new NewestValue<>(consumer, topics.epochs());
                return cutWhenApplied(selection, wanted, applied, describer, deadline);
            }
        }
    }

    /** The cut must hold all that the connector has published by now; where nothing is yet, its first epoch. */
    private long newestPublishedEpoch(TopicDescriber describer, Deadline deadline) throws CutFailedException {
        describer.awaitTopic(topics.progress(), deadline, "The connector has not made it: is it running?");
        try (Consumer<String, Progress> consumer = consumer(serdes.deserializer(Progress.class))) {
            NewestValue<Progress> progress = new NewestValue<>(consumer, topics.progress());
            Optional<Progress> newest = progress.value();
            while (newest.isEmpty()) {
                if (deadline.isOver()) {
                    throw new CutFailedException("Waited " + deadline.limit()
                            + " for the first complete capture of the database, and there is none."
                            + " Is the connector running, and is its first snapshot done?");
                }
                newest = progress.await(MOMENT);
            }
            return newest.get().getEpoch();
        }
    }

    private Cut cutWhenApplied(
            FeedSelection selection,
            long wanted,
            NewestValue<EpochApplied> applied,
            TopicDescriber describer,
            Deadline deadline)
            throws CutFailedException {
        Optional<String> found = Optional.empty();
        while (true) {
            Optional<EpochApplied> newest = applied.await(MOMENT);
            Optional<String> notYet = whyNotYet(selection, wanted, newest);
            Attempt attempt;
            try {
                attempt = notYet.isPresent()
                        ? Attempt.hindered(notYet.get())
                        : attempt(selection, newest.orElseThrow(), describer, deadline);
            } catch (CutFailedException e) {
                // What a whole reading has found says more than that there was no time for another one.
                throw found.isPresent() && deadline.isOver() ? inVain(found.get(), deadline) : e;
            }
            if (attempt.cut().isPresent()) {
                // A changed selection takes its announcement back first (decision 23); what was read may be of the new
                // one.
                Optional<String> since = whyNotYet(selection, wanted, applied.atEnd(deadline));
                if (since.isEmpty()) {
                    return attempt.cut().get();
                }
                attempt = Attempt.hindered(since.get());
            }
            if (deadline.isOver()) {
                throw inVain(attempt.obstacle(), deadline);
            }
            found = notYet.isEmpty() ? Optional.of(attempt.obstacle()) : found;
            if (notYet.isEmpty()) {
                applied.await(BETWEEN_READINGS);
            }
        }
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

    private Attempt attempt(FeedSelection selection, EpochApplied epoch, TopicDescriber describer, Deadline deadline)
            throws CutFailedException {
        String topic = topics.feed(selection.feed());
        describer.awaitTopic(topic, deadline, "The streams application has not made it: is it running?");
        Deserializer<FeedEntry> deserializer = serdes.deserializer(FeedEntry.class);
        FeedReading reading = new FeedReading(describer, topic, epoch, deadline);
        Optional<Map<Long, byte[]>> entries;
        try (Consumer<String, byte[]> consumer = consumer(new ByteArrayDeserializer())) {
            entries = reading.read(consumer, deserializer);
        }
        if (entries.isEmpty()) {
            return Attempt.hindered("The topic " + topic + " was replaced while it was read");
        }
        reading.requireAllVersions(clock.instant());
        long expected = epoch.getFeedEntries().getOrDefault(selection.feed(), -1L);
        if (entries.get().size() != expected) {
            // A topic that was deleted and is filled again belongs to an epoch that says it is full.
            return Attempt.hindered(
                    "The topic of the feed holds " + entries.get().size()
                            + " patrons where the streams application counted " + expected
                            + ": it is being rebuilt, or records were removed from the topic. If it stays so, rebuild the feeds");
        }
        return new Attempt(
                Optional.of(new Cut(epoch, entries.get(), bytes -> deserializer.deserialize(topic, bytes))), "");
    }

    private static Optional<String> whyNotYet(FeedSelection selection, long wanted, Optional<EpochApplied> newest) {
        if (newest.isEmpty()) {
            return Optional.of("The streams application has not applied anything yet. Is it running?");
        }
        EpochApplied applied = newest.get();
        if (applied.getEpoch() < wanted) {
            return Optional.of("The streams application has applied changes up to epoch " + applied.getEpoch()
                    + ", and the connector has published up to epoch " + wanted
                    + ". Is the streams application running and keeping up?");
        }
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
        return Optional.empty();
    }

    private <V> Consumer<String, V> consumer(Deserializer<V> deserializer) {
        return new CommittedConsumer<>(kafka, new StringDeserializer(), deserializer);
    }
}
