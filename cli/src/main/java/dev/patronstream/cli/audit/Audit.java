package dev.patronstream.cli.audit;

import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.connector.asof.DatabaseAsOf;
import dev.patronstream.connector.asof.TablesAsOf;
import dev.patronstream.connector.asof.TablesNow;
import dev.patronstream.connector.asof.UnreachableLsnException;
import dev.patronstream.connector.check.Polling;
import dev.patronstream.connector.database.SourceErrors;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.serde.RegistryException;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicReplacedException;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.cut.CutFailedException;
import dev.patronstream.snapshotter.cut.FeedCutter;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Compares the database with the contract topics, the patron table and every feed, row by row, at the end of the newest
 * epoch that was published when it began, or of a later one.
 *
 * <p>Works beside the running stages and changes nothing. Needs memory for the tables and for the largest topic. Not
 * thread-safe.
 */
public final class Audit {

    private static final Duration READ_PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Configuration configuration;
    private final Topics topics;
    private final List<FeedSelection> feeds;
    private final ClusterClients clients;
    private final AvroSerdes serdes;
    private final InstantSource clock;

    /**
     * Makes an audit of a district.
     *
     * @param clock tells how old a record is
     */
    public Audit(Configuration configuration, ClusterClients clients, InstantSource clock) {
        this.configuration = configuration;
        this.topics = configuration.topics();
        this.feeds = configuration.deliveries().feeds().stream()
                .map(FeedSettings::selection)
                .toList();
        this.clients = clients;
        this.serdes = clients.avro();
        this.clock = clock;
    }

    /**
     * Compares.
     *
     * @param patience how long to wait for the stages to apply what is published, and again for capture to pass the time of
     *     reading
     * @param progress is notified of what is being done
     * @throws CommandFailedException if it cannot be compared; the message says why and what to do
     */
    public AuditReport run(Duration patience, Consumer<String> progress) throws InterruptedException {
        AuditReport report = once(patience, progress);
        Optional<Polling> polling = configuration.capture().polling();
        if (report.isClean() || polling.isEmpty()) {
            return report;
        }
        progress.accept(report.differences().size()
                + " differences, which may be changes since the tables were polled. Waiting for the next reading ...");
        awaitReading(report.read().at(), patience.plus(polling.get().every()));
        return once(patience, progress).alsoIn(report);
    }

    /** Waits until what the stages have applied was read after a time. */
    private void awaitReading(Instant after, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        try (CommittedTopics reader = new CommittedTopics(clients.kafka(), READ_PATIENCE)) {
            while (newest(reader)
                    .flatMap(epoch -> new Lsn(epoch.getWatermark()).readAt())
                    .filter(after::isBefore)
                    .isEmpty()) {
                if (System.nanoTime() > deadline) {
                    throw new CommandFailedException("Within " + patience.toSeconds() + " s the tables were not polled"
                            + " again, so changes since the last reading cannot be told from differences. See"
                            + " `patronstream status`, or wait longer (--wait 6m), and audit again");
                }
                Thread.sleep(BETWEEN_LOOKS.toMillis());
            }
        }
    }

