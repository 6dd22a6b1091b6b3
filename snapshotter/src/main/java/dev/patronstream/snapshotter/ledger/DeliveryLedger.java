package dev.patronstream.snapshotter.ledger;

import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.KafkaAnswers;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.cut.PersonNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.BiPredicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the receipts of one feed, and with them, in the same transaction, what the vendor holds.
 *
 * <p>Opening a ledger takes the feed over: a snapshotter that had it open before can write nothing any more. For one
 * attempt and one thread.
 */
public final class DeliveryLedger implements AutoCloseable {

    private static final int TRANSACTION_TIMEOUT_MILLIS = 120_000;

    private final Topics topics;
    private final String feed;
    private final AvroSerdes serdes;
    private final Producer<String, byte[]> producer;
    private final long end;
    private FeedState state;
    private Optional<Instant> servedUntil = Optional.empty();

    /** Takes the feed over; {@code kafka} are properties that every Kafka client gets. */
    public DeliveryLedger(Topics topics, String feed, Map<String, Object> kafka, AvroSerdes serdes) {
        this.topics = topics;
        this.feed = feed;
        this.serdes = serdes;
        producer = producer(topics, feed, kafka);
        try {
            producer.initTransactions();
            try (CommittedTopics reader = new CommittedTopics(kafka)) {
                state = FeedStates.read(reader, topics, serdes, feed);
                end = reader.id(topics.deliveries()).isPresent() ? reader.end(topics.deliveries()) : 0;
            }
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
    }

    private static Producer<String, byte[]> producer(Topics topics, String feed, Map<String, Object> kafka) {
        Map<String, Object> configuration = new TreeMap<>(kafka);
        configuration.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.snapshotterTransactionalId(feed));
        configuration.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        configuration.put(ProducerConfig.ACKS_CONFIG, "all");
        configuration.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        configuration.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        return new KafkaProducer<>(configuration, new StringSerializer(), new ByteArraySerializer());
    }

    /** Ends the transaction that one who was killed has left open: until it times out, nobody can read what follows. */
    public static void endLeftOpen(Topics topics, String feed, Map<String, Object> kafka) {
        try (Producer<String, byte[]> successor = producer(topics, feed, kafka)) {
            successor.initTransactions();
        }
    }

    /** Returns how the feed stands; nobody else changes it as long as this ledger is open. */
    public FeedState state() {
        return state;
    }

    /** Goes on from another state than the one that was read: that one had lost records. */
    public void restate(FeedState known) {
        state = known;
    }

    public long nextSequence(Archive archive) {
        // Topics that were made again begin at 0, and a copy of before must not be newer than what comes.
        return Math.max(Math.max(end, state.getSequence() + 1), archive.lastSequence(feed) + 1);
    }

    /** From the next receipt on that ends an attempt, the fixed times up to this one are served. */
    public void serves(Instant fixedTimesUntil) {
        servedUntil = Optional.of(fixedTimesUntil);
    }

