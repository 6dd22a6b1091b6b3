package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.PatronstreamProcess;
import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.sandbox.district.DistrictSql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table loses many rows while capture is disabled: what a person sees, and decides, in a terminal. */
class HoldCommandTest {

    private static final String DISABLE =
            "EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N'STU',"
                    + " @capture_instance = N'all'";

    @TempDir
    Path folder;

    private PatronstreamProcess sandbox;

    @Test
    void aHeldSnapshotIsShownRefusedAndApproved() throws Exception {
        Path directory = folder.resolve("sandbox");
        sandbox = PatronstreamProcess.sandbox(folder, 200);
        try (PatronstreamProcess surroundings = sandbox) {
            Path configuration = directory.resolve("any-port.yaml");
            Files.writeString(
                    configuration,
                    Files.readString(directory.resolve("patronstream.yaml")).replace("port: 8085", "port: 0"));
            try (PatronstreamProcess run =
                    PatronstreamProcess.start(folder, "run", "--config", configuration.toString())) {
                run.awaitText("Running; Ctrl-C stops");
                awaitStatus("capture      running");
                CapturedTerminal nothing = command(1, "approve", "connector");
                assertTrue(nothing.error().contains("The connector holds nothing"), nothing.error());

                SandboxDistrict.execute(sandbox, folder, DISABLE, "DELETE FROM dbo.STU WHERE SN % 2 = 0");
                SandboxDistrict.execute(
                        sandbox,
                        folder,
                        DistrictSql.enableCapture("unused", false).stream()
                                .filter(batch -> batch.contains("N'STU'"))
                                .findFirst()
                                .orElseThrow());
                String held = awaitStatus("capture      held");
                assertTrue(held.contains("STU was created again"), held);
                Matcher id = Pattern.compile("\\(hold (\\w+)\\)").matcher(held);
                assertTrue(id.find(), held);

                assertEquals(2, terminal("approve", "delivery").exit());
                CapturedTerminal other = command(1, "approve", "connector", "--hold", "0000");
                assertTrue(other.error().contains("does not hold 0000 any more"), other.error());
                CapturedTerminal rejected = command(0, "reject", "connector", "--hold", id.group(1));
                assertTrue(rejected.out().contains("Rejected: hold " + id.group(1)), rejected.out());
                awaitStatus("It was rejected by");
                Matcher delivery = Pattern.compile("destiny-\\w+-\\d+")
                        .matcher(command(0, "snapshot", "destiny", "--again").out());
                assertTrue(delivery.find());
                String receipt =
                        command(0, "deliveries", "show", delivery.group()).out();
                assertTrue(receipt.contains("this file holds the state before"), receipt);

                CapturedTerminal approved = command(0, "approve", "connector");
                assertTrue(approved.out().contains("would remove"), approved.out());
                assertTrue(approved.out().contains("The snapshot is published, and capture goes on."), approved.out());
                String after = awaitStatus("capture      running");
                assertTrue(after.contains("the tables were read in full"), after);
            }
        }
    }

    private record Ended(int exit, CapturedTerminal terminal) {}

    private Ended terminal(String... words) {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        String[] arguments = Arrays.copyOf(words, words.length + 2);
        arguments[words.length] = "--config";
        arguments[words.length + 1] =
                folder.resolve("sandbox").resolve("any-port.yaml").toString();
        return new Ended(terminal.run(arguments), terminal);
    }

    private CapturedTerminal command(int exit, String... words) {
        Ended ended = terminal(words);
        assertEquals(
                exit, ended.exit(), ended.terminal().error() + ended.terminal().out());
        return ended.terminal();
    }

    private String awaitStatus(String text) throws InterruptedException {
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (true) {
            String status = command(0, "status").out();
            if (status.contains(text)) {
                return status;
            }
            assertTrue(System.nanoTime() < latest, () -> "no '" + text + "' within two minutes: " + status);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }
}
