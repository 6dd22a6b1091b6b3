package dev.patronstream.cli.run;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A process whose main thread hangs when another one dies: {@code StuckMain CONFIGURATION}. */
final class StuckMain {

    private StuckMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Configuration configuration = ConfigurationReader.read(Path.of(arguments[0]), Map.of(), EnumSet.of(Part.KAFKA));
        Lifeline lifeline = Lifeline.watch(Disks.of(configuration), Duration.ofSeconds(1));
        lifeline.lastWord(
                why -> Running.reportThatItDidNotStart(configuration, EnumSet.of(Stage.CONNECTOR), why.message()));
        new Thread(
                        () -> {
                            throw new AssertionError("planted");
                        },
                        "planted")
                .start();
        new CountDownLatch(1).await();
    }
}
