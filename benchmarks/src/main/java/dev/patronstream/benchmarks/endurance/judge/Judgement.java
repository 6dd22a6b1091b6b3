package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.sandbox.oracle.Oracle;
import dev.patronstream.sandbox.sqlserver.SourceHistory.Transaction;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.EpochCause;
import dev.patronstream.schemas.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Judges a run that has come to rest: topics, feed, files and receipts. */
public final class Judgement {

    private Judgement() {}

    /**
     * Judges.
     *
     * @param findings is told of everything that is wrong
     * @return what was looked at, counted, by what it is
     */
    public static Map<String, Object> of(Evidence evidence, Findings findings) {
        try (Outputs outputs = new Outputs(evidence.topics(), evidence.bootstrapServers(), evidence.registryUrl())) {
            return judge(evidence, outputs, findings);
        }
    }

    private static Map<String, Object> judge(Evidence evidence, Outputs outputs, Findings findings) {
        Map<String, Object> counts = new LinkedHashMap<>();
        List<Progress> epochs = epochs(outputs.progress(), findings);
        List<EpochApplied> announced = outputs.applied();
        Map<Long, EpochApplied> applied = applied(announced, epochs, findings);
        HistoryReplay replay = new HistoryReplay();

        List<ContractJudge> contracts = new ArrayList<>();
        long records = 0;
        for (SourceTable table : SourceTable.of(evidence.topics())) {
            List<Published> published = outputs.published(table);
            records += published.size();
            contracts.add(new ContractJudge(table, evidence.maxRows(), published, findings));
        }
        for (Progress epoch : epochs) {
            replay.at(epoch.getWatermark(), () -> contracts.forEach(contract -> contract.epoch(epoch)));
        }

        ReceiptJudge receipts = new ReceiptJudge(evidence, outputs.receipts(), findings);
        FileJudge files = new FileJudge(evidence.rules(), findings);
        Map<String, Path> copies = copies(evidence);
        copies.forEach((id, csv) -> {
            // An attempt that left no receipt is the receipts' matter: nothing says which epoch its copy is of.
            Optional<Long> cut = receipts.epochOf(id);
            if (cut.isEmpty()) {
                return;
            }
            EpochApplied epoch = applied.get(cut.get());
            if (epoch == null) {
                findings.add(Kind.WRONG_FILE, id + " is of an epoch that the topology did not announce");
            } else {
                files.file(replay, csv, epoch.getWatermark(), epoch.getBusinessDate(), receipts.isHeldByVendor(id));
            }
        });

        FeedJudge feed = new FeedJudge(findings);
        outputs.feed(evidence.feed(), feed::record);
        Optional<EpochApplied> newest =
                announced.isEmpty() ? Optional.empty() : Optional.of(announced.get(announced.size() - 1));
        newest.ifPresent(epoch -> replay.at(
                epoch.getWatermark(),
                () -> feed.judge(Oracle.expected(replay, evidence.rules(), epoch.getBusinessDate()))));

        replay.run(evidence.history(), transaction -> committed(contracts, transaction));
        contracts.forEach(ContractJudge::end);
        if (newest.map(EpochApplied::getWatermark).orElse("").compareTo(replay.lastChange()) < 0) {
            findings.add(Kind.WRONG_FEED, "The last change, of " + replay.lastChange() + ", was not applied");
        }
        receipts.judge(copies, applied);

        counts.put("source transactions", replay.transactions());
        counts.put("changed rows", replay.changes());
        counts.put("epochs", epochs.size());
        counts.put("snapshots", count(epochs, EpochCause.SNAPSHOT));
        counts.put("midnights", count(epochs, EpochCause.MIDNIGHT));
        counts.put("epochs over several Kafka transactions", split(epochs));
        counts.put("contract records", records);
        counts.put("feed records", feed.records());
        counts.put("feed entries at the end", feed.size());
        counts.put("CSV files compared", files.files());
        counts.put("different files seen at the vendor", evidence.sightings().size());
        counts.put("receipts", receipts.results());
        counts.put("attempts that ended before they touched the vendor's folder", receipts.withoutReceipt());
        return counts;
    }

    private static void committed(List<ContractJudge> contracts, Transaction transaction) {
        contracts.forEach(contract -> contract.committed(transaction));
    }

    private static long count(List<Progress> epochs, EpochCause cause) {
        return epochs.stream().filter(epoch -> epoch.getCause() == cause).count();
    }

    private static long split(List<Progress> epochs) {
        return epochs.stream().filter(epoch -> epoch.getKafkaTransactions() > 1).count();
    }

    /** Numbered from 1 without a gap, with watermarks and business dates that never go back, of one log. */
    private static List<Progress> epochs(List<Progress> epochs, Findings findings) {
        for (int i = 0; i < epochs.size(); i++) {
            Progress epoch = epochs.get(i);
            if (epoch.getEpoch() != i + 1) {
                findings.add(Kind.TORN, "Epoch " + epoch.getEpoch() + " stands where " + (i + 1) + " should");
            }
            if (i > 0) {
                Progress before = epochs.get(i - 1);
                if (epoch.getWatermark().compareTo(before.getWatermark()) < 0
                        || epoch.getBusinessDate().isBefore(before.getBusinessDate())
                        || !epoch.getIncarnation().equals(before.getIncarnation())) {
                    findings.add(Kind.OUT_OF_ORDER, "Epoch " + epoch.getEpoch() + " goes back behind the one before");
                }
            }
        }
        return epochs;
    }

    /** By number; what the topology announces of an epoch is what the connector said of it. */
    private static Map<Long, EpochApplied> applied(
            List<EpochApplied> announcements, List<Progress> epochs, Findings findings) {
        Map<Long, Progress> ended = new HashMap<>();
        epochs.forEach(epoch -> ended.put(epoch.getEpoch(), epoch));
        Map<Long, EpochApplied> applied = new HashMap<>();
        for (EpochApplied epoch : announcements) {
            Progress progress = ended.get(epoch.getEpoch());
            if (progress == null
                    || !progress.getWatermark().equals(epoch.getWatermark())
                    || !progress.getBusinessDate().equals(epoch.getBusinessDate())) {
                findings.add(
                        Kind.TORN, "Epoch " + epoch.getEpoch() + " was announced as another than it was published");
            }
            applied.put(epoch.getEpoch(), epoch);
        }
        return applied;
    }

    /** The CSV of every attempt that came so far, by id. */
    private static Map<String, Path> copies(Evidence evidence) {
        Map<String, Path> copies = new TreeMap<>();
        if (!Files.isDirectory(evidence.archive())) {
            return copies;
        }
        try (Stream<Path> folders = Files.list(evidence.archive())) {
            folders.forEach(folder -> {
                Path csv = folder.resolve(evidence.fileName());
                if (Files.exists(csv)) {
                    copies.put(folder.getFileName().toString(), csv);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("The local copies in " + evidence.archive() + " cannot be read", e);
        }
        return copies;
    }
}
