package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.Oracle;
import dev.patronstream.sandbox.oracle.VendorMemory;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.secret.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Holds delivered files against the oracle at their watermarks. Where nobody can say whether a file has arrived, both may
 * be so, until a later file shows which one counts. Not thread-safe.
 */
final class FileJudge {

    private static final Duration LEAVERS = Duration.ofDays(90);
    private static final int MOST_POSSIBLE = 128;

    private final Findings findings;
    private List<VendorMemory> possible = List.of(VendorMemory.empty(LEAVERS));
    private long files;

    /** What became of a file. */
    enum Arrival {
        ARRIVED,
        NOT,
        /** It was seen at the vendor, and no receipt says so: a later attempt may find it there, or be unable to look. */
        SEEN,
        /** The attempt was stopped in its middle, and the vendor's folder does not tell. */
        UNKNOWN
    }

    FileJudge(Findings findings) {
        this.findings = findings;
    }

    /**
     * Has a file judged when the replay comes to its watermark. Files are given in the order of their attempts, since
     * whom the vendor was sent before decides who is sent as a leaver.
     *
     * @param unknown the files of attempts just before that left no receipt
     * @param judge takes what the oracle says
     */
    void file(
            HistoryReplay replay, EpochApplied cut, FeedRules rules, List<Path> unknown, Consumer<ExpectedFile> judge) {
        List<Path> before = List.copyOf(unknown);
        replay.at(cut.getWatermark(), () -> {
            before.forEach(this::mayHaveArrived);
            judge.accept(Oracle.expected(replay, rules, cut.getBusinessDate()));
        });
    }

    void judge(ExpectedFile feed, Path csv, Arrival arrival) {
        byte[] delivered = read(csv);
        judge(
                feed,
                csv.getParent().getFileName().toString(),
                Sha256.of(delivered),
                expected -> difference(expected, delivered),
                arrival);
    }

    /** Judges a file that is not kept by its hash. */
    void judge(ExpectedFile feed, String id, String sha256, Arrival arrival) {
        judge(feed, id, sha256, expected -> "by its receipt the file, which is not kept, is not the oracle's", arrival);
    }

    private void judge(
            ExpectedFile feed, String id, String sha256, Function<byte[], String> difference, Arrival arrival) {
        files++;
        Set<VendorMemory> fitting = new LinkedHashSet<>();
        Set<VendorMemory> arrived = new LinkedHashSet<>();
        for (VendorMemory memory : possible) {
            VendorMemory.Delivery next = next(memory, feed);
            if (Sha256.of(next.file().csv()).equals(sha256)) {
                fitting.add(memory);
                arrived.add(next.memory());
            }
        }
        if (fitting.isEmpty()) {
            byte[] expected = next(possible.get(0), feed).file().csv();
            findings.add(Kind.WRONG_FILE, id + ": " + difference.apply(expected));
            possible.forEach(memory -> {
                fitting.add(memory);
                arrived.add(next(memory, feed).memory());
            });
        }
        Set<VendorMemory> after = new LinkedHashSet<>();
        // What an attempt took for true it has not written down where its file has not come.
        if (arrival == Arrival.NOT || arrival == Arrival.UNKNOWN) {
            after.addAll(possible);
        }
        if (arrival != Arrival.NOT) {
            after.addAll(arrived);
        }
        if (arrival == Arrival.SEEN || arrival == Arrival.UNKNOWN) {
            fitting.forEach(memory -> after.add(memory.announced(feed)));
        }
        remember(after, id);
    }

    private void mayHaveArrived(Path csv) {
        ExpectedFile feed = WrittenFile.read(csv);
        Set<VendorMemory> after = new LinkedHashSet<>(possible);
        possible.forEach(memory -> after.add(next(memory, feed).memory()));
        possible.forEach(memory -> after.add(memory.announced(feed)));
        remember(after, csv.getParent().getFileName().toString());
    }

    private void remember(Set<VendorMemory> after, String id) {
        if (after.size() > MOST_POSSIBLE) {
            findings.add(
                    Kind.WRONG_FILE,
                    "What the vendor has after " + id + " cannot be judged: " + after.size() + " things are possible");
        }
        possible = after.stream().limit(MOST_POSSIBLE).toList();
    }

    /** No run lasts until a leaver is not sent any more, so any moment is as good. */
    private static VendorMemory.Delivery next(VendorMemory memory, ExpectedFile feed) {
        return memory.next(feed, Instant.EPOCH);
    }

    /** By counts: the lines hold names. */
    private static String difference(byte[] expected, byte[] delivered) {
        List<String> missing = new ArrayList<>(lines(expected));
        List<String> extra = new ArrayList<>(lines(delivered));
        missing.removeAll(lines(delivered));
        extra.removeAll(lines(expected));
        return missing.size() + " lines of the oracle's are missing, " + extra.size() + " lines are not the oracle's";
    }

    private static List<String> lines(byte[] csv) {
        return List.of(new String(csv, StandardCharsets.UTF_8).split("\r\n"));
    }

    private static byte[] read(Path csv) {
        try {
            return Files.readAllBytes(csv);
        } catch (IOException e) {
            throw new UncheckedIOException("The delivered file " + csv + " cannot be read", e);
        }
    }

    long files() {
        return files;
    }
}
