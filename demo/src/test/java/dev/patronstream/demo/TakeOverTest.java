package dev.patronstream.demo;

import static dev.patronstream.demo.SandboxDistrict.await;
import static dev.patronstream.demo.SandboxDistrict.own;
import static dev.patronstream.demo.SandboxDistrict.role;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patronstream.cli.PatronstreamProcess;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.ledger.Receipts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two snapshotters as processes, of which the leader is killed when a fixed time is about to come. */
@Tag("faults")
class TakeOverTest {

    private static final int DELIVERIES = 2;
    private static final List<String> LED = List.of("leads", "waits");

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void aFixedTimeWithoutALeaderIsServedOnceByTheNextLeader() throws Exception {
        try (SandboxDistrict district = SandboxDistrict.start(folder, 60)) {
            Receipts receipts = new Receipts(
                    new Topics(district.value("district")),
                    district.kafka(),
                    new AvroSerdes(Map.of("schema.registry.url", district.value("url"))));
            district.run("connector", "connector");
            district.run("streams-app", "streams");
            PatronstreamProcess one = snapshotter(district, "one");
            PatronstreamProcess other = snapshotter(district, "other");
            await(receipts::all, all -> all.stream()
                    .anyMatch(receipt -> receipt.getResult() == DeliveryResult.DELIVERED));
            JsonNode status = await(one, now -> LED.contains(role(own(now, DELIVERIES))));
            PatronstreamProcess leader = role(own(status, DELIVERIES)).equals("leads") ? one : other;
            PatronstreamProcess spare = leader == one ? other : one;
            await(leader, now -> role(own(now, DELIVERIES)).equals("leads"));
            await(spare, now -> role(own(now, DELIVERIES)).equals("waits"));
            // Nothing is due between the change and the kill, and the kill is not ten seconds before a fixed time.
            await(TakeOverTest::second, second -> second >= 5 && second < 40);
            String id = district.delivered().get(1).split(",", -1)[2];
            district.execute("UPDATE dbo.STU SET LN = 'Zyxw' WHERE ID = " + id);
            await(TakeOverTest::second, second -> second >= 55);
            leader.kill();
            Instant due = Instant.now().truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1));
            // One more fixed time, so that a second delivery of the first would be there.
            Instant next = due.plus(Duration.ofMinutes(1));
            await(receipts::all, all -> all.stream()
                    .anyMatch(receipt ->
                            !receipt.getStartedAt().isBefore(next) && receipt.getResult() == DeliveryResult.UNCHANGED));
            List<Delivery> served = receipts.all().stream()
                    .filter(receipt -> !receipt.getStartedAt().isBefore(due))
                    .filter(receipt -> receipt.getStartedAt().isBefore(next))
                    .toList();
            assertEquals(1, served.size(), served.toString());
            assertEquals(DeliveryResult.DELIVERED, served.get(0).getResult(), served.toString());
            assertTrue(served.get(0).getMadeBy().endsWith("/" + spare.pid()), served.toString());
            assertEquals(
                    1,
                    district.delivered().stream()
                            .filter(line -> line.contains(",Zyxw,"))
                            .count());
            System.out.println("MEASURED from the fixed time to the delivery by the other one: "
                    + Duration.between(due, served.get(0).getStartedAt()).toMillis() + " ms");
        }
    }

    private static PatronstreamProcess snapshotter(SandboxDistrict district, String name) throws Exception {
        return district.run(
                "snapshotter", name, "    layout: destiny\n", "    layout: destiny\n    schedule: \"* * * * *\"\n");
    }

    private static long second() {
        return Instant.now().getEpochSecond() % 60;
    }
}
