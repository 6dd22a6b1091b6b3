package dev.patronstream.snapshotter;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.snapshotter.cut.Cut;
import dev.patronstream.snapshotter.delivery.DeliveryId;
import dev.patronstream.snapshotter.delivery.SftpDestination;
import dev.patronstream.snapshotter.delivery.StoredFile;
import dev.patronstream.snapshotter.delivery.Upload;
import dev.patronstream.snapshotter.layout.PatronCsv;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A receipt that fills as the attempt goes on. Not thread-safe. */
final class Receipt {

    private final Delivery.Builder fields = Delivery.newBuilder();
    private final String feed;
    private final Instant startedAt;
    private final long startedNanos = System.nanoTime();

    Receipt(FeedSettings settings, Instant startedAt) {
        this.feed = settings.feed();
        this.startedAt = startedAt;
        fields.setId(DeliveryId.of(feed, startedAt, 0))
                .setFeed(feed)
                .setFileName(settings.destination().map(SftpDestination::file).orElse(SftpDestination.DEFAULT_FILE))
                .setStartedAt(startedAt)
                .setBytes(0)
                .setRows(0)
                .setProblems(0)
                .setAttempts(0);
    }

    String id() {
        return fields.getId();
    }

    String fileName() {
        return fields.getFileName();
    }

    void cut(Cut cut) {
        EpochApplied epoch = cut.epoch();
        fields.setId(DeliveryId.of(feed, startedAt, epoch.getEpoch()))
                .setIncarnation(epoch.getIncarnation())
                .setWatermark(epoch.getWatermark())
                .setEpoch(epoch.getEpoch())
                .setBusinessDate(epoch.getBusinessDate())
                .setFreshAsOf(epoch.getFreshAsOf().orElse(null));
    }

    /** What happened in capture that whoever looks at the delivery should know. */
    void captureNews(List<String> news) {
        fields.setCaptureNews(news);
    }

    void file(PatronFiles files) {
        StoredFile csv = files.csv();
        PatronCsv.Written written = files.written();
        fields.setSha256(csv.sha256())
                .setBytes(csv.bytes())
                .setRows(written.rows())
                .setRowsPerSite(Map.copyOf(written.rowsPerSite()))
                .setColumns(files.file().layout().headers())
                .setProblems(files.file().problems().size());
    }

    void destination(SftpDestination destination) {
        fields.setDestination(destination.address());
    }

    void connected(Upload upload) {
        fields.setHostKeyFingerprint(upload.hostKeyFingerprint().orElse(null)).setAttempts(upload.connections());
    }

    /** Returns the receipt as it stands, with what became of the attempt. */
    Delivery with(DeliveryResult result, Optional<String> message) {
        return Delivery.newBuilder(fields)
                .setResult(result)
                .setMessage(message.orElse(null))
                .setDurationMillis(
                        Duration.ofNanos(System.nanoTime() - startedNanos).toMillis())
                .build();
    }
}
