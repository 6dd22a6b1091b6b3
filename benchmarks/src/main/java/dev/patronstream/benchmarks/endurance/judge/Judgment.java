package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.standin.SourceHistory;
import dev.patronstream.standin.SourceHistory.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Judges a run that has come to rest: topics, feeds, files and receipts. Not thread-safe. */
public final class Judgment {

    private final Evidence evidence;
    private final Findings findings;
    private final Outputs outputs;
    private final List<Progress> epochs;
    private final Reel<EpochApplied> announced;
    private final Claims claims;
    private final List<ContractJudge> contracts = new ArrayList<>();
    private final List<FeedReview> feeds = new ArrayList<>();
    /** The lives of the database: each begins where it was put back to an earlier point. */
    private final List<String> lives;

    private final List<SourceHistory> histories;
    private long records;

    private Judgment(Evidence evidence, Outputs outputs, Findings findings) {
        this.evidence = evidence;
        this.findings = findings;
        this.outputs = outputs;
        Reel<Progress> progress = outputs.progress();
        this.epochs = progress.values();
        this.announced = outputs.applied();
        this.claims = new Claims(evidence.claims(), findings);
        Set<String> incarnations = new LinkedHashSet<>();
        epochs.forEach(epoch -> incarnations.add(epoch.getIncarnation()));
        this.lives = List.copyOf(incarnations);
        this.histories = Lives.published(evidence.histories(), epochs);
    }

    /**
     * Judges.
     *
     * @param findings is notified of everything that is wrong
     * @return what was looked at, counted, by what it is
     */
    public static Map<String, Object> of(Evidence evidence, Findings findings) {
        try (Outputs outputs = new Outputs(evidence)) {
            return new Judgment(evidence, outputs, findings).judge();
        }
    }

    /** The topics that are to be followed from the beginning on. */
    public static Set<String> followed(Topics topics, List<String> feeds) {
        return Outputs.followed(topics, feeds);
    }

    private Map<String, Object> judge() {
        outputs.unlike(names())
                .forEach(topic -> findings.add(
                        Kind.TORN, topic + " does not hold what was read of it, and nothing was done to it"));
        if (lives.size() != histories.size()) {
            findings.add(
                    Kind.WRONG_STATE,
                    "Of " + histories.size() + " lives of the database something was published, and the epochs name "
                            + lives.size());
        }
        numbers();
        Map<Long, EpochApplied> applied = applied();
        for (SourceTable table : SourceTable.of(evidence.topics())) {
            Reel<Published> published = outputs.published(table);
            records += published.values().size();
            contracts.add(new ContractJudge(
                    table,
                    evidence.maxRows(),
                    published,
                    outputs.losses(evidence.topics().progress()),
                    findings));
        }
        List<HistoryReplay> replays =
                lives.stream().map(life -> new HistoryReplay()).toList();
        for (Progress epoch : epochs) {
            replays.get(life(epoch.getIncarnation()))
                    .at(epoch.getWatermark(), () -> contracts.forEach(contract -> contract.epoch(epoch)));
        }
        for (Evidence.Feed feed : evidence.feeds()) {
            FeedReview review = new FeedReview(feed, evidence, outputs, findings);
            review.plan(announced, applied, epoch -> replays.get(life(epoch.getIncarnation())));
            feeds.add(review);
        }
        replay(replays);
        contracts.forEach(ContractJudge::end);
        feeds.forEach(feed -> feed.receipts(applied));
        Map<String, Object> counts = counts(replays);
        counts.put("times a page said good, held against the database", claims.judge(announced.seen()));
        return counts;
    }

    private int life(String incarnation) {
        return Math.max(0, lives.indexOf(incarnation));
    }

    private List<String> names() {
        return evidence.feeds().stream().map(Evidence.Feed::name).toList();
    }

    private void replay(List<HistoryReplay> replays) {
        for (int life = 0; life < Math.min(replays.size(), histories.size()); life++) {
            contracts.forEach(ContractJudge::newHistory);
            String name = lives.get(life);
            replays.get(life).run(histories.get(life), transaction -> committed(name, transaction));
        }
        HistoryReplay last = replays.get(replays.size() - 1);
        List<EpochApplied> all = announced.values();
        if (all.isEmpty() || all.get(all.size() - 1).getWatermark().compareTo(last.lastChange()) < 0) {
            findings.add(Kind.WRONG_FEED, "The last change, of " + last.lastChange() + ", was not applied");
        }
    }

