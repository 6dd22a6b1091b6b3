package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rebuild} as a person uses it, on a sandbox. */
class RebuildCommandTest {

    @TempDir
    Path folder;

    private Path file;

    @Test
    void aRebuildAsksRefusesAndWritesNothingToAFeedThatIsRight() throws Exception {
        SandboxSettings settings = SandboxSettings.in(folder.resolve("sandbox")).withStudents(300);
        try (Sandbox sandbox = Sandbox.start(settings, (what, detail) -> {})) {
            file = sandbox.configuration();
            CapturedTerminal tooEarly = command(1, new CapturedTerminal(Map.of()), "rebuild", "--yes");
            assertTrue(tooEarly.error().contains("There is nothing to replay"), tooEarly.error());

            CapturedTerminal services = new CapturedTerminal(Map.of());
            CompletableFuture<Integer> run =
                    CompletableFuture.supplyAsync(() -> services.run("run", "--config", file.toString()));
            command(0, new CapturedTerminal(Map.of()), "snapshot", "destiny", "--wait", "3m");
            whileTheServicesRun();
            services.stop();
            assertEquals(0, run.join(), services::error);
            whenTheyAreStopped();
        }
    }

    private void whileTheServicesRun() throws Exception {
        Map<String, Long> before = ends();
        CapturedTerminal refused = command(1, new CapturedTerminal(Map.of()), "rebuild", "--yes");
        assertTrue(refused.error().contains("rebuild needs stopped services, and 'run' (process"), refused.error());
        assertEquals(before.keySet(), ends().keySet());
    }

    private void whenTheyAreStopped() throws Exception {
        Map<String, Long> before = ends();
        CapturedTerminal nobody = command(2, new CapturedTerminal(Map.of()), "rebuild");
        assertTrue(nobody.error().contains("add --yes"), nobody.error());
        CapturedTerminal no = command(1, new CapturedTerminal(Map.of()).answering("y"), "rebuild");
        assertTrue(no.out().contains("7 internal topics"), no.out());
        assertTrue(
                no.out().contains("Kept, and written to only where something differs: eagle.feed.destiny"), no.out());
        assertTrue(no.error().contains("Nothing was deleted"), no.error());
        assertEquals(before, ends());

        CapturedTerminal done = command(0, new CapturedTerminal(Map.of()).answering("yes"), "rebuild", "--details");
        assertTrue(done.out().contains("people, 0 records written"), done.out());
        assertTrue(done.out().contains("(it was empty)"), done.out());
        assertFalse(done.out().contains("\u001b"), "no control codes where there is no terminal");
        assertEquals(before.get("eagle.feed.destiny"), ends().get("eagle.feed.destiny"));
        assertEquals(before.keySet(), ends().keySet());
    }

    private CapturedTerminal command(int exit, CapturedTerminal terminal, String... words) {
        String[] arguments = java.util.Arrays.copyOf(words, words.length + 2);
        arguments[words.length] = "--config";
        arguments[words.length + 1] = file.toString();
        assertEquals(exit, terminal.run(arguments), () -> terminal.error() + terminal.out());
        return terminal;
    }

    private Map<String, Long> ends() throws Exception {
        Configuration configuration = ConfigurationReader.read(file, Map.of(), EnumSet.of(Part.KAFKA));
        String servers = configuration.kafka().bootstrapServers().orElseThrow();
        Map<String, Long> ends = new TreeMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            for (String topic : admin.listTopics().names().get()) {
                TopicPartition partition = new TopicPartition(topic, 0);
                if (topic.startsWith("eagle.")) {
                    ends.put(
                            topic,
                            admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                    .partitionResult(partition)
                                    .get()
                                    .offset());
                }
            }
        }
        return ends;
    }
}
