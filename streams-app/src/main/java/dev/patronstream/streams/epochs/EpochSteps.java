package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Progress;
import dev.patronstream.streams.topics.TopicReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies epochs, one after the other, each as one step.
 *
 * <p>What is done between two calls from Kafka Streams is committed together or not at all, and Streams may commit
 * after any call. So an epoch up to the piece size is applied within one call; of a larger one each call does a piece
 * and notes in the ledger how far it is. All input for a step lies in the state stores: it goes on after a crash
 * where the last commit left it.
 *
 * <p>Reads no clock: the business date comes with the epoch.
 */
public final class EpochSteps {

    private static final Logger LOGGER = LoggerFactory.getLogger(EpochSteps.class);

    /** A waiting epoch is looked after when nothing has come for this many ticks. */
    private static final int TICKS_BETWEEN_PROBES = 5;

    /** The inputs are compared with what was read of them this often: about every ten seconds. */
    private static final int TICKS_BETWEEN_CHECKS = 200;

    private final EpochSettings settings;
    private final Stores stores;
    private final TopicReader reader;
    private final Consumer<TopologyState> board;
    private final String fingerprint;
    private final Set<String> neededColumns;
    private final StateCheck check;
    private final PriorOutput priorOutput;
    private @Nullable WaitingEpoch applied;
    private @Nullable Progress replayGoal;
    /** Epochs that end before this offset of the progress topic are not applied by themselves, but with a later one. */
    private long joinBefore = -1;

    /** Whether an epoch of which the end of a topic may be lost was left to the next one. */
    private boolean hasWaitedForMend;

    private @Nullable Job run;
    private int idleTicks;
    private int ticks;
    private boolean contentsChanged;

    /** Continues from what the stores hold. */
    public EpochSteps(EpochSettings settings, Stores stores, TopicReader reader, Consumer<TopologyState> board) {
        this.settings = settings;
        this.stores = stores;
        this.reader = reader;
        this.board = board;
        this.fingerprint = settings.fingerprint();
        this.neededColumns = settings.neededColumns();
        this.check = new StateCheck(settings.topics(), stores, reader);
        check.atStart();
        applied = stores.ledger().applied().orElse(null);
        if (applied != null) {
            stores.inbox().countAsRead(applied.progress());
            stores.inbox().applied(applied);
        }
        run = Job.begun(stores, fingerprint).orElse(null);
        if (run != null) {
            stores.inbox().countAsRead(run.epoch().progress());
        }
        catchUpInOneStep();
        if (run != null && !lacking(run.epoch()).isEmpty()) {
            giveUp();
        }
        priorOutput = stores.priorOutput(reader);
        publish();
    }

    /** Takes a record in, and applies the epochs that have become whole by it. */
    public void receive(ConsumerRecord<String, byte[]> sent) {
        idleTicks = 0;
        stores.inbox().add(sent).ifPresent(row -> {
            stores.rows().fold(row);
            contentsChanged = true;
        });
        if (priorOutput.isOver() && run == null && hasWork()) {
            doPiece();
        }
        seal();
    }

    /** Goes on with what takes more than one call. */
    public void tick() {
        if (!priorOutput.isOver()) {
            loadPriorOutput();
        }
        if (priorOutput.isOver()) {
            if (run != null || hasWork()) {
                doPiece();
            } else {
                lookForMissing();
            }
        }
        publish();
        seal();
        if (++ticks % TICKS_BETWEEN_CHECKS == 0) {
            checkInputs();
        }
    }

    private void seal() {
        if (stores.ledger().hasChanged() || contentsChanged) {
            stores.seals().seal(contentsChanged);
            contentsChanged = false;
        }
    }

    private void checkInputs() {
        try {
            check.whileRunning();
        } catch (RetriableException e) {
            LOGGER.atDebug().setCause(e).log("The topics cannot be compared now");
        }
    }

    /**
     * What has come since the state was committed is applied as one step: of an epoch of the past, compaction may have
     * removed rows that have changed again since, and the rest of it may be the state of no moment at all. Compaction
     * leaves alone what is younger than its lag (24 hours); a catch-up takes less.
     */
    private void catchUpInOneStep() {
        stores.inbox().current(reader).ifPresent(current -> {
            joinBefore = current.offset() + (isGone(current.progress()) ? 1 : 0);
            if (applied == null) {
                replayGoal = current.progress();
                if (run == null) {
                    stores.inbox().replay(replayGoal, reader);
                }
                LOGGER.atInfo()
                        .addKeyValue("epoch", replayGoal.getEpoch())
                        .log("Starting without state; the contract topics are replayed up to the current epoch");
            }
        });
    }

