package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.SnapshotterSettings;
import dev.patronstream.snapshotter.ledger.Archive;
import dev.patronstream.snapshotter.ledger.ArchivedRows;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.ledger.FeedStates;
import dev.patronstream.snapshotter.ledger.Receipts;
import java.nio.file.Path;
import java.time.Clock;

/** What every attempt to deliver a feed works with. */
public record DeliveryContext(SnapshotterSettings settings, FeedSettings feed, AvroSerdes serdes, Clock clock) {

    public String name() {
        return feed.feed();
    }

    Archive archive() {
        return settings.archive();
    }

    Receipts receipts() {
        return new Receipts(settings.topics(), settings.kafka(), serdes);
    }

    public FeedState state() {
        return FeedStates.read(settings.kafka(), settings.topics(), serdes, name());
    }

    DeliveryLedger openLedger() {
        return new DeliveryLedger(settings.topics(), name(), settings.kafka(), serdes);
    }

    Path rowsFile(String deliveryId) {
        return archive().folderOf(name(), deliveryId).resolve(ArchivedRows.FILE);
    }

    ArchivedRows.Source archivedRows(String deliveryId) {
        return sink -> ArchivedRows.read(rowsFile(deliveryId), sink);
    }
}
