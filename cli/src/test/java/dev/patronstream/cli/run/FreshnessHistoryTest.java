package dev.patronstream.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.cli.web.StatusSource.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FreshnessHistoryTest {

    private static final Instant START = Instant.parse("2026-11-24T04:00:00Z");

    private final FreshnessHistory history = new FreshnessHistory();

    private void add(long second, long age) {
        history.add(new Sample(
                START.plusSeconds(second), age < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(age))));
    }

    private List<Long> ages() {
        return history.samples().stream()
                .map(sample -> sample.age().map(Duration::toSeconds).orElse(-1L))
                .toList();
    }

    @Test
    void theWorstOfAMinuteIsKept() {
        add(0, 2);
        add(10, 40);
        add(59, 3);
        add(60, 4);
        add(70, -1);
        add(80, 5);
        add(125, 6);
        assertEquals(List.of(40L, -1L, 6L), ages());
        assertEquals(START, history.samples().get(0).at());
    }

    @Test
    void aDayIsKept() {
        for (long minute = 0; minute < 24 * 60 + 10; minute++) {
            add(minute * 60, minute % 7);
        }
        assertEquals(24 * 60, history.samples().size());
        assertEquals(START.plusSeconds(600), history.samples().get(0).at());
    }
}