    /** Whether rows that the epoch counts were lost. Others may take their offsets, and the next epoch comes with them. */
    private boolean isGone(Progress epoch) {
        return settings.topics().contracts().stream()
                .anyMatch(topic -> reader.end(topic) < epoch.getNextOffsets().getOrDefault(topic, 0L));
    }

    private void loadPriorOutput() {
        priorOutput.advance(settings.pieceSize());
        contentsChanged = true;
        publish();
        if (priorOutput.isOver() && run != null) {
            run = run.withEverybody(fingerprint);
            stores.ledger().job(run);
        }
    }

    /** Whether there is something to begin: a whole epoch, or everybody to evaluate again. */
    private boolean hasWork() {
        return nextEpoch().isPresent() || isToBeEvaluatedAgain();
    }

    private boolean isToBeEvaluatedAgain() {
        return applied != null && rulesDiffer() && lacking(applied).isEmpty();
    }

    /**
     * Returns the columns that the feeds need and the rows of an epoch lack. Judged by blanks, everybody whom a new
     * condition concerns would leave the feed, and come back when the tables have been read again. So such an epoch is
     * applied with the first one that has the columns.
     */
    private List<String> lacking(WaitingEpoch epoch) {
        List<String> columns = epoch.progress().getColumns();
        return columns.isEmpty()
                ? List.of()
                : neededColumns.stream()
                        .filter(column -> !columns.contains(column))
                        .toList();
    }

    /** The step was begun before the feeds needed the columns; everybody is evaluated when they have come. */
    private void giveUp() {
        stores.ledger().jobDone();
        stores.ledger().forgetRules();
        run = null;
    }

    /** Returns the epoch to apply next, if all its rows have been read. */
    private Optional<WaitingEpoch> nextEpoch() {
        Optional<WaitingEpoch> first = firstEpoch();
        while (first.isPresent() && isJoined(first.get())) {
            stores.inbox().remove(first.get());
            contentsChanged = true;
            first = firstEpoch();
        }
        return first.filter(epoch -> epoch.offset() >= joinBefore)
                .filter(epoch -> stores.inbox().missing(epoch.progress()).isEmpty());
    }

    private Optional<WaitingEpoch> firstEpoch() {
        Optional<WaitingEpoch> first = stores.inbox().firstEpoch();
        first.filter(epoch -> !lacking(epoch).isEmpty())
                .ifPresent(epoch -> joinBefore = Math.max(joinBefore, epoch.offset() + 1));
        return first;
    }

    /** Whether the epoch's rows are applied with a later epoch, whose end has been read. */
    private boolean isJoined(WaitingEpoch epoch) {
        long number = epoch.progress().getEpoch();
        if (applied != null && number <= applied.progress().getEpoch()) {
            stores.inbox()
                    .passOver("the record at offset " + epoch.offset() + " of topic "
                            + settings.topics().progress() + " was written by something else: its epoch " + number
                            + " does not follow epoch " + applied.progress().getEpoch());
            return true;
        }
        return epoch.offset() < joinBefore && epoch.offset() < stores.inbox().lastEpoch();
    }

    /**
     * Whether the epoch is exactly what was published with it. One of which compaction has removed rows is applied with
     * the current epoch, whose rows are not counted. So they must come from the topics that are there now.
     */
    private boolean isComplete(WaitingEpoch epoch) {
        if (stores.inbox().hasLaterRows(epoch.progress())) {
            joinBefore = Math.max(joinBefore, epoch.offset() + 1);
            return false;
        }
        boolean isCounted = follows(epoch.progress()) && stores.inbox().hasAllRows(epoch.progress());
        if (epoch.offset() != joinBefore) {
            if (isCounted) {
                return true;
            }
            joinBefore =
                    stores.inbox().current(reader).map(WaitingEpoch::offset).orElse(joinBefore);
        }
        if (epoch.offset() < joinBefore) {
            return false;
        }
        check.whileRunning();
        boolean lacksAnEnd = !isCounted && !hasWaitedForMend && check.lacksAnEnd(epoch.progress());
        hasWaitedForMend |= lacksAnEnd;
        if (lacksAnEnd || check.lacksABeginning(epoch.progress())) {
            joinBefore = epoch.offset() + 1;
            LOGGER.atInfo()
                    .addKeyValue("epoch", epoch.progress().getEpoch())
                    .log("A topic lacks rows of the epoch, which comes with the next one");
            return false;
        }
        return true;
    }

    /** Epochs of another generation count the offsets of other topics. */
    private boolean follows(Progress epoch) {
        return applied != null
                && epoch.getEpoch() == applied.progress().getEpoch() + 1
                && epoch.getGeneration().equals(applied.progress().getGeneration());
    }

