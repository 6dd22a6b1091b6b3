package dev.patronstream.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** The command in a process of which one part dies as soon as a file appears: {@code DyingPart FILE ARGUMENTS...}. */
public final class DyingPart {

    private DyingPart() {}

    public static void main(String[] arguments) {
        Path file = Path.of(arguments[0]);
        Thread part = new Thread(
                () -> {
                    while (!Files.exists(file)) {
                        try {
                            TimeUnit.MILLISECONDS.sleep(20);
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                    throw new AssertionError("planted");
                },
                "planted");
        part.setDaemon(true);
        part.start();
        Patronstream.main(Arrays.copyOfRange(arguments, 1, arguments.length));
    }
}
