package dev.patronstream.cli.command;

import dev.patronstream.cli.run.Journal;
import dev.patronstream.cli.screen.Screen;
import java.util.Locale;

/** Prints each part as it comes alive, with the seconds since the start. */
final class Progress implements Journal {

    private final Screen screen;
    private final long startNanos = System.nanoTime();

    Progress(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void alive(String what, String detail) {
        screen.line(
                String.format(Locale.ROOT, "%6.1f s  %-20s %s", (System.nanoTime() - startNanos) / 1e9, what, detail));
    }
}
