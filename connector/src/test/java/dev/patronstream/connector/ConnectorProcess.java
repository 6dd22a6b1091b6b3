package dev.patronstream.connector;

import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.CaptureSettings.Limits;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.check.Polling;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.sandbox.ChildJvm;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** A connector in a process of its own, to be killed. */
final class ConnectorProcess {

    private ConnectorProcess() {}

    /**
     * Runs a connector until it is killed. Arguments: district, brokers, registry, port, password, most rows, and how
     * often it polls, in milliseconds; 0 where it uses change data capture.
     */
    public static void main(String[] arguments) {
        Optional<Polling> polling = Optional.of(Duration.ofMillis(Long.parseLong(arguments[6])))
                .filter(every -> !every.isZero())
                .map(Polling::every);
        ConnectorSettings settings = new ConnectorSettings(
                new Topics(arguments[0]),
                TopicSettings.SINGLE_BROKER,
                Map.of("bootstrap.servers", arguments[1]),
                Map.of("schema.registry.url", arguments[2]),
                new CaptureSettings(
                        new DatabaseSettings(
                                "127.0.0.1",
                                Integer.parseInt(arguments[3]),
                                "DST26000EAGLE",
                                "dbo",
                                "sa",
                                Secret.of(arguments[4]),
                                Map.of("encrypt", "false")),
                        new CapturedColumns(Set.of(), Map.of()),
                        ZoneId.of("America/Los_Angeles"),
                        TestLimits.withMassDeleteAbove(
                                TestLimits.withMaxRows(
                                        TestLimits.withFreshnessInterval(
                                                TestLimits.withPollInterval(Limits.usual(), Duration.ofMillis(50)),
                                                Duration.ofMillis(300)),
                                        Integer.parseInt(arguments[5])),
                                polling.isPresent() ? 1 : Limits.usual().massDeleteAbove()),
                        polling,
                        Map.of()),
                Optional.empty());
        Connector connector = new Connector(settings);
        connector.start();
        try {
            connector.completion().join();
        } catch (CompletionException ended) {
            System.out.println("ENDED " + ended.getCause().getMessage());
            System.exit(1);
        }
    }

    /** Freezes a process ({@code SIGSTOP}) or lets it go on ({@code SIGCONT}). */
    static void signal(Process process, String signal) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + signal + " " + process.pid() + " ended with " + code);
        }
    }

    static Process start(TestDistrict district, int maxRows, Path log) throws IOException {
        return start(district, maxRows, Duration.ZERO, log);
    }

    /** Starts one that polls so often. */
    static Process start(TestDistrict district, int maxRows, Duration poll, Path log) throws IOException {
        ConnectorSettings settings = district.settings();
        return new ProcessBuilder(ChildJvm.command(
                        ConnectorProcess.class,
                        List.of("-Xmx256m"),
                        district.topics().district(),
                        settings.kafka().get("bootstrap.servers"),
                        settings.serdes().get("schema.registry.url"),
                        district.server().port(),
                        district.server().password(),
                        maxRows,
                        poll.toMillis()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
                .start();
    }
}
