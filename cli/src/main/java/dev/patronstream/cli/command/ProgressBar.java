package dev.patronstream.cli.command;

import dev.patronstream.cli.screen.Screen;
import dev.patronstream.streams.StreamsStatus;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far the streams application's work is: on a terminal a bar that is written over, else plain lines, one for each
 * step and one every few seconds. Used by one thread.
 */
final class ProgressBar {

    private static final int WIDTH = 24;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final Screen screen;
    private final long startNanos = System.nanoTime();
    private @Nullable String step;
    private long shownNanos;

    ProgressBar(Screen screen) {
        this.screen = screen;
    }

    void show(StreamsStatus status) {
        long now = System.nanoTime();
        boolean isNewStep = !status.message().equals(step);
        if (screen.isTerminal() || isNewStep || now - shownNanos > BETWEEN_LINES.toNanos()) {
            step = status.message();
            shownNanos = now;
            screen.live(line(status, (now - startNanos) / 1e9));
        }
    }

    void end() {
        screen.endLive();
    }

    static String line(StreamsStatus status, double seconds) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%6.1f s  ", seconds));
        status.work().ifPresent(work -> line.append(bar(work)));
        line.append(status.message());
        status.work().ifPresent(work -> line.append(numbers(work)));
        return line.toString();
    }

    private static String bar(StreamsStatus.Work work) {
        if (work.total() <= 0) {
            return "";
        }
        double share = Math.min(1, (double) work.done() / work.total());
        int filled = (int) (share * WIDTH);
        return "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] "
                + String.format(Locale.ROOT, "%3d %%  ", (int) (share * 100));
    }

    private static String numbers(StreamsStatus.Work work) {
        String of = work.total() > 0 ? String.format(Locale.ROOT, " of about %,d", work.total()) : "";
        return String.format(Locale.ROOT, ": %,d%s %s", work.done(), of, work.name());
    }
}
