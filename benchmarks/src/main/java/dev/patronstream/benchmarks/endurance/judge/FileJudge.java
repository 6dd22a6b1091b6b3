package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.Oracle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds delivered files, and the feed itself, against the oracle at their watermarks. Not thread-safe. */
final class FileJudge {

    private final FeedRules rules;
    private final Findings findings;
    private final Map<String, List<Path>> expected = new HashMap<>();
    private long files;

    FileJudge(FeedRules rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
    }

    /** Has a file judged when the replay comes to its watermark. */
    void file(HistoryReplay replay, Path csv, String watermark, LocalDate businessDate) {
        List<Path> same = expected.computeIfAbsent(watermark + " " + businessDate, moment -> {
            List<Path> list = new ArrayList<>();
            replay.at(watermark, () -> judge(Oracle.expected(replay, rules, businessDate), list));
            return list;
        });
        same.add(csv);
    }

    private void judge(ExpectedFile oracle, List<Path> csvs) {
        byte[] bytes = oracle.csv();
        for (Path csv : csvs) {
            files++;
            byte[] delivered = read(csv);
            if (!Arrays.equals(bytes, delivered)) {
                findings.add(Kind.WRONG_FILE, csv.getParent().getFileName() + ": " + difference(bytes, delivered));
            }
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
