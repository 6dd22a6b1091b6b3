package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.schemas.EpochApplied;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** All that is judged of one feed: its topic, its files and its receipts. Not thread-safe. */
final class FeedReview {

    /** So many epochs of a feed are compared, at equal distances, besides those of files: the oracle takes its time. */
    private static final int COMPARED = 300;

    private final Evidence.Feed feed;
    private final Findings findings;
    private final ReceiptJudge receipts;
    private final FileJudge files;
    private final FeedJudge topic;
    private final Map<String, Path> copies;
    private final List<String> selections = new ArrayList<>();

    FeedReview(Evidence.Feed feed, Evidence evidence, Outputs outputs, Findings findings) {
        this.feed = feed;
        this.findings = findings;
        this.receipts = new ReceiptJudge(
                feed,
                evidence.disturbances(),
                outputs.losses(evidence.topics().deliveries()),
                outputs.receipts(),
                findings);
        this.files = new FileJudge(findings);
        this.topic = new FeedJudge(feed.name(), outputs.feed(feed.name()), findings);
        this.copies = copies(feed);
    }

    /**
     * Follows the feed through its announcements, and has everything judged when the replay of its life of the database
     * comes to its watermark.
     */
    void plan(
            Reel<EpochApplied> announced,
            Map<Long, EpochApplied> applied,
            Function<EpochApplied, HistoryReplay> replays) {
        Set<Long> cuts = new HashSet<>();
        Map<String, String> sent = receipts.sent();
        Set<String> ids = inOrder(copies.keySet(), sent.keySet());
        ids.forEach(id -> receipts.epochOf(id).ifPresent(cuts::add));
        List<Reel.Seen<EpochApplied>> epochs = announced.seen();
        int step = Math.max(1, epochs.size() / COMPARED);
        for (int i = 0; i < epochs.size(); i++) {
            Reel.Seen<EpochApplied> seen = epochs.get(i);
            EpochApplied epoch = seen.value();
            Optional<FeedRules> rules = rules(epoch);
            // Announced again, after another evaluation: the feed is followed to the end of that one.
            boolean again = i + 1 < epochs.size() && epochs.get(i + 1).value().getEpoch() == epoch.getEpoch();
            boolean compared = !again && (i % step == 0 || i == epochs.size() - 1 || cuts.contains(epoch.getEpoch()));
            Instant before = i == 0 ? Instant.MIN : epochs.get(i - 1).at();
            boolean someUnseen = announced.damages().stream()
                    .anyMatch(
                            damage -> damage.at().isAfter(before) && damage.at().isBefore(seen.at()));
            topic.follow(epoch.getEpoch(), seen.at(), someUnseen);
            if (compared && rules.isPresent()) {
                HistoryReplay replay = replays.apply(epoch);
                topic.shown(epoch, seen.at())
                        .ifPresent(shown ->
                                replay.at(epoch.getWatermark(), () -> topic.judge(shown, replay, rules.orElseThrow())));
            }
        }
        List<Path> unknown = new ArrayList<>();
        ids.forEach(id -> file(id, sent.getOrDefault(id, ""), unknown, applied, replays));
    }

    /** The product keeps no copy of every file that came, or may have come, to the vendor; each counts in its place. */
    static Set<String> inOrder(Set<String> copies, Set<String> sent) {
        Set<String> ids = new TreeSet<>(copies);
        ids.addAll(sent);
        return ids;
    }

    private void file(
            String id,
            String sha256,
            List<Path> unknown,
            Map<Long, EpochApplied> applied,
            Function<EpochApplied, HistoryReplay> replays) {
        Optional<Path> csv = Optional.ofNullable(copies.get(id));
        // An attempt that left no receipt is the receipts' matter: nothing says which epoch its copy is of.
        Optional<Long> cut = receipts.epochOf(id);
        if (cut.isEmpty()) {
            csv.ifPresent(unknown::add);
            return;
        }
        EpochApplied epoch = applied.get(cut.get());
        if (epoch == null) {
            findings.add(Kind.WRONG_FILE, id + " is of an epoch that the topology did not announce");
        } else {
            FileJudge.Arrival arrival = receipts.arrival(id);
            rules(epoch)
                    .ifPresent(rules -> files.file(
                            replays.apply(epoch),
                            epoch,
                            rules,
                            unknown,
                            expected -> csv.ifPresentOrElse(
                                    copy -> files.judge(expected, copy, arrival),
                                    () -> files.judge(expected, id, sha256, arrival))));
            unknown.clear();
        }
    }

    /** The rules that a feed was evaluated with; configurations come in the order of the evidence. */
    private Optional<FeedRules> rules(EpochApplied epoch) {
        String selection = epoch.getFeeds().get(feed.name());
        if (selection == null) {
            return Optional.empty();
        }
        if (!selections.contains(selection)) {
            selections.add(selection);
        }
        int place = selections.indexOf(selection);
        if (place >= feed.rules().size()) {
            findings.add(Kind.WRONG_FEED, feed.name() + " was evaluated with a selection that nobody configured");
            return Optional.empty();
        }
        return Optional.of(feed.rules().get(place));
    }

    void receipts(Map<Long, EpochApplied> applied) {
        receipts.judge(copies, applied);
    }

    void count(Map<String, Object> counts) {
        String name = feed.name() + ": ";
        counts.put(name + "feed records", topic.records());
        counts.put(name + "feed entries at the end", topic.size());
        counts.put(name + "different files seen at the vendor", feed.sightings().size());
        counts.put(name + "receipts", receipts.results());
        counts.put(name + "attempts that ended before they touched the vendor's folder", receipts.withoutReceipt());
    }

    long files() {
        return files.files();
    }

    long epochs() {
        return topic.epochs();
    }

    /** The CSV of every attempt that came so far, by id. */
    private static Map<String, Path> copies(Evidence.Feed feed) {
        Map<String, Path> copies = new TreeMap<>();
        if (!Files.isDirectory(feed.archive())) {
            return copies;
        }
        try (Stream<Path> folders = Files.list(feed.archive())) {
            folders.forEach(folder -> {
                Path csv = folder.resolve(feed.fileName());
                if (Files.exists(csv)) {
                    copies.put(folder.getFileName().toString(), csv);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("The local copies in " + feed.archive() + " cannot be read", e);
        }
        return copies;
    }
}
