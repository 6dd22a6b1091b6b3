package dev.patronstream.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.screen.Screen;
import dev.patronstream.streams.StreamsStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

    @Test
    void aBarShowsTheShareAndTheNumbers() {
        assertEquals(
                "   2.5 s  [############............]  50 %  Replaying: 60,000 of about 120,000 rows replayed",
                ProgressBar.line(status("Replaying", new StreamsStatus.Work("rows replayed", 60_000, 120_000)), 2.5));
    }

    @Test
    void moreThanWasExpectedIsNotMoreThanEverything() {
        assertEquals(
                "   2.5 s  [########################] 100 %  Replaying: 130 of about 120 rows replayed",
                ProgressBar.line(status("Replaying", new StreamsStatus.Work("rows replayed", 130, 120)), 2.5));
    }

    @Test
    void whatHasNoKnownEndHasNoBar() {
        assertEquals(
                "   0.1 s  Reading: 1,200 entries read",
                ProgressBar.line(status("Reading", new StreamsStatus.Work("entries read", 1_200, 0)), 0.1));
    }

    @Test
    void withoutATerminalEachStepIsALineAndNotEveryLook() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ProgressBar bar = new ProgressBar(new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), false));
        for (int done = 0; done < 5; done++) {
            bar.show(status("Replaying", new StreamsStatus.Work("rows", done, 5)));
        }
        bar.show(status("Evaluating", new StreamsStatus.Work("persons", 1, 5)));
        bar.end();
        assertEquals(2, out.toString(StandardCharsets.UTF_8).lines().count());
    }

    @Test
    void aWhileIntoAStepItSaysHowFastAndHowLongStill() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AtomicLong seconds = new AtomicLong();
        ProgressBar bar = new ProgressBar(
                new Screen(new PrintStream(out, true, StandardCharsets.UTF_8), false),
                () -> TimeUnit.SECONDS.toNanos(seconds.get()));
        bar.show(status("Replaying", new StreamsStatus.Work("rows", 20_000, 120_000)));
        seconds.set(10);
        bar.show(status("Replaying", new StreamsStatus.Work("rows", 60_000, 120_000)));
        seconds.set(16);
        bar.show(status("Evaluating", new StreamsStatus.Work("persons", 0, 0)));
        seconds.set(36);
        bar.show(status("Evaluating", new StreamsStatus.Work("persons", 30_000, 0)));
        bar.end();
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.get(0).endsWith(": 20,000 of about 120,000 rows"), lines.get(0));
        assertTrue(lines.get(1).endsWith(" rows, 4,000/s, 15 seconds left"), lines.get(1));
        assertTrue(lines.get(2).endsWith(": 0 persons"), lines.get(2));
        assertTrue(lines.get(3).endsWith(": 30,000 persons, 1,500/s"), lines.get(3));
    }

    private static StreamsStatus status(String message, StreamsStatus.Work work) {
        return new StreamsStatus(
                StreamsStatus.Phase.WORKING, message, Optional.empty(), 0, Map.of(), Optional.of(work), List.of());
    }
}
