package dev.patronstream.snapshotter.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryFile;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.HeldDelivery;
import dev.patronstream.schemas.Hold;
import dev.patronstream.schemas.Incarnations;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.secret.Sha256;
import dev.patronstream.snapshotter.cut.CutFailedException;
import dev.patronstream.snapshotter.cut.FeedCutter;
import dev.patronstream.snapshotter.cut.FeedCutter.Cut;
import dev.patronstream.snapshotter.cut.PersonNumber;
import dev.patronstream.snapshotter.destination.VendorFiles;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.SnapshotterSettings;
import dev.patronstream.snapshotter.file.FileFolder;
import dev.patronstream.snapshotter.file.StoredFile;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.PatronCsv;
import dev.patronstream.snapshotter.layout.PatronFile;
import dev.patronstream.snapshotter.layout.PatronRow;
import dev.patronstream.snapshotter.ledger.Archive;
import dev.patronstream.snapshotter.ledger.ArchivedRows;
import dev.patronstream.snapshotter.ledger.DeliveredTable;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.safety.DepartedPatrons;
import dev.patronstream.snapshotter.safety.check.Candidate;
import dev.patronstream.snapshotter.safety.check.Checks;
import dev.patronstream.snapshotter.safety.check.Comparison;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of one attempt, with the leavers in them: cut, judged, written to the local disk and held against what the
 * vendor has. Not thread-safe.
 */
final class Draft {

    private final Optional<String> database;
    private final FeedSettings feed;
    private final Layout layout;
    private final Instant startedAt;
    private final Optional<Instant> pausedUntil;
    private final Cut cut;
    private final Optional<HeldDelivery> lastDelivered;
    private final DeliveredTable held;
    private final PatronFile ofFeed;
    private final DepartedPatrons departed;
    private final PatronFile withLeavers;
    private final Comparison comparison;
    private final List<StoredFile> files = new ArrayList<>();
    private long bytes;
    private PatronCsv.Written written = new PatronCsv.Written(0, Map.of());
    private List<Hold> holds = List.of();

    /**
     * Cuts the feed, and those that go to the same system, judges everybody in them, and writes the files.
     *
     * @param toLookAt the folder of files that are only looked at; empty for files that can be sent, in the archive
     */
    Draft(
            DeliveryContext context,
            FeedCutter cutter,
            FeedMemory memory,
            Attempt attempt,
            Optional<Instant> pausedUntil,
            Optional<Path> toLookAt)
            throws CutFailedException, IOException {
        SnapshotterSettings settings = context.settings();
        this.database = settings.database();
        this.feed = context.feed();
        this.layout = feed.layout().layout();
        this.startedAt = attempt.startedAt();
        this.pausedUntil = pausedUntil;
        cut = cutter.cut(feed.selection(), settings.cutTimeLimit());
        describe(cut.epoch(), attempt.receipt());
        List<PatronFile> others = new ArrayList<>();
        for (FeedSettings other : feed.othersOfSystem(settings.feeds())) {
            others.add(new PatronFile(other.layout().layout(), cutter.cut(other.selection(), settings.cutTimeLimit())));
        }
        lastDelivered = memory.state().getHeld();
        Optional<Set<String>> compared =
                lastDelivered.flatMap(last -> commonColumns(last.getColumns(), layout.headers()));
        held = memory.held(compared);
        ofFeed = new PatronFile(layout, cut);
        departed = new DepartedPatrons(feed.safeguards().leavers(), ofFeed, others, held, startedAt);
        List<PatronFile.Leaver> leavers = departed.toSend();
        withLeavers = leavers.isEmpty() ? ofFeed : ofFeed.withLeavers(leavers);
        comparison = new Comparison(held, compared, layout.identifiers(), departed::isInOtherFeed);
        if (toLookAt.isPresent()) {
            writeFiles(new FileFolder(toLookAt.get()));
            compare((key, row) -> {});
        } else {
            FileFolder folder = context.archive().open(feed.feed(), attempt.id());
            writeFiles(folder);
            // What the vendor will hold then comes last, so all is there with it.
            folder.write(ArchivedRows.FILE, out -> ArchivedRows.write(out, this::compare));
        }
    }

    private static void describe(EpochApplied epoch, Delivery.Builder receipt) {
        receipt.setIncarnation(epoch.getIncarnation())
                .setWatermark(epoch.getWatermark())
                .setEpoch(epoch.getEpoch())
                .setBusinessDate(epoch.getBusinessDate())
                .setFreshAsOf(epoch.getFreshAsOf().orElse(null))
                .setReadUntil(epoch.getReadUntil().orElse(null));
    }

    /** Returns which columns can be compared; empty for all. */
    private static Optional<Set<String>> commonColumns(List<String> before, List<String> now) {
        if (before.equals(now)) {
            return Optional.empty();
        }
        Set<String> common = new HashSet<>(before);
        common.retainAll(now);
        return Optional.of(common);
    }

    Cut cut() {
        return cut;
    }

