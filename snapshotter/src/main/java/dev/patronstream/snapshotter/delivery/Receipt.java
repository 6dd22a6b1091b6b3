package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryFile;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.lifecycle.ThisProcess;
import dev.patronstream.snapshotter.cut.FeedCutter.Cut;
import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.destination.Upload;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.file.DeliveryId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A receipt that fills as the attempt goes on. Not thread-safe. */
final class Receipt {

    private final Delivery.Builder fields;
    private final String feed;
    private final Instant startedAt;
    private final int attemptsBefore;
    private final long startedNanos = System.nanoTime();

    Receipt(FeedSettings settings, Instant startedAt, long sequence) {
        this.attemptsBefore = 0;
        this.feed = settings.feed();
        this.startedAt = startedAt;
        this.fields = Delivery.newBuilder();
        fields.setId(DeliveryId.of(feed, startedAt, sequence))
                .setSequence(sequence)
                .setFeed(feed)
                .setFileName(last(settings.rowFiles()))
                .setStartedAt(startedAt)
                .setBytes(0)
                .setRows(0)
                .setProblems(0)
                .setAttempts(0);
    }

    /** Goes on with the receipt of a file that waited. */
    Receipt(Delivery waiting) {
        this.feed = waiting.getFeed();
        this.startedAt = waiting.getStartedAt();
        this.attemptsBefore = waiting.getAttempts();
        this.fields = Delivery.newBuilder(waiting);
    }

    /** Begins the receipt of sending a file once more. */
    Receipt(Delivery earlier, Instant startedAt, long sequence) {
        this.feed = earlier.getFeed();
        this.startedAt = startedAt;
        this.attemptsBefore = 0;
        this.fields = Delivery.newBuilder(earlier)
                .setFiles(earlier.getFiles().stream()
                        .map(file -> DeliveryFile.newBuilder(file)
                                .setState(DeliveryFileState.OLD)
                                .build())
                        .toList())
                .setId(DeliveryId.of(feed, startedAt, sequence))
                .setSequence(sequence)
                .setStartedAt(startedAt)
                .setResendOf(earlier.getId())
                .setHolds(List.of())
                .setDifference(null)
                .setDecision(null)
                .setRecordsRead(null)
                .setHostKeyFingerprint(null)
                .setAttempts(0);
    }

    String id() {
        return fields.getId();
    }

    /** Returns the names of the files, in the order of delivery. */
    List<String> fileNames() {
        return fields.getFiles().stream().map(DeliveryFile::getName).toList();
    }

    void cut(Cut cut) {
        EpochApplied epoch = cut.epoch();
        fields.setIncarnation(epoch.getIncarnation())
                .setWatermark(epoch.getWatermark())
                .setEpoch(epoch.getEpoch())
                .setBusinessDate(epoch.getBusinessDate())
                .setFreshAsOf(epoch.getFreshAsOf().orElse(null));
    }

    /** What happened in capture that anyone who looks at the delivery should know. */
    void captureNews(List<String> news) {
        fields.setCaptureNews(news);
    }

    void draft(Draft draft) {
        draft.describe(fields);
    }

    Instant startedAt() {
        return startedAt;
    }

    void decision(DeliveryDecision decision) {
        fields.setDecision(decision);
    }

    void destination(Destination destination) {
        fields.setDestination(destination.address());
    }

    void progress(Upload upload) {
        upload.hostKeyFingerprint().ifPresent(fields::setHostKeyFingerprint);
        fields.setAttempts(attemptsBefore + upload.connections());
        fields.setFiles(fields.getFiles().stream()
                .map(file -> DeliveryFile.newBuilder(file)
                        .setState(upload.state(file.getName()).orElse(file.getState()))
                        .build())
                .toList());
    }

    /** Whether the vendor may hold one of the files already, as far as the upload has come. */
    boolean mayHavePlaced() {
        return fields.getFiles().stream().anyMatch(file -> file.getState() != DeliveryFileState.OLD);
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }

    /** Returns the receipt as it stands, with what became of the attempt. */
    Delivery with(DeliveryResult result, Optional<String> message) {
        return Delivery.newBuilder(fields)
                .setResult(result)
                .setMessage(message.orElse(null))
                .setMadeBy(ThisProcess.name())
                .setDurationMillis(
                        Duration.ofNanos(System.nanoTime() - startedNanos).toMillis())
                .build();
    }
}
