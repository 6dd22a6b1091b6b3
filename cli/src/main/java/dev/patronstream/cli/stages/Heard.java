package dev.patronstream.cli.stages;

import dev.patronstream.schemas.StageReport;
import java.time.Duration;

/**
 * What one stage of one process has said last.
 *
 * @param report what it said
 * @param silence how long nothing more has come from it while what this process writes came through; nothing of the
 *     time in which this process could not see
 * @param age how long ago it was said, whatever could be seen since
 * @param replaced whether another instance of the stage joined after its last word, and lives
 */
public record Heard(StageReport report, Duration silence, Duration age, boolean replaced) {

    /** A process that has said nothing for so long is gone, hangs, or cannot reach Kafka. */
    public static final Duration SILENT_AFTER = Duration.ofMinutes(1);

    /** Whether it has not been heard of for too long. */
    public boolean isSilent() {
        return silence.compareTo(SILENT_AFTER) >= 0;
    }
}
