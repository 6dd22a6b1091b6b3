package dev.patronstream.cli.stages;

import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.StageReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the last word of every stage and instance, and measures how long ago it was said, without comparing two
 * machines' clocks.
 *
 * <p>What this process writes comes back to it through the topic. The time between two such echoes is time in which
 * words of others would have been seen; the silence of others is counted in it alone, so that nobody is taken for silent
 * because this process, or Kafka, stood still. Words from before the first echo are as old as the broker's append times
 * say, which are all by one clock. Not thread-safe.
 */
final class StageMemory {

    /** A longer gap between two echoes is time in which this process could not see. */
    private static final Duration LONGEST_GAP = StageBoard.HEARTBEAT.multipliedBy(2);

    private static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

    private final LongSupplier nanoTime;
    private final long startedNanos;
    private final Map<String, Word> words = new TreeMap<>();
    private final Map<String, Long> leftNanos = new TreeMap<>();
    private @Nullable Long echoNanos;
    private long watchedNanos;

    private record Word(StageReport report, long offset, Instant appended, long nanos, long watchedNanos) {}

    StageMemory(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.startedNanos = nanoTime.getAsLong();
    }

    /** Something was read of the topic, in its order; empty for a tombstone. */
    void hear(String key, Optional<StageReport> report, long offset, Instant appended) {
        if (report.isEmpty()) {
            words.remove(key);
            leftNanos.put(key.substring(0, Math.max(0, key.indexOf('/'))), watchedNanos);
            return;
        }
        words.put(key, new Word(report.get(), offset, appended, nanoTime.getAsLong(), watchedNanos));
    }

    /** What this process wrote has come back. */
    void echo(Instant appended) {
        long now = nanoTime.getAsLong();
        if (echoNanos == null) {
            words.replaceAll((key, word) -> {
                long before =
                        Math.max(0, Duration.between(word.appended(), appended).toNanos());
                return new Word(word.report(), word.offset(), word.appended(), now - before, -before);
            });
        } else {
            watchedNanos += Math.min(now - echoNanos, LONGEST_GAP.toNanos());
        }
        echoNanos = now;
        words.values().removeIf(word -> silence(word).compareTo(FORGOTTEN_AFTER) > 0);
    }

    /** Whether anything this process wrote has come back, and so all that was written before. */
    boolean hears() {
        return echoNanos != null;
    }

    /** Everything has to be read again, from a topic that may be another one. */
    void forget() {
        words.clear();
        leftNanos.clear();
        echoNanos = null;
        watchedNanos = 0;
    }

    /** How long this process has seen nothing of a stage of which no last word is known. */
    Duration absence(String stage) {
        return Duration.ofNanos(watchedNanos - leftNanos.getOrDefault(stage, 0L));
    }

    /** How long this process has not been able to see what others say. */
    Duration blind() {
        return Duration.ofNanos(nanoTime.getAsLong() - (echoNanos == null ? startedNanos : echoNanos));
    }

    List<Heard> all() {
        return words.values().stream().map(this::heard).toList();
    }

    private Heard heard(Word word) {
        return new Heard(
                word.report(),
                silence(word),
                Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - word.nanos())),
                isReplaced(word));
    }

    private Duration silence(Word word) {
        return Duration.ofNanos(Math.max(0, watchedNanos - word.watchedNanos()));
    }

    private boolean isReplaced(Word word) {
        return words.values().stream()
                .filter(other -> other.report().getStage().equals(word.report().getStage()))
                .filter(other -> silence(other).compareTo(Heard.SILENT_AFTER) < 0)
                .anyMatch(other ->
                        other.report().getInstance().getJoinedAtOffset().orElse(other.offset()) > word.offset());
    }

    static String key(StageReport report) {
        return Keys.stage(report.getStage(), report.getInstance());
    }
}
