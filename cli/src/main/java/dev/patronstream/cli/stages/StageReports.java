package dev.patronstream.cli.stages;

import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.Lead;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.StageFeed;
import dev.patronstream.schemas.StageFreshness;
import dev.patronstream.schemas.StageNote;
import dev.patronstream.schemas.StageProgress;
import dev.patronstream.schemas.StageReport;
import dev.patronstream.schemas.StageState;
import dev.patronstream.snapshotter.FeedStatus;
import dev.patronstream.snapshotter.SnapshotterStatus;
import dev.patronstream.streams.StreamsStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Puts what the stages of this process know of themselves into the words of the topic of stages; who says so, and since
 * when it is so, is added by the board. Keys and counts only, nothing about a person.
 */
public final class StageReports {

    private StageReports() {}

    /** The words of a stage that has nothing else to tell. */
    public static StageReport.Builder of(StageState state, String message, Lead lead) {
        StageReport.Builder words = StageReport.newBuilder().setState(state).setMessage(message);
        words.getRoleBuilder().setLeads(lead);
        return words;
    }

    /** How the connector is doing; {@code further} is what people should know besides. */
    public static StageReport.Builder connector(ConnectorStatus status, List<String> further) {
        Map<String, String> details = new TreeMap<>();
        status.lastEpoch().ifPresent(epoch -> details.put("epoch", Long.toString(epoch)));
        status.watermark().ifPresent(lsn -> details.put("watermark", lsn.inWords()));
        status.lastPublished().ifPresent(time -> details.put("last published", time.toString()));
        List<StageNote> notes = new ArrayList<>();
        status.warnings().forEach(warning -> notes.add(new StageNote(null, warning)));
        status.notices().forEach(notice -> notes.add(new StageNote(notice.at(), notice.text())));
        further.forEach(text -> notes.add(new StageNote(null, text)));
        StageState state = state(status.state());
        return of(state, status.state().inWords(), lead(status.state(), state))
                .setProgress(StageProgress.newBuilder()
                        .setEpoch(
                                status.lastEpoch().isPresent()
                                        ? (Long) status.lastEpoch().getAsLong()
                                        : null)
                        .setFreshness(StageFreshness.valueOf(
                                status.freshness().state().name()))
                        .setFreshAsOf(status.freshness().asOf().orElse(null))
                        .setNote(status.freshness().note())
                        .build())
                .setDetails(details)
                .setNotes(notes)
                .setCounters(counters(status.counters()));
    }

    /**
     * How the streams application is doing.
     *
     * @param hasTask whether this process does the work, rather than another one
     * @param hasCopy whether it keeps a copy of the state for that
     */
    public static StageReport.Builder streamsApp(StreamsStatus status, boolean hasTask, boolean hasCopy) {
        StageState state = state(status.phase());
        if (!hasTask && state == StageState.RUNNING) {
            return of(
                    state,
                    "waits: another process keeps the patron table, "
                            + (hasCopy
                                    ? "this one a copy of the state"
                                    : "and no copy of the state is here (streams.standby-replicas)"),
                    Lead.WAITS);
        }
        Map<String, String> details = new TreeMap<>();
        status.applied().ifPresent(applied -> {
            details.put("epoch", Long.toString(applied.getEpoch()));
            details.put("watermark", Lsn.inWords(applied.getWatermark()));
            details.put("business date", applied.getBusinessDate().toString());
        });
        status.work()
                .ifPresent(work -> details.put(
                        "work", work.name() + ": " + work.done() + (work.total() > 0 ? " of " + work.total() : "")));
        Optional<StageProgress> progress = status.applied().map(applied -> StageProgress.newBuilder()
                .setEpoch(applied.getEpoch())
                .setFreshness(applied.getFreshAsOf().isPresent() ? StageFreshness.KNOWN : StageFreshness.UNKNOWN)
                .setFreshAsOf(applied.getFreshAsOf().orElse(null))
                .setPatrons(status.patrons())
                .setFeedEntries(status.feedEntries())
                .build());
        return of(state, status.message(), hasTask ? Lead.YES : Lead.NO)
                .setProgress(progress.orElse(null))
                .setDetails(details)
                .setNotes(status.notes());
    }

