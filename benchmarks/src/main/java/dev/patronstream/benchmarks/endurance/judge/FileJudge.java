package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.Oracle;
import dev.patronstream.sandbox.oracle.VendorMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Holds delivered files, and the feed itself, against the oracle at their watermarks. Not thread-safe. */
final class FileJudge {

    private static final Duration LEAVERS = Duration.ofDays(90);

    private final FeedRules rules;
    private final Findings findings;
    private VendorMemory vendor = VendorMemory.empty(LEAVERS);
    private long files;

    FileJudge(FeedRules rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
    }

    /**
     * Has a file judged when the replay comes to its watermark. Files are given in the order of their attempts, since
     * whom the vendor was sent before decides who is sent as a leaver.
     *
     * @param held whether its receipt says that the vendor holds it
     */
    void file(HistoryReplay replay, Path csv, String watermark, LocalDate businessDate, boolean held) {
        replay.at(watermark, () -> judge(Oracle.expected(replay, rules, businessDate), csv, held));
    }

    private void judge(ExpectedFile feed, Path csv, boolean held) {
        files++;
        // No run lasts until a leaver is not sent any more, so any moment is as good.
        VendorMemory.Delivery expected = vendor.next(feed, Instant.EPOCH);
        byte[] bytes = expected.file().csv();
        byte[] delivered = read(csv);
        if (!Arrays.equals(bytes, delivered)) {
            findings.add(Kind.WRONG_FILE, csv.getParent().getFileName() + ": " + difference(bytes, delivered));
        }
        if (held) {
            vendor = expected.memory();
        }
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
