package dev.patronstream.snapshotter.cut;

import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.SnapshotTaken;
import dev.patronstream.schemas.feed.Removals;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.cut.FeedCutter.Cut;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a receipt has to say of capture: that the tables were read in full since the last delivery, that a snapshot waits
 * for a person, that nothing newer has been captured for a while. Thread-safe; opens its clients for one look.
 */
public final class CaptureNews {

    private final Topics topics;
    private final Map<String, Object> kafka;
    private final AvroSerdes serdes;
    private final Duration staleAfter;

    /** Makes a reader; {@code kafka} are properties that every Kafka client gets. */
    public CaptureNews(Topics topics, Map<String, Object> kafka, AvroSerdes serdes, Duration staleAfter) {
        this.staleAfter = staleAfter;
        this.topics = topics;
        this.kafka = Map.copyOf(kafka);
        this.serdes = serdes;
    }

    /** Returns the news, a sentence each; {@code lastEpoch} is that of the file that the vendor holds. */
    public List<String> of(Cut cut, Optional<Long> lastEpoch, Instant now) {
        List<String> news = new ArrayList<>();
        Optional<Progress> progress;
        Optional<CaptureHold> held;
        try (CommittedTopics reader = new CommittedTopics(kafka)) {
            progress =
                    reader.newest(topics.progress(), RecordForm.of(serdes.deserializer(Progress.class)), Keys.PROGRESS);
            held = reader.newest(topics.holds(), RecordForm.of(serdes.deserializer(CaptureHold.class)), Keys.HELD);
        }
        progress.flatMap(Progress::getLastSnapshot)
                .filter(taken -> taken.getEpoch() <= cut.epoch().getEpoch()
                        && lastEpoch.filter(last -> taken.getEpoch() > last).isPresent())
                .ifPresent(taken -> news.add(words(taken)));
        held.ifPresent(hold -> news.add(words(hold)));
        cut.epoch()
                .getFreshAsOf()
                .filter(fresh -> fresh.plus(staleAfter).isBefore(now))
                .ifPresent(fresh -> news.add("Nothing that was committed in Aeries after " + fresh
                        + " is in this file: capture has not come on since (patronstream status says why)"));
        return news;
    }

    private static String words(SnapshotTaken taken) {
        return "Since the last delivery the tables were read in full at " + taken.getCompletedAt() + ", because "
                + taken.getReason() + ": " + taken.getWritten() + " rows differed, " + taken.getRemoved()
                + " of them gone";
    }

    private static String words(CaptureHold hold) {
        return "Capture is held since " + hold.getHeldSince() + ", because " + hold.getReason()
                + ", and a new snapshot would remove "
                + Removals.words(hold.getRemovals())
                + ": this file holds the state before (patronstream approve connector, or reject)";
    }
}