    private AuditReport once(Duration patience, Consumer<String> progress) throws InterruptedException {
        try (CommittedTopics reader = new CommittedTopics(clients.kafka(), READ_PATIENCE)) {
            progress.accept("Waiting until patrons and feeds hold what is published ...");
            EpochApplied epoch = appliedEpoch(patience);
            Position position = position(reader, epoch);
            progress.accept(
                    "Reading database " + configuration.capture().database().database()
                            + (configuration.capture().polling().isPresent()
                                    ? " ..."
                                    : ", then waiting until capture has passed the time of reading ..."));
            TablesAsOf tables = tables(position, new Lsn(epoch.getWatermark()), patience);
            progress.accept("Comparing it with the topics at " + Lsn.inWords(epoch.getWatermark()) + " ...");
            TopicComparisons comparisons = new TopicComparisons(reader, serdes, epoch.getEpoch(), clock);
            for (SourceTable table : configuration.capture().columns().tables()) {
                Map<String, IndexedRecord> rows = tables.rows().get(table);
                comparisons.compare(
                        table.topic(topics),
                        table::isKey,
                        table.contract(),
                        rows.keySet(),
                        key -> Optional.ofNullable(rows.get(key)));
            }
            ExpectedPatrons expected = new ExpectedPatrons(tables, epoch.getBusinessDate());
            comparisons.compare(
                    topics.patrons(),
                    Keys::isPerson,
                    Patron.class,
                    expected.keys(),
                    key -> expected.patron(key, configuration.district().rules()));
            for (FeedSelection feed : feeds) {
                comparisons.compare(
                        topics.feed(feed.feed()),
                        Keys::isPerson,
                        FeedEntry.class,
                        expected.keys(),
                        key -> expected.entry(key, feed));
            }
            requireStillApplied(reader, epoch);
            return new AuditReport(
                    epoch,
                    new AuditReport.DatabaseRead(
                            configuration.capture().database().database(),
                            tables.readAt(),
                            tables.atOneMoment(),
                            tables.capturedUpTo().text(),
                            tables.rolledBack()),
                    comparisons.topics(),
                    comparisons.differences(),
                    tables.warnings());
        } catch (UnknownTopicOrPartitionException e) {
            throw new CommandFailedException(
                    "A topic of district '" + configuration.district().name()
                            + "' is missing, so there is nothing to compare the database with. Start the stages"
                            + " (patronstream run), let them apply their first snapshot, and audit again",
                    e);
        } catch (RegistryException e) {
            throw new CommandFailedException("registry: " + e.getMessage(), e);
        } catch (TopicReplacedException e) {
            throw new CommandFailedException(e.getMessage() + ". Audit again", e);
        } catch (TimeoutException e) {
            throw new CommandFailedException("kafka: the topics could not be read: " + e.getMessage(), e);
        }
    }

    /** As for a cut: all that had been published when the audit began, or a repair under way would count as a difference. */
    private EpochApplied appliedEpoch(Duration patience) {
        try {
            return new FeedCutter(topics, clients.kafkaProperties(), serdes).applied(feeds, patience);
        } catch (CutFailedException e) {
            throw new CommandFailedException(e.getMessage() + ". Audit again when it has caught up", e);
        }
    }

    private Optional<EpochApplied> newest(CommittedTopics reader) {
        return reader.newest(topics.epochs(), RecordForm.of(serdes.deserializer(EpochApplied.class)), Keys.EPOCH);
    }

    private Position position(CommittedTopics reader, EpochApplied epoch) {
        Position position = reader.newest(topics.offsets(), Position.FORM, Position.KEY)
                .orElseThrow(() -> new CommandFailedException("The connector has stored no position of the source in "
                        + topics.offsets() + ", so it is not known whose log the topics go by. Start it, and audit"
                        + " again"));
        if (!position.incarnation().id().equals(epoch.getIncarnation())) {
            throw new CommandFailedException("The connector captures "
                    + position.incarnation().id() + ", and patrons and feeds still hold " + epoch.getIncarnation()
                    + ". Let the streams application catch up, and audit again");
        }
        return position;
    }

    private TablesAsOf tables(Position position, Lsn lsn, Duration patience) throws InterruptedException {
        try {
            if (configuration.capture().polling().isPresent()) {
                return new TablesNow(configuration.capture()).read(position, lsn);
            }
            return new DatabaseAsOf(
                            configuration.capture().database(),
                            configuration.capture().columns(),
                            configuration.district().timeZone())
                    .read(position, lsn, patience);
        } catch (UnreachableLsnException | CaptureException e) {
            throw failed(e.getMessage(), e);
        } catch (SQLException e) {
            throw failed(SourceErrors.said(configuration.capture().database(), e), e);
        }
    }

    private CommandFailedException failed(@Nullable String why, Exception cause) {
        return new CommandFailedException(
                "sqlserver (" + configuration.capture().database().address() + "): " + why, cause);
    }

    /** While everybody is evaluated again, or the topics begin again, what the topics hold is the state of no epoch. */
    private void requireStillApplied(CommittedTopics reader, EpochApplied epoch) {
        boolean still = newest(reader)
                .filter(now -> now.getGeneration().equals(epoch.getGeneration())
                        && now.getEpoch() >= epoch.getEpoch()
                        && now.getFeeds().equals(epoch.getFeeds()))
                .isPresent();
        if (!still) {
            throw new CommandFailedException(
                    "The streams application began to evaluate everybody again while the topics"
                            + " were read. Audit again when it has caught up");
        }
    }
}
