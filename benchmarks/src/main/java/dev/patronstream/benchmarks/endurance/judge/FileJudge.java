package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.Oracle;
import dev.patronstream.sandbox.oracle.VendorMemory;
import dev.patronstream.schemas.EpochApplied;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Holds delivered files against the oracle at their watermarks. Where nobody can say whether a file has arrived, both may
 * be so, until a later file shows which one counts. Not thread-safe.
 */
final class FileJudge {

    private static final Duration LEAVERS = Duration.ofDays(90);
    private static final int MOST_POSSIBLE = 16;

    private final Findings findings;
    private List<VendorMemory> possible = List.of(VendorMemory.empty(LEAVERS));
    private long files;

    /** What became of a file. */
    enum Arrival {
        ARRIVED,
        NOT,
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
     */
    void file(HistoryReplay replay, Path csv, EpochApplied cut, FeedRules rules, Arrival arrival, List<Path> unknown) {
        List<Path> before = List.copyOf(unknown);
        replay.at(cut.getWatermark(), () -> {
            before.forEach(file -> mayHaveArrived(WrittenFile.read(file)));
            judge(Oracle.expected(replay, rules, cut.getBusinessDate()), csv, arrival);
        });
    }

    void judge(ExpectedFile feed, Path csv, Arrival arrival) {
        files++;
        byte[] delivered = read(csv);
        List<VendorMemory> fitting = possible.stream()
                .filter(memory -> Arrays.equals(next(memory, feed).file().csv(), delivered))
                .toList();
        if (fitting.isEmpty()) {
            byte[] expected = next(possible.get(0), feed).file().csv();
            findings.add(Kind.WRONG_FILE, csv.getParent().getFileName() + ": " + difference(expected, delivered));
        } else {
            possible = fitting;
        }
        if (arrival == Arrival.UNKNOWN) {
            mayHaveArrived(feed);
        } else if (arrival == Arrival.ARRIVED) {
            possible =
                    possible.stream().map(memory -> next(memory, feed).memory()).toList();
        }
    }

    private void mayHaveArrived(ExpectedFile feed) {
        possible = Stream.concat(possible.stream(), possible.stream().map(memory -> next(memory, feed)
                        .memory()))
                .limit(MOST_POSSIBLE)
                .toList();
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
