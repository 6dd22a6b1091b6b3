package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryFile;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.secret.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds receipts against what happened: every delivery that was answered for, and every file that the vendor ever held,
 * has one that tells the truth. An attempt whose process ended before it touched the vendor's folder may have none, if
 * there was something that could end it. Not thread-safe.
 */
final class ReceiptJudge {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'");
    private static final Duration AT_MOST = Duration.ofMinutes(5);

    /** How long after a file was seen its receipt may be lost unread. */
    private static final Duration UNSEEN = Duration.ofSeconds(30);

    private static final Set<DeliveryResult> MAY_ARRIVE = EnumSet.of(DeliveryResult.SENDING, DeliveryResult.FAILED);

    private final Evidence.Feed evidence;
    private final List<Instant> disturbances;
    private final List<Instant> losses;
    private final Findings findings;
    private final Map<String, Delivery> last = new LinkedHashMap<>();
    private final Set<String> hashes = new HashSet<>();
    private long withoutReceipt;

    /**
     * Takes the receipts of all feeds.
     *
     * @param disturbances when something happened that may end an attempt
     * @param losses when the topic of receipts lost records
     */
    ReceiptJudge(
            Evidence.Feed evidence,
            List<Instant> disturbances,
            List<Instant> losses,
            List<Delivery> receipts,
            Findings findings) {
        this.evidence = evidence;
        this.disturbances = List.copyOf(disturbances);
        this.losses = List.copyOf(losses);
        this.findings = findings;
        for (Delivery receipt : receipts) {
            if (receipt.getFeed().equals(evidence.name())) {
                last.put(receipt.getId(), receipt);
                receipt.getSha256().ifPresent(hashes::add);
            }
        }
    }

    /** How many deliveries ended in each way. */
    Map<String, Long> results() {
        Map<String, Long> results = new TreeMap<>();
        last.values().forEach(receipt -> results.merge(receipt.getResult().name(), 1L, Long::sum));
        return results;
    }

    /** How many local copies are of attempts that ended before they touched the vendor's folder. */
    long withoutReceipt() {
        return withoutReceipt;
    }

    /**
     * Whether the vendor held the file of an attempt: its receipt says so, or the file was seen there before the next
     * attempt, which may have sent the same.
     */
    FileJudge.Arrival arrival(String id) {
        Delivery receipt = last.get(id);
        if (receipt == null || isHeld(receipt)) {
            return receipt == null ? FileJudge.Arrival.NOT : FileJudge.Arrival.ARRIVED;
        }
        if (!MAY_ARRIVE.contains(receipt.getResult()) || didNotArrive(receipt)) {
            return FileJudge.Arrival.NOT;
        }
        Instant next = last.keySet().stream()
                .map(this::started)
                .filter(started(id)::isBefore)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
        return receipt.getSha256()
                .flatMap(hash -> Optional.ofNullable(evidence.sightings().get(hash)))
                .filter(seen -> !seen.isBefore(started(id)) && seen.isBefore(next))
                .map(seen -> FileJudge.Arrival.SEEN)
                .orElse(FileJudge.Arrival.UNKNOWN);
    }

    /** A failed attempt whose files are the old ones has renamed nothing. */
    private static boolean didNotArrive(Delivery receipt) {
        List<DeliveryFile> files = receipt.getFiles();
        return receipt.getResult() == DeliveryResult.FAILED
                && !files.isEmpty()
                && files.get(files.size() - 1).getState() == DeliveryFileState.OLD;
    }

    /** The attempts whose files came to the vendor or may have, with the hash of each. */
    Map<String, String> sent() {
        Map<String, String> sent = new TreeMap<>();
        last.forEach((id, receipt) -> {
            boolean mayCount = MAY_ARRIVE.contains(receipt.getResult())
                    ? !didNotArrive(receipt)
                    : receipt.getResult() == DeliveryResult.DELIVERED;
            if (mayCount && receipt.getEpoch().isPresent()) {
                receipt.getSha256().ifPresent(hash -> sent.put(id, hash));
            }
        });
        return sent;
    }

    private static boolean isHeld(Delivery receipt) {
        return receipt.getResult() == DeliveryResult.DELIVERED || receipt.getResult() == DeliveryResult.UNCHANGED;
    }

