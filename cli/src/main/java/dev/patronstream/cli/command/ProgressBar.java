package dev.patronstream.cli.command;

import dev.patronstream.cli.screen.Screen;
import dev.patronstream.cli.web.TimeWords;
import dev.patronstream.streams.StreamsStatus;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far the streams application's work is, how fast it goes and how long it may still take: on a terminal a bar that is
 * written over, else plain lines, one for each step and one every few seconds. Used by one thread.
 */
final class ProgressBar {

    private static final int WIDTH = 24;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    /** Before that, a rate says little. */
    private static final Duration MEASURED = Duration.ofSeconds(2);

    private final Screen screen;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private @Nullable String step;
    private long stepNanos;
    private long doneBefore;
    private long shownNanos;

    ProgressBar(Screen screen) {
        this(screen, System::nanoTime);
    }

    ProgressBar(Screen screen, LongSupplier nanoTime) {
        this.screen = screen;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    void show(StreamsStatus status) {
        long now = nanoTime.getAsLong();
        boolean isNewStep = !status.message().equals(step);
        if (isNewStep) {
            step = status.message();
            stepNanos = now;
            doneBefore = status.work().map(StreamsStatus.Work::done).orElse(0L);
        }
        if (screen.isTerminal() || isNewStep || now - shownNanos > BETWEEN_LINES.toNanos()) {
            shownNanos = now;
            Duration spent = Duration.ofNanos(now - stepNanos);
            screen.live(line(status, (now - startNanos) / 1e9)
                    + status.work()
                            .filter(work -> spent.compareTo(MEASURED) >= 0)
                            .map(work -> pace(work, work.done() - doneBefore, spent))
                            .orElse(""));
        }
    }

    /** By what was done in this step so far. */
    private static String pace(StreamsStatus.Work work, long done, Duration spent) {
        double perSecond = done / (spent.toMillis() / 1e3);
        if (perSecond < 1) {
            return "";
        }
        long left = work.total() - work.done();
        return String.format(Locale.ROOT, ", %,.0f/s", perSecond)
                + (left > 0 ? ", " + TimeWords.span(Duration.ofSeconds((long) (left / perSecond))) + " left" : "");
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