    /** Returns what the vendor gets, in the order in which it takes its places there. */
    List<StoredFile> files() {
        return files;
    }

    /** Returns what speaks against sending them; empty when nothing does. */
    List<Hold> holds() {
        return holds;
    }

    DeliveredTable held() {
        return held;
    }

    private void writeFiles(FileFolder folder) throws IOException {
        List<StoredFile> withRows = folder.write(feed.rowFiles(), outs -> written = PatronCsv.csv(withLeavers, outs));
        bytes = withRows.stream().mapToLong(StoredFile::bytes).sum();
        Optional<byte[]> properties = layout.properties();
        if (properties.isPresent()) {
            StoredFile description = folder.write(
                    feed.propertiesFile().orElse(VendorFiles.DEFAULT_PROPERTIES_FILE),
                    out -> out.write(properties.get()));
            feed.propertiesFile().ifPresent(sent -> files.add(description));
        }
        files.addAll(withRows);
        folder.write(Archive.PROBLEMS, out -> PatronCsv.problems(withLeavers.problems(), out));
    }

    private void compare(ArchivedRows.Sink sink) throws IOException {
        for (PatronRow row : withLeavers) {
            comparison.take(row);
            archive(row, sink);
        }
        comparison.end();
        archiveMissing(sink);
        holds = check();
    }

    private void archive(PatronRow row, ArchivedRows.Sink sink) throws IOException {
        long person = PersonNumber.of(row.kind(), row.id());
        DeliveredRow delivered = DeliveredRow.newBuilder()
                .setDeliveryId("")
                .setDeliveredAt(Instant.EPOCH)
                .setSite(row.siteName())
                .setStatus(row.statusCode())
                .setValues(row.filled())
                .setLeftAt(departed.leftAt(person).orElse(null))
                .build();
        sink.take(Keys.person(row.kind(), row.id()), Optional.of(delivered));
    }

    /**
     * Whom the file does not have, and of whom something changes all the same: that they left, or that they are forgotten.
     * Once this is delivered, they do not count as removed again.
     */
    private void archiveMissing(ArchivedRows.Sink sink) throws IOException {
        for (Map.Entry<Long, DeliveredRow> leaver : departed.remembered().entrySet()) {
            DeliveredRow row = leaver.getValue();
            if (!comparison.hasTaken(leaver.getKey()) && row.getLeftAt().isEmpty()) {
                sink.take(
                        PersonNumber.key(leaver.getKey()),
                        Optional.of(DeliveredRow.newBuilder(row)
                                .setLeftAt(startedAt)
                                .build()));
            }
        }
        for (String key : departed.forgotten()) {
            sink.take(key, Optional.empty());
        }
    }

    /** What goes nowhere needs no guard; an empty file is worth a word all the same. */
    private List<Hold> check() {
        Checks checks =
                new Checks(feed.safeguards().thresholds(), feed.safeguards().sendsFirst());
        EpochApplied epoch = cut.epoch();
        long withProblems =
                ofFeed.problems().stream().map(Problem::key).distinct().count();
        List<Hold> all = new ArrayList<>(checks.holds(new Candidate(
                new Candidate.Counts(cut.size(), written.rows() - withLeavers.leavers(), withProblems),
                new Candidate.Form(
                        layout.headers(), description(), layout.properties().isPresent()),
                epoch.getFreshAsOf().orElse(epoch.getPublishedAt()),
                startedAt,
                pausedUntil,
                rollOver(epoch),
                comparison,
                lastDelivered)));
        layout.rules().whyHeld(withLeavers.problems()).ifPresent(why -> all.add(new Hold(Checks.RULES, why)));
        all.removeIf(hold -> feed.destination().isEmpty() && !hold.getCheck().equals(Checks.EMPTY));
        return all;
    }

    /** Until the configured database has been read in full, the feed is of the one before. */
    private Optional<Candidate.RollOver> rollOver(EpochApplied epoch) {
        String from = Incarnations.database(epoch);
        return database.filter(to -> !from.isEmpty() && !from.equalsIgnoreCase(to))
                .map(to -> new Candidate.RollOver(from, to));
    }

    /** Returns a hash of what the vendor's job knows of the files. */
    private String description() {
        String names = String.join("\n", feed.rowFiles());
        return Sha256.of((names + "\n" + new String(layout.description(), UTF_8)).getBytes(UTF_8));
    }

    void describe(Delivery.Builder receipt) {
        receipt.setSha256(files.get(files.size() - 1).sha256())
                .setBytes(bytes)
                .setFiles(files.stream()
                        .map(file -> new DeliveryFile(file.name(), file.sha256(), file.bytes(), DeliveryFileState.OLD))
                        .toList())
                .setRows(written.rows())
                .setRowsPerSite(Map.copyOf(written.rowsPerSite()))
                .setColumns(layout.headers())
                .setDescription(description())
                .setProblems(withLeavers.problems().size())
                .setLeavers(withLeavers.leavers())
                .setHolds(holds)
                .setDifference(comparison.difference(lastDelivered.map(HeldDelivery::getDeliveryId)));
    }
}
