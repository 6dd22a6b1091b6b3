package dev.patronstream.cli.stages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Lead;
import dev.patronstream.schemas.StageInstance;
import dev.patronstream.schemas.StageReport;
import dev.patronstream.schemas.StageRole;
import dev.patronstream.schemas.StageState;
import dev.patronstream.schemas.serde.AvroSerializer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How long ago something was said is measured here, and by the broker's clock: never by the clock of who said it. */
class StageMemoryTest {

    private static final Instant BROKER = Instant.parse("2026-11-24T04:22:00Z");

    private long nanos;
    private long offset;
    private final StageMemory memory = new StageMemory(() -> nanos);

    static {
        new AvroSerializer<StageReport>().close();
    }

    @Test
    void whoSaysNothingWhileEchoesComeIsSilentWhateverClocksSay() {
        memory.echo(BROKER);
        hear("sis1", BROKER.plusSeconds(86_400), Optional.empty());
        echoFor(Duration.ofSeconds(50));
        assertFalse(only().isSilent());

        echoFor(Duration.ofSeconds(20));

        assertTrue(only().isSilent());
        assertEquals(Duration.ofSeconds(70), only().age());
    }

    @Test
    void timeInWhichThisProcessCouldNotSeeIsNobodysSilence() {
        memory.echo(BROKER);
        hear("sis1", BROKER, Optional.empty());

        nanos += Duration.ofMinutes(10).toNanos();
        assertEquals(Duration.ofMinutes(10), memory.blind());
        memory.echo(BROKER.plusSeconds(600));

        assertFalse(only().isSilent());
        assertEquals(Duration.ofMinutes(10), only().age(), "but what it said is old");
        assertEquals(Duration.ZERO, memory.blind());
    }

    @Test
    void whatIsFoundAtTheStartIsAsOldAsTheBrokerSays() {
        hear("sis1", BROKER.minusSeconds(300), Optional.empty());
        hear("sis2", BROKER.minusSeconds(5), Optional.empty());

        memory.echo(BROKER);

        assertEquals(
                List.of(true, false), memory.all().stream().map(Heard::isSilent).toList());
        assertEquals(Duration.ofMinutes(5), memory.all().get(0).age());
    }

    @Test
    void whoJoinedAfterTheLastWordOfAnotherHasReplacedIt() {
        memory.echo(BROKER);
        hear("sis1", BROKER, Optional.empty());
        long spareJoined = offset;
        hear("sis2", BROKER, Optional.empty());
        hear("sis1", BROKER, Optional.of(0L));
        speakFor(Duration.ofSeconds(70), "sis2", spareJoined);
        assertFalse(of("sis1").replaced(), "the spare was there before the other one fell silent");

        hear("sis3", BROKER, Optional.empty());

        assertTrue(of("sis1").replaced());
    }

    @Test
    void whoTookLeaveOrIsSilentForADayIsForgotten() {
        memory.echo(BROKER);
        hear("sis1", BROKER, Optional.empty());
        hear("sis2", BROKER, Optional.empty());
        memory.hear(StageMemory.key(report("sis2", Optional.empty())), Optional.empty(), offset++, BROKER);
        assertEquals("sis1", only().report().getInstance().getHost());

        echoFor(Duration.ofHours(25));

        assertEquals(List.of(), memory.all());
    }

    private void echoFor(Duration time) {
        speakFor(time, "nobody", 0);
    }

    private void speakFor(Duration time, String host, long joined) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(StageBoard.HEARTBEAT)) {
            nanos += StageBoard.HEARTBEAT.toNanos();
            memory.echo(BROKER);
            if (!host.equals("nobody")) {
                hear(host, BROKER, Optional.of(joined));
            }
        }
    }

    private void hear(String host, Instant appended, Optional<Long> joined) {
        StageReport report = report(host, joined);
        memory.hear(StageMemory.key(report), Optional.of(report), offset++, appended);
    }

    private Heard only() {
        assertEquals(1, memory.all().size());
        return memory.all().get(0);
    }

    private Heard of(String host) {
        return memory.all().stream()
                .filter(heard -> heard.report().getInstance().getHost().equals(host))
                .findFirst()
                .orElseThrow();
    }

    private static StageReport report(String host, Optional<Long> joined) {
        return StageReport.newBuilder()
                .setStage("connector")
                .setInstance(StageInstance.newBuilder()
                        .setHost(host)
                        .setPid(4711)
                        .setStartedAt(Instant.EPOCH)
                        .setJoinedAtOffset(joined.orElse(null))
                        .build())
                .setState(StageState.RUNNING)
                .setMessage("streaming")
                .setSince(Instant.EPOCH)
                .setRole(new StageRole(Lead.YES, Instant.EPOCH))
                .setHeartbeatAt(Instant.EPOCH)
                .build();
    }
}
