package dev.patronstream.benchmarks.speed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

/** What is measured side by side is the same work. */
final class MicroTest {

    private final MicroBenchmarks micro = new MicroBenchmarks();

    @Test
    void thePeersMakeTheSameBytesAndRecords() throws IOException {
        assertArrayEquals(micro.enrollmentWrittenByAvro(), micro.enrollmentWritten());
        assertEquals(micro.enrollmentReadByAvro(), micro.enrollmentRead());
        assertArrayEquals(micro.entryWrittenByAvro(), micro.entryWritten());
        assertEquals(micro.entryReadByAvro(), micro.entryRead());
        assertArrayEquals(micro.fileByFastCsv(), micro.file());
    }

    @Test
    void eachStepWorksOnWhatTheOneBeforeHasMade() throws IOException {
        assertEquals(micro.mapped().live().orElseThrow(), micro.enrollmentRead());
        assertEquals(
                micro.enrollmentRead().getStudentId(),
                micro.evaluated().orElseThrow().getId());
        assertEquals(
                1_001, new String(micro.file(), StandardCharsets.UTF_8).lines().count());
    }

    @Test
    void everyBenchmarkIsInTheTable() {
        Set<String> benchmarks = Arrays.stream(MicroBenchmarks.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(Method::getName)
                .collect(Collectors.toSet());
        assertTrue(benchmarks.size() > 1);
        assertEquals(benchmarks, MicroMain.PARTS.keySet());
    }
}
