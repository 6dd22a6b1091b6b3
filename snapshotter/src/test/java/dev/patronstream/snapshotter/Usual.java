package dev.patronstream.snapshotter;

import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.feed.RetryPolicy;
import dev.patronstream.snapshotter.safety.Leavers;
import dev.patronstream.snapshotter.safety.Safeguards;
import dev.patronstream.snapshotter.safety.check.Thresholds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings as they are where nothing is configured. */
public final class Usual {

    public static final Thresholds THRESHOLDS = SetLimits.usualBut(Map.of());
    public static final Safeguards SAFEGUARDS = new Safeguards(
            THRESHOLDS, false, Leavers.inactiveFor(Duration.ofDays(90)), List.of(), List.of(), Optional.empty());
    public static final SftpDestination.Connection CONNECTION =
            new SftpDestination.Connection(Duration.ofSeconds(20), Duration.ofSeconds(60), false);

    static final RetryPolicy RETRIES = new RetryPolicy(Duration.ofMinutes(30), Optional.empty());
    static final Duration LATE_AFTER = Duration.ofHours(1);
    static final int GENERATIONS = 40;

    private Usual() {}
}
