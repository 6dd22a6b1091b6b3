package dev.patronstream.snapshotter.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.HeldDelivery;
import dev.patronstream.schemas.Hold;
import dev.patronstream.schemas.Incarnations;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.secret.Sha256;
import dev.patronstream.snapshotter.cut.Cut;
import dev.patronstream.snapshotter.cut.PersonNumber;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.SnapshotterSettings;
import dev.patronstream.snapshotter.file.FileFolder;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.PatronFile;
import dev.patronstream.snapshotter.layout.PatronRow;
import dev.patronstream.snapshotter.layout.RowsWithLeavers;
import dev.patronstream.snapshotter.ledger.ArchivedRows;
import dev.patronstream.snapshotter.ledger.DeliveredTable;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.safety.DepartedPatrons;
import dev.patronstream.snapshotter.safety.check.Candidate;
import dev.patronstream.snapshotter.safety.check.Checks;
import dev.patronstream.snapshotter.safety.check.Comparison;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a file of a cut, with the leavers in it, and holds it against what the vendor has. For one file at a time. */
final class Drafting {

    private final SnapshotterSettings settings;
    private final FeedSettings feed;
    private final Layout layout;
    private final String description;
    private final Checks checks;

    Drafting(SnapshotterSettings settings, FeedSettings feed) {
        this.settings = settings;
        this.feed = feed;
        this.layout = feed.layout().layout();
        String names = String.join("\n", feed.rowFiles());
        this.description = Sha256.of((names + "\n" + new String(layout.description(), UTF_8)).getBytes(UTF_8));
        this.checks =
                new Checks(feed.safeguards().thresholds(), feed.safeguards().sendsFirst());
    }

    /**
     * What a file is made of.
     *
     * @param cut the feed
     * @param otherFiles what the layouts of the other feeds of the same system make of them
     * @param memory what is known of the feed's deliveries
     * @param startedAt when the attempt began
     * @param pausedUntil until when deliveries are paused
     */
    record DeliveryInput(
            Cut cut,
            List<PatronFile> otherFiles,
            FeedMemory memory,
            Instant startedAt,
            Optional<Instant> pausedUntil) {}

    /** Makes a file that is looked at only, with nothing beside it. */
    Draft look(DeliveryInput input, FileFolder folder) throws IOException {
        return new Attempt(input).write(folder, (key, row) -> {});
    }

    /** Makes a file that can be sent, now or later. */
    Draft draft(DeliveryInput input, FileFolder folder) throws IOException {
        List<Draft> made = new ArrayList<>();
        folder.write(
                ArchivedRows.FILE,
                out -> ArchivedRows.write(out, sink -> made.add(new Attempt(input).write(folder, sink))));
        return made.get(0);
    }

    private final class Attempt {

        private final DeliveryInput input;
        private final Optional<HeldDelivery> lastDelivered;
        private final DeliveredTable held;
        private final PatronFile file;
        private final Comparison comparison;
        private final DepartedPatrons departed;

        Attempt(DeliveryInput input) throws IOException {
            this.input = input;
            lastDelivered = input.memory().state().getHeld();
            Optional<Set<String>> compared = lastDelivered.flatMap(last -> commonColumns(last.getColumns()));
            held = input.memory().held(compared);
            file = new PatronFile(layout, input.cut());
            departed =
                    new DepartedPatrons(feed.safeguards().leavers(), file, input.otherFiles(), held, input.startedAt());
            comparison = new Comparison(held, compared, layout.identifiers(), departed::isInOtherFeed);
        }

        Draft write(FileFolder folder, ArchivedRows.Sink sink) throws IOException {
            RowsWithLeavers rows = new RowsWithLeavers(file, departed.toSend());
            List<Problem> problems = new ArrayList<>(file.problems());
            problems.addAll(rows.problems());
            PatronFiles files;
            try {
                files = PatronFiles.write(feed, rows, problems, folder, row -> {
                    comparison.take(row);
                    archive(row, sink);
                });
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            comparison.end();
            archiveMissing(sink);
            long own = files.written().rows() - rows.leavers();
            return new Draft(
                    files,
                    layout.headers(),
                    description,
                    problems.size(),
                    rows.leavers(),
                    held,
                    comparison.difference(lastDelivered.map(HeldDelivery::getDeliveryId)),
                    holds(own, file.problems(), problems));
        }

        /** What goes nowhere needs no guard; an empty file is worth a word all the same. */
        private List<Hold> holds(long own, List<Problem> ofPatrons, List<Problem> problems) {
            List<Hold> all = new ArrayList<>(allHolds(own, ofPatrons));
            layout.rules().whyHeld(problems).ifPresent(why -> all.add(new Hold(Checks.RULES, why)));
            return all.stream()
                    .filter(hold ->
                            feed.destination().isPresent() || hold.getCheck().equals(Checks.EMPTY))
                    .toList();
        }

        private List<Hold> allHolds(long own, List<Problem> problems) {
            var epoch = input.cut().epoch();
            long withProblems = problems.stream().map(Problem::key).distinct().count();
            return checks.holds(new Candidate(
                    new Candidate.Counts(input.cut().size(), own, withProblems),
                    new Candidate.Form(
                            layout.headers(), description, layout.properties().isPresent()),
                    epoch.getFreshAsOf().orElse(epoch.getPublishedAt()),
                    input.startedAt(),
                    input.pausedUntil(),
                    rollOver(epoch),
                    comparison,
                    lastDelivered));
        }

        /** Until the configured database has been read in full, the feed is of the one before. */
        private Optional<Candidate.RollOver> rollOver(EpochApplied epoch) {
            String from = Incarnations.database(epoch);
            return settings.database()
                    .filter(to -> !from.isEmpty() && !from.equalsIgnoreCase(to))
                    .map(to -> new Candidate.RollOver(from, to));
        }

        private Optional<Set<String>> commonColumns(List<String> before) {
            if (before.equals(layout.headers())) {
                return Optional.empty();
            }
            Set<String> common = new HashSet<>(before);
            common.retainAll(layout.headers());
            return Optional.of(common);
        }

        private void archive(PatronRow row, ArchivedRows.Sink sink) {
            long person = PersonNumber.of(row.kind(), row.id());
            DeliveredRow delivered = DeliveredRow.newBuilder()
                    .setDeliveryId("")
                    .setDeliveredAt(Instant.EPOCH)
                    .setSite(row.siteName())
                    .setStatus(row.statusCode())
                    .setValues(row.filled())
                    .setLeftAt(departed.leftAt(person).orElse(null))
                    .build();
            try {
                sink.take(Keys.person(row.kind(), row.id()), Optional.of(delivered));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /**
         * Whom the file does not have, and of whom something changes all the same: that they left, or that they are
         * forgotten. Once this is delivered, they do not count as removed again.
         */
        private void archiveMissing(ArchivedRows.Sink sink) throws IOException {
            for (Map.Entry<Long, DeliveredRow> leaver : departed.remembered().entrySet()) {
                DeliveredRow row = leaver.getValue();
                if (!comparison.hasTaken(leaver.getKey()) && row.getLeftAt().isEmpty()) {
                    sink.take(
                            PersonNumber.key(leaver.getKey()),
                            Optional.of(DeliveredRow.newBuilder(row)
                                    .setLeftAt(input.startedAt())
                                    .build()));
                }
            }
            for (String key : departed.forgotten()) {
                sink.take(key, Optional.empty());
            }
        }
    }
}
