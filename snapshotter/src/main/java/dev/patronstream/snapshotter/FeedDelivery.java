package dev.patronstream.snapshotter;

import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.cut.CaptureNews;
import dev.patronstream.snapshotter.cut.Cut;
import dev.patronstream.snapshotter.cut.CutFailedException;
import dev.patronstream.snapshotter.cut.FeedCutter;
import dev.patronstream.snapshotter.delivery.Archive;
import dev.patronstream.snapshotter.delivery.DeliveryLedger;
import dev.patronstream.snapshotter.delivery.FileFolder;
import dev.patronstream.snapshotter.delivery.Receipts;
import dev.patronstream.snapshotter.delivery.SftpDestination;
import dev.patronstream.snapshotter.delivery.Upload;
import dev.patronstream.snapshotter.delivery.UploadFailedException;
import dev.patronstream.snapshotter.layout.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to deliver a feed, from the cut to the receipt.
 *
 * <p>Whatever happens after the ledger was opened ends in a receipt, unless the cluster that keeps the receipts fails
 * itself. One attempt at a time.
 */
final class FeedDelivery {

    private static final Logger LOGGER = LoggerFactory.getLogger(FeedDelivery.class);

    private final SnapshotterSettings settings;
    private final FeedSettings feed;
    private final Layout layout;
    private final AvroSerdes serdes;
    private final Clock clock;
    private final FeedCutter cutter;
    private final CaptureNews news;
    private final Archive archive;
    private final Receipts receipts;

    FeedDelivery(SnapshotterSettings settings, FeedSettings feed, AvroSerdes serdes, Clock clock) {
        this.settings = settings;
        this.feed = feed;
        this.layout = feed.layout().layout();
        this.serdes = serdes;
        this.clock = clock;
        this.cutter = new FeedCutter(settings.topics(), settings.kafka(), serdes, clock);
        this.news = new CaptureNews(settings.topics(), settings.kafka(), serdes);
        this.archive = new Archive(settings.archive(), settings.generations());
        this.receipts = new Receipts(settings.topics(), settings.kafka(), serdes);
    }

    /** Writes the files into a folder and leaves everything else as it is. */
    Delivery dryRun(Path folder) {
        Receipt receipt = new Receipt(feed, clock.instant());
        try {
            Cut cut = cutter.cut(feed.selection(), settings.cutTimeLimit());
            receipt.cut(cut);
            receipt.file(PatronFiles.write(layout, cut, new FileFolder(folder), receipt.fileName()));
            return receipt.with(DeliveryResult.WRITTEN, Optional.empty());
        } catch (CutFailedException e) {
            return receipt.with(DeliveryResult.FAILED, Optional.of(e.getMessage()));
        } catch (IOException e) {
            return receipt.with(DeliveryResult.FAILED, Optional.of(localFailure(folder, e)));
        }
    }

    /** Delivers the feed. */
    Delivery deliver(boolean evenIfUnchanged) {
        Receipt receipt = new Receipt(feed, clock.instant());
        try (DeliveryLedger ledger = new DeliveryLedger(settings.topics(), feed.feed(), settings.kafka(), serdes)) {
            Delivery result = attempt(receipt, ledger, evenIfUnchanged);
            prune();
            return result;
        }
    }

    private Delivery attempt(Receipt receipt, DeliveryLedger ledger, boolean evenIfUnchanged) {
        try {
            Cut cut = cutter.cut(feed.selection(), settings.cutTimeLimit());
            receipt.cut(cut);
            receipt.captureNews(news.of(cut, Receipts.lastEpoch(receipts.of(feed.feed())), clock.instant()));
            PatronFiles files =
                    PatronFiles.write(layout, cut, archive.open(feed.feed(), receipt.id()), receipt.fileName());
            receipt.file(files);
            if (files.written().rows() == 0) {
                return write(ledger, receipt.with(DeliveryResult.HELD, Optional.of(whyEmptyIsHeld(cut))));
            }
            Optional<String> heldByRules = files.file().whyHeld();
            if (heldByRules.isPresent()) {
                return write(ledger, receipt.with(DeliveryResult.HELD, heldByRules));
            }
            if (feed.destination().isEmpty()) {
                return write(ledger, receipt.with(DeliveryResult.WRITTEN, Optional.empty()));
            }
            return send(receipt, ledger, cut, files, feed.destination().get(), evenIfUnchanged);
        } catch (CutFailedException | UploadFailedException e) {
            return write(ledger, receipt.with(DeliveryResult.FAILED, Optional.of(e.getMessage())));
        } catch (IOException e) {
            return write(ledger, receipt.with(DeliveryResult.FAILED, Optional.of(localFailure(settings.archive(), e))));
        }
    }

