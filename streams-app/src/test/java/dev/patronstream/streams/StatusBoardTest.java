package dev.patronstream.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.streams.epochs.EpochSettings;
import dev.patronstream.streams.epochs.TopologyState;
import dev.patronstream.streams.epochs.TopologyState.Activity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said of an application whose work another process does by now. */
class StatusBoardTest {

    private static final TopologyState UP_TO_DATE =
            new TopologyState(Activity.UP_TO_DATE, Optional.empty(), Map.of(), 0, 0, List.of(), List.of());

    private Instant now = Instant.parse("2026-11-24T09:00:00Z");
    private final StatusBoard board = new StatusBoard(
            new StreamsSettings(
                    new EpochSettings(
                            new Topics("eagle"),
                            new AvroSerdes(Map.of("schema.registry.url", "http://127.0.0.1:1")),
                            PatronRules.DEFAULT,
                            List.of(RebuildTest.DESTINY),
                            100),
                    TopicSettings.SINGLE_BROKER,
                    Map.of("bootstrap.servers", "127.0.0.1:1"),
                    Path.of("state"),
                    0),
            () -> now);

    @BeforeEach
    void work() {
        board.runs(true);
        board.topology(UP_TO_DATE);
    }

    @Test
    void oneThatHasItsTaskAndDoesNotMoveSaysSo() {
        now = now.plus(Duration.ofSeconds(61));

        assertEquals(StreamsStatus.Phase.RETRYING, phase());
    }

    @Test
    void oneWhoseTaskAnotherProcessHasTakenIsNotSaidToStandStill() {
        board.runs(false);
        now = now.plus(Duration.ofSeconds(61));

        assertEquals(StreamsStatus.Phase.RUNNING, phase());
    }

    @Test
    void theTroubleOfItsLastTaskIsOver() {
        board.trouble("The broker is away");
        assertEquals(StreamsStatus.Phase.RETRYING, phase());

        board.runs(false);

        assertEquals(StreamsStatus.Phase.RUNNING, phase());
    }

    /** Reading the tables may take long; nothing is wrong meanwhile. */
    @Test
    void oneThatWaitsForColumnsSaysWhichAndIsNotSaidToStandStill() {
        board.topology(new TopologyState(
                Activity.AWAITING_COLUMNS,
                Optional.empty(),
                Map.of(),
                0,
                0,
                List.of("STU.U1", "STU.track"),
                List.of()));
        now = now.plus(Duration.ofSeconds(61));

        StreamsStatus status = board.read(Optional.of(State.RUNNING), false);
        assertEquals(StreamsStatus.Phase.RUNNING, status.phase());
        assertEquals(
                "Waiting until the connector has read STU.U1, STU.track, which a feed needs. Until then all feeds stay as"
                        + " they are",
                status.message());
    }

    private StreamsStatus.Phase phase() {
        return board.read(Optional.of(State.RUNNING), false).phase();
    }
}
