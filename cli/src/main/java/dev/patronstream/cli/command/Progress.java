package dev.patronstream.cli.command;

import dev.patronstream.cli.run.Journal;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Screen;
import dev.patronstream.cli.screen.StopRequest;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Prints each part as it comes alive, with the seconds since the start; where a stop is asked for, the next part is not begun. */
public final class Progress implements Journal {

    private final Screen screen;
    private final BooleanSupplier isStopped;
    private final long startNanos = System.nanoTime();

    /** One for a start that is broken off in another way. */
    public Progress(Screen screen) {
        this(screen, () -> false);
    }

    public Progress(Screen screen, StopRequest stop) {
        this(screen, stop::isRequested);
    }

    private Progress(Screen screen, BooleanSupplier isStopped) {
        this.screen = screen;
        this.isStopped = isStopped;
    }

    @Override
    public void alive(String what, String detail) {
        screen.line(
                String.format(Locale.ROOT, "%6.1f s  %-20s %s", (System.nanoTime() - startNanos) / 1e9, what, detail));
        if (isStopped.getAsBoolean()) {
            throw new CommandFailedException(
                    "The start was broken off after: " + what, new CancellationException("A stop was asked for"));
        }
    }
}