    private Delivery send(
            Receipt receipt,
            DeliveryLedger ledger,
            Cut cut,
            PatronFiles files,
            SftpDestination destination,
            boolean evenIfUnchanged)
            throws UploadFailedException {
        receipt.destination(destination);
        Upload.Order order = new Upload.Order(
                feed.feed(),
                receipt.id(),
                files.csv(),
                destination.propertiesFile().isEmpty() ? Optional.empty() : Optional.of(files.properties()),
                Receipts.heldByVendor(receipts.of(feed.feed())),
                evenIfUnchanged);
        Upload upload = new Upload(
                destination,
                SnapshotterSettings.pathOf(feed.feed()) + ".destination.sftp",
                order,
                // A process that dies from here on leaves this receipt; one that was taken over stops here.
                () -> ledger.write(receipt.with(DeliveryResult.SENDING, Optional.of("The delivery is under way"))));
        Upload.Outcome outcome;
        try {
            outcome = upload.run();
        } finally {
            receipt.connected(upload);
        }
        Delivery delivered = receipt.with(
                outcome == Upload.Outcome.UNCHANGED ? DeliveryResult.UNCHANGED : DeliveryResult.DELIVERED,
                remark(outcome));
        ledger.writeDelivered(delivered, files.file(), cut::holds, clock.instant());
        return logged(delivered);
    }

    private static Optional<String> remark(Upload.Outcome outcome) {
        return switch (outcome) {
            case DELIVERED, UNCHANGED -> Optional.empty();
            case ARRIVED_BEFORE ->
                Optional.of("The vendor's file was this one already: an earlier attempt was interrupted after it had"
                        + " arrived. It was not sent again");
            case DELIVERED_WITH_GAP ->
                Optional.of("The server cannot rename over a file, so there was no file for a moment, as"
                        + " allow-non-atomic-rename permits");
        };
    }

    private Delivery write(DeliveryLedger ledger, Delivery delivery) {
        ledger.write(delivery);
        return logged(delivery);
    }

    private Delivery logged(Delivery delivery) {
        var event = delivery.getResult() == DeliveryResult.FAILED || delivery.getResult() == DeliveryResult.HELD
                ? LOGGER.atWarn()
                : LOGGER.atInfo();
        event.addKeyValue("feed", delivery.getFeed())
                .addKeyValue("delivery", delivery.getId())
                .addKeyValue("result", delivery.getResult())
                .addKeyValue("rows", delivery.getRows())
                .addKeyValue("problems", delivery.getProblems())
                .addKeyValue("watermark", delivery.getWatermark().orElse("none"))
                .addKeyValue("durationMillis", delivery.getDurationMillis())
                .addKeyValue("reason", delivery.getMessage().orElse("none"))
                .log("Delivery attempt ended");
        return delivery;
    }

    private static String whyEmptyIsHeld(Cut cut) {
        return "The file would hold no patron (the feed has " + cut.size() + ", the problem report says why "
                + (cut.size() == 0 ? "none" : "they were left out")
                + "). It was not sent, and the vendor holds what it held before. Check the feed's schools and statuses";
    }

    static String localFailure(Path folder, IOException e) {
        return "The files could not be written to " + folder + " (" + e.getMessage()
                + "). Check the folder's rights and the space on its disk. Nothing was sent, and the vendor holds what"
                + " it held before";
    }

    /** Old copies that cannot be deleted must not keep a delivery from being one; the next one tries again. */
    private void prune() {
        try {
            archive.prune(feed.feed());
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("folder", settings.archive())
                    .setCause(e)
                    .log("Old local copies could not be deleted");
        }
    }
}