    /** Another snapshotter has taken the feed over since; the attempt must end without touching anything further. */
    public static final class FencedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public FencedException(String feed, Throwable cause) {
            super(
                    "Another snapshotter has begun to deliver the feed '" + feed
                            + "', so this attempt stopped. Run one of them only",
                    cause);
        }
    }

    public void write(Delivery... written) {
        write(List.of(written), Optional.empty(), () -> {});
    }

    /**
     * Writes the receipt of an attempt whose files are about to take their places, with those people whom the vendor was
     * not sent before: from here on it may have them. Once the attempt has ended they are there, or known not to be.
     */
    public void announce(Delivery receipt, ArchivedRows.Source rows, DeliveredTable held, Instant at) {
        write(List.of(receipt), Optional.of(held), () -> {
            if (FeedStates.mayArrive(receipt)) {
                sendDifferences(
                        rows,
                        held,
                        receipt.getId(),
                        at,
                        (before, row) -> row.filter(next -> !next.getStatus().equals(HeldPatrons.INACTIVE))
                                        .isPresent()
                                && before.filter(HeldPatrons.Held::isThere).isEmpty());
            }
        });
    }

    /**
     * Writes the receipt of a file that the vendor holds, those that end with it, and the differences between what the
     * vendor held and what it holds.
     *
     * @throws UncheckedIOException if the rows cannot be read; nothing is written then
     */
    public void writeDelivered(
            Delivery receipt, List<Delivery> superseded, ArchivedRows.Source rows, DeliveredTable held, Instant at) {
        List<Delivery> receipts = new ArrayList<>(superseded);
        receipts.add(receipt);
        write(
                receipts,
                Optional.of(held),
                () -> sendDifferences(rows, held, receipt.getId(), at, (before, row) -> true));
    }

    /** Takes receipts away for good; the state of the feed does not rest on them. */
    public void forget(List<Delivery> receipts) {
        if (!receipts.isEmpty()) {
            inTransaction(() -> receipts.forEach(receipt -> {
                var unused = send(topics.deliveries(), receipt.getId(), Delivery.class, Optional.empty());
            }));
        }
    }

    private void sendDifferences(
            ArchivedRows.Source rows,
            DeliveredTable held,
            String deliveryId,
            Instant at,
            BiPredicate<Optional<HeldPatrons.Held>, Optional<DeliveredRow>> matters) {
        try {
            rows.giveTo((key, row) -> {
                Optional<HeldPatrons.Held> before = held.of(PersonNumber.ofKey(key));
                if (!row.map(RowFingerprint::of).equals(before.map(HeldPatrons.Held::row))
                        && matters.test(before, row)) {
                    Optional<DeliveredRow> stamped = row.map(value -> stamped(value, deliveryId, at));
                    sendRow(key, stamped);
                    held.put(key, stamped);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(List<Delivery> receipts, Optional<DeliveredTable> held, Runnable rows) {
        FeedState next = state;
        for (Delivery receipt : receipts) {
            next = FeedStates.after(next, receipt);
            boolean ended =
                    receipt.getResult() != DeliveryResult.SENDING && receipt.getResult() != DeliveryResult.SUPERSEDED;
            if (ended && servedUntil.isPresent()) {
                next = FeedState.newBuilder(next)
                        .setServedUntil(servedUntil.get())
                        .build();
            }
        }
        FeedState.Builder last = FeedState.newBuilder(next).setVersion(state.getVersion() + 1);
        inTransaction(() -> {
            for (Delivery receipt : receipts) {
                // One that was taken over ends here, before it reads files that another one may have cleared away.
                KafkaAnswers.await(send(topics.deliveries(), receipt.getId(), Delivery.class, Optional.of(receipt)));
            }
            held.ifPresent(table -> {
                table.takeCorrections().forEach(this::sendRow);
                rows.run();
                last.setRows(table.digest());
            });
            var unused = send(topics.feedStates(), feed, FeedState.class, Optional.of(last.build()));
        });
        state = last.build();
    }

    private void sendRow(String key, Optional<DeliveredRow> row) {
        var unused = send(topics.delivered(feed), key, DeliveredRow.class, row);
    }

    /** Returns the row with the delivery that carried it first. */
    public static DeliveredRow stamped(DeliveredRow row, String deliveryId, Instant at) {
        return row.getDeliveryId().isEmpty()
                ? DeliveredRow.newBuilder(row)
                        .setDeliveryId(deliveryId)
                        .setDeliveredAt(at)
                        .build()
                : row;
    }

    @Override
    public void close() {
        producer.close();
    }

    /** A record that could not be sent fails the commit. */
    private <T extends SpecificRecord> Future<RecordMetadata> send(
            String topic, String key, Class<T> type, Optional<T> value) {
        byte[] bytes = value.map(record -> serdes.serializer(type).serialize(topic, record))
                .orElse(null);
        return producer.send(new ProducerRecord<>(topic, 0, key, bytes));
    }

    private void inTransaction(Runnable writes) {
        try {
            producer.beginTransaction();
            try {
                writes.run();
                producer.flush();
            } catch (RuntimeException e) {
                abort(e);
                throw e;
            }
            commit();
        } catch (KafkaException e) {
            throw isFenced(e) || isFenced(e.getCause()) ? new FencedException(feed, e) : e;
        }
    }

    private static boolean isFenced(@Nullable Throwable e) {
        return e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException;
    }

    /** A commit without an answer may have happened: asking again is safe, aborting would not be. */
    private void commit() {
        try {
            producer.commitTransaction();
        } catch (TimeoutException unknown) {
            producer.commitTransaction();
        }
    }

    private void abort(RuntimeException cause) {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }
}