    /**
     * How the snapshotter is doing; {@code further} is what people should know besides.
     *
     * @param receipts the last receipts, the newest first: a decision may have been made in another process
     */
    public static StageReport.Builder snapshotter(
            SnapshotterStatus status, List<Delivery> receipts, List<String> further) {
        List<StageNote> notes =
                further.stream().map(text -> new StageNote(null, text)).toList();
        if (!status.leads()) {
            return of(StageState.RUNNING, "waits: another snapshotter carries out the schedules", Lead.WAITS)
                    .setNotes(notes);
        }
        Map<String, StageFeed> feeds = new HashMap<>();
        status.feeds()
                .forEach(feed -> feeds.put(
                        feed.feed(),
                        new StageFeed(
                                feed.running(),
                                feed.nextRun().orElse(null),
                                feed.pausedUntil().orElse(null),
                                failure(receipts, feed).orElse(null))));
        Optional<String> held = status.feeds().stream()
                .flatMap(feed -> newest(receipts, feed).stream())
                .filter(receipt -> receipt.getResult() == DeliveryResult.HELD)
                .map(receipt -> receipt.getFeed() + ": " + receipt.getMessage().orElse("held"))
                .findFirst();
        Optional<String> failure = status.feeds().stream()
                .flatMap(feed -> failure(receipts, feed).map(why -> feed.feed() + ": " + why).stream())
                .findFirst();
        String message = held.or(() -> failure)
                .or(() -> delivering(status.feeds()))
                .or(() -> paused(status.feeds()))
                .orElse("waits for the next schedule or request");
        StageState state =
                held.isPresent() ? StageState.HELD : failure.isPresent() ? StageState.RETRYING : StageState.RUNNING;
        return of(state, message, Lead.YES).setFeeds(feeds).setNotes(notes);
    }

    private static Optional<String> delivering(List<FeedStatus> feeds) {
        String names =
                feeds.stream().filter(FeedStatus::running).map(FeedStatus::feed).collect(Collectors.joining(", "));
        return names.isEmpty() ? Optional.empty() : Optional.of("delivers " + names);
    }

    private static Optional<String> paused(List<FeedStatus> feeds) {
        return feeds.stream()
                .flatMap(feed -> feed.pausedUntil().map(until -> feed.feed() + " is paused until " + until).stream())
                .findFirst();
    }

    private static Optional<Delivery> newest(List<Delivery> receipts, FeedStatus feed) {
        return receipts.stream()
                .filter(receipt -> receipt.getFeed().equals(feed.feed()))
                .findFirst()
                .or(feed::lastReceipt);
    }

    /** By the receipts; a failure may have left none. */
    private static Optional<String> failure(List<Delivery> receipts, FeedStatus feed) {
        Optional<Delivery> newest = newest(receipts, feed);
        return newest.filter(receipt ->
                        receipt.getResult() == DeliveryResult.FAILED || receipt.getResult() == DeliveryResult.HELD)
                .map(receipt -> receipt.getMessage().orElse("was not delivered"))
                .or(() -> newest.equals(feed.lastReceipt()) ? feed.lastFailure() : Optional.empty());
    }

    private static Lead lead(ConnectorStatus.State status, StageState state) {
        if (status instanceof ConnectorStatus.Standby spare && spare.leader().isPresent()) {
            return Lead.WAITS;
        }
        boolean captures = state != StageState.STARTING && state != StageState.FAILED && state != StageState.STOPPED;
        return captures ? Lead.YES : Lead.NO;
    }

    private static StageState state(ConnectorStatus.State state) {
        if (state instanceof ConnectorStatus.Snapshotting) {
            return StageState.WORKING;
        } else if (state instanceof ConnectorStatus.Streaming
                || state instanceof ConnectorStatus.Polling
                || (state instanceof ConnectorStatus.Standby spare
                        && spare.leader().isPresent())) {
            return StageState.RUNNING;
        } else if (state instanceof ConnectorStatus.Retrying || state instanceof ConnectorStatus.Waiting) {
            return StageState.RETRYING;
        } else if (state instanceof ConnectorStatus.Held) {
            return StageState.HELD;
        } else if (state instanceof ConnectorStatus.Failed) {
            return StageState.FAILED;
        } else if (state instanceof ConnectorStatus.Stopped) {
            return StageState.STOPPED;
        }
        return StageState.STARTING;
    }

    private static StageState state(StreamsStatus.Phase phase) {
        return switch (phase) {
            case STARTING -> StageState.STARTING;
            case RESTORING, REBUILDING, WORKING -> StageState.WORKING;
            case RUNNING -> StageState.RUNNING;
            case RETRYING -> StageState.RETRYING;
            case STOPPED -> StageState.STOPPED;
            case STALLED, FAILED -> StageState.FAILED;
        };
    }

    private static Map<String, Long> counters(ConnectorStatus.Counters counters) {
        return Map.of(
                "rowsPublished", counters.rows(),
                "sourceTransactions", counters.sourceTransactions(),
                "kafkaTransactions", counters.kafkaTransactions(),
                "epochs", counters.epochs(),
                "splitEpochs", counters.splits(),
                "repeatedChanges", counters.repeated(),
                "valueProblems", counters.problems(),
                "retries", counters.retries());
    }
}