    private void committed(String life, Transaction transaction) {
        claims.committed(life, transaction);
        contracts.forEach(contract -> contract.committed(transaction));
    }

    /** Numbers grow, by one where nothing was lost and every end could be read; watermarks and business dates never go back within one life. */
    private void numbers() {
        for (int i = 1; i < epochs.size(); i++) {
            Progress before = epochs.get(i - 1);
            Progress epoch = epochs.get(i);
            long step = epoch.getEpoch() - before.getEpoch();
            boolean mayMiss = (epoch.getCause() == EpochCause.SNAPSHOT && hasLosses()) || endsWereLost(before, epoch);
            if (step != 1 && (step < 1 || !mayMiss)) {
                findings.add(
                        Kind.TORN,
                        "Epoch " + epoch.getEpoch() + " stands where " + (before.getEpoch() + 1) + " should");
            }
            boolean sameLife = epoch.getIncarnation().equals(before.getIncarnation());
            boolean inOrder = sameLife
                    ? epoch.getWatermark().compareTo(before.getWatermark()) >= 0
                    : epoch.getCause() == EpochCause.SNAPSHOT;
            if (!inOrder || epoch.getBusinessDate().isBefore(before.getBusinessDate())) {
                findings.add(Kind.OUT_OF_ORDER, "Epoch " + epoch.getEpoch() + " goes back behind the one before");
            }
        }
    }

    /** An epoch may have ended just before the topic of its end was deleted, and nobody has read that. */
    private boolean endsWereLost(Progress before, Progress epoch) {
        return outputs.losses(evidence.topics().progress()).stream()
                .anyMatch(loss -> loss.isAfter(before.getPublishedAt()) && !loss.isAfter(epoch.getPublishedAt()));
    }

    private boolean hasLosses() {
        return Stream.concat(
                        Outputs.followed(evidence.topics(), names()).stream(),
                        Stream.of(evidence.topics().progress()))
                .anyMatch(topic -> !outputs.losses(topic).isEmpty());
    }

    /** By number; what the topology announces of an epoch is what the connector said of it. */
    private Map<Long, EpochApplied> applied() {
        boolean progressLost = !outputs.losses(evidence.topics().progress()).isEmpty();
        Map<Long, Progress> ended = new HashMap<>();
        epochs.forEach(epoch -> ended.put(epoch.getEpoch(), epoch));
        Map<Long, EpochApplied> applied = new HashMap<>();
        for (EpochApplied epoch : announced.values()) {
            Progress progress = ended.get(epoch.getEpoch());
            if (progress == null
                    ? !progressLost
                    : !progress.getWatermark().equals(epoch.getWatermark())
                            || !progress.getBusinessDate().equals(epoch.getBusinessDate())) {
                findings.add(
                        Kind.TORN, "Epoch " + epoch.getEpoch() + " was announced as another than it was published");
            }
            EpochApplied before = applied.put(epoch.getEpoch(), epoch);
            if (before != null && !before.getWatermark().equals(epoch.getWatermark())) {
                findings.add(Kind.TORN, "Number " + epoch.getEpoch() + " was given to two epochs");
            }
        }
        return applied;
    }

    private Map<String, Object> counts(List<HistoryReplay> replays) {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put(
                "source transactions",
                replays.stream().mapToLong(HistoryReplay::transactions).sum());
        counts.put(
                "changed rows",
                replays.stream().mapToLong(HistoryReplay::changes).sum());
        counts.put("epochs", epochs.size());
        counts.put("snapshots", count(EpochCause.SNAPSHOT));
        counts.put("midnights", count(EpochCause.MIDNIGHT));
        counts.put(
                "epochs over several Kafka transactions",
                epochs.stream()
                        .filter(epoch -> epoch.getKafkaTransactions() > 1)
                        .count());
        counts.put("contract records", records);
        counts.put(
                "CSV files compared",
                feeds.stream().mapToLong(FeedReview::files).sum());
        counts.put(
                "feeds compared with the source at an epoch, value by value",
                feeds.stream().mapToLong(FeedReview::epochs).sum());
        feeds.forEach(feed -> feed.count(counts));
        return counts;
    }

    private long count(EpochCause cause) {
        return epochs.stream().filter(epoch -> epoch.getCause() == cause).count();
    }
}