    private boolean rulesDiffer() {
        return !stores.ledger().rules().equals(Optional.of(fingerprint));
    }

    private void doPiece() {
        int left = settings.pieceSize();
        while (left > 0 && (run != null || begin())) {
            int units = run.advance(left);
            left -= Math.max(1, units);
            contentsChanged |= units > 0;
            if (run.isOver()) {
                finish(run);
            }
        }
        if (run != null) {
            stores.ledger().job(run);
        }
        stores.outputs().forEach(WrittenTopic::save);
        publish();
    }

    private boolean begin() {
        Optional<WaitingEpoch> next = hasWork() ? nextEpoch().filter(this::isComplete) : Optional.empty();
        if (next.isEmpty() && !isToBeEvaluatedAgain()) {
            return false;
        }
        run = next.map(epoch -> Job.apply(stores, epoch, rulesDiffer(), fingerprint))
                .orElseGet(() -> Job.evaluateAgain(stores, applied, fingerprint));
        return true;
    }

    private void finish(Job job) {
        Progress epoch = job.epoch().progress();
        applied = job.epoch();
        stores.inbox().applied(applied);
        replayGoal = null;
        hasWaitedForMend = false;
        run = null;
        LOGGER.atDebug()
                .addKeyValue("epoch", epoch.getEpoch())
                .addKeyValue("rows", epoch.getRows())
                .log("Epoch applied");
    }

    /**
     * An epoch whose rows do not come: compaction may have removed them (a tombstone at the end of a topic, say), and
     * then nothing will ever come in their place. Only a look at the topic tells; waiting longer does not.
     */
    private void lookForMissing() {
        if (++idleTicks % TICKS_BETWEEN_PROBES != 0) {
            return;
        }
        Optional<WaitingEpoch> first = stores.inbox().firstEpoch();
        if (first.isEmpty()) {
            return;
        }
        for (Inbox.Missing missing : stores.inbox().missing(first.get().progress())) {
            if (reader.isEmptyBetween(missing.topic(), missing.from(), missing.to())) {
                LOGGER.atInfo()
                        .addKeyValue("topic", missing.topic())
                        .addKeyValue("from", missing.from())
                        .addKeyValue("to", missing.to())
                        .log("Compaction has removed the rows up to here; they count as read");
                stores.inbox().countAsRead(missing.topic(), missing.to());
            }
            if (reader.end(missing.topic()) < missing.to()) {
                joinBefore = Math.max(joinBefore, first.get().offset() + 1);
            }
        }
        if (hasWork()) {
            doPiece();
        }
    }

    private void publish() {
        if (!priorOutput.isOver()) {
            publish(TopologyState.Activity.LOADING, priorOutput.done(), 0, List.of());
        } else if (run != null) {
            publish(run.phase(), run.done(), run.total(), List.of());
        } else if (hasWork()) {
            publish(TopologyState.Activity.FOLDING, 0, 0, List.of());
        } else if (!awaitedColumns().isEmpty()) {
            publish(TopologyState.Activity.AWAITING_COLUMNS, 0, 0, awaitedColumns());
        } else if (replayGoal != null) {
            long total = replayGoal.getNextOffsets().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            publish(TopologyState.Activity.REPLAYING, stores.inbox().read(replayGoal), total, List.of());
        } else {
            List<String> missing = stores.inbox().firstEpoch().stream()
                    .flatMap(epoch -> stores.inbox().missing(epoch.progress()).stream())
                    .map(part -> part.topic() + " " + part.from() + ".." + part.to())
                    .toList();
            TopologyState.Activity activity =
                    applied == null ? TopologyState.Activity.STARTING : TopologyState.Activity.UP_TO_DATE;
            publish(missing.isEmpty() ? activity : TopologyState.Activity.WAITING, 0, 0, missing);
        }
    }

    private List<String> awaitedColumns() {
        return stores.inbox()
                .firstEpoch()
                .or(() -> Optional.ofNullable(applied).filter(epoch -> rulesDiffer()))
                .map(this::lacking)
                .orElse(List.of());
    }

    private void publish(TopologyState.Activity activity, long done, long total, List<String> missing) {
        Map<String, Long> counts = new TreeMap<>();
        stores.outputs().forEach(output -> counts.put(output.name(), output.count()));
        board.accept(new TopologyState(
                activity,
                Optional.ofNullable(applied).map(WaitingEpoch::progress),
                counts,
                done,
                total,
                missing,
                stores.inbox().passedOver()));
    }
}
