package dev.patronstream.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.cli.screen.Screen;
import dev.patronstream.streams.StreamsStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static StreamsStatus status(String message, StreamsStatus.Work work) {
        return new StreamsStatus(
                StreamsStatus.Phase.WORKING, message, Optional.empty(), 0, Map.of(), Optional.of(work), List.of());
    }
}