    void judge(Map<String, Path> copies, Map<Long, EpochApplied> epochs) {
        evidence.answers().forEach((id, result) -> {
            Delivery receipt = last.get(id);
            boolean isUnfinished = receipt == null || receipt.getResult() == DeliveryResult.SENDING;
            if (isUnfinished && isLost(id)) {
                return;
            }
            if (receipt == null) {
                missing("The delivery " + id + " was answered with " + result + " and has no receipt");
            } else if (!receipt.getResult().name().equalsIgnoreCase(result) && !isDecided(receipt, result)) {
                missing("The delivery " + id + " was answered with " + result + "; its receipt says "
                        + receipt.getResult());
            }
        });
        evidence.sightings().keySet().stream()
                .filter(hash -> !hashes.contains(hash))
                .filter(hash -> losses.stream()
                        .noneMatch(loss -> !loss.isBefore(evidence.sightings().get(hash))
                                && loss.isBefore(evidence.sightings().get(hash).plus(UNSEEN))))
                .forEach(hash -> missing("The vendor held a file that no receipt tells of, first seen at "
                        + evidence.sightings().get(hash)));
        copies.forEach(this::copy);
        last.values().forEach(receipt -> cut(receipt, epochs));
        atTheEnd();
    }

    /** Returns the epoch of an attempt's cut, as its last receipt says. */
    Optional<Long> epochOf(String id) {
        return Optional.ofNullable(last.get(id)).flatMap(Delivery::getEpoch);
    }

    private void copy(String id, Path csv) {
        Delivery receipt = last.get(id);
        if (receipt != null) {
            if (!receipt.getSha256().equals(Optional.of(sha256(csv)))) {
                missing("The local copy of " + id + " is another file than its receipt tells of");
            }
            return;
        }
        withoutReceipt++;
        Instant started = started(id);
        boolean explained =
                disturbances.stream().anyMatch(when -> when.isAfter(started) && when.isBefore(started.plus(AT_MOST)));
        if (!explained) {
            missing("The attempt " + id + " has no receipt, and nothing happened that could have ended it");
        }
    }

    /** What waited for a person has another result by now. */
    private static boolean isDecided(Delivery receipt, String result) {
        return result.equals("held")
                && EnumSet.of(DeliveryResult.DELIVERED, DeliveryResult.SUPERSEDED, DeliveryResult.REJECTED)
                        .contains(receipt.getResult());
    }

    /** Whether the last receipt may have been lost before anybody read it. */
    private boolean isLost(String id) {
        Instant started = started(id);
        return losses.stream().anyMatch(loss -> loss.isAfter(started) && loss.isBefore(started.plus(AT_MOST)));
    }

    /** What a receipt says of its cut is what the topology announced. */
    private void cut(Delivery receipt, Map<Long, EpochApplied> epochs) {
        receipt.getEpoch().ifPresent(number -> {
            EpochApplied epoch = epochs.get(number);
            if (epoch == null
                    || !receipt.getWatermark().equals(Optional.of(epoch.getWatermark()))
                    || !receipt.getBusinessDate().equals(Optional.of(epoch.getBusinessDate()))) {
                missing("The receipt " + receipt.getId() + " names a cut that the topology did not announce");
            }
        });
    }

    private void atTheEnd() {
        Map<String, String> newest = new HashMap<>();
        last.values().stream()
                .filter(ReceiptJudge::isHeld)
                .forEach(receipt -> newest.put("", receipt.getSha256().orElse("none")));
        if (!Files.exists(evidence.vendorFile())) {
            missing("The vendor holds no file at the end");
        } else if (!sha256(evidence.vendorFile()).equals(newest.get(""))) {
            missing("The vendor's file at the end is not that of the last receipt");
        }
    }

    private void missing(String what) {
        findings.add(Kind.RECEIPT, what);
    }

    private Instant started(String id) {
        String rest = id.substring(evidence.name().length() + 1);
        return LocalDateTime.parse(rest.substring(0, rest.indexOf('-')), TIME).toInstant(ZoneOffset.UTC);
    }

    private static String sha256(Path file) {
        try {
            return Sha256.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " cannot be read", e);
        }
    }
}
