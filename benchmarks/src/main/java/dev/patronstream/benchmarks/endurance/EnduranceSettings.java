package dev.patronstream.benchmarks.endurance;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a run is like.
 *
 * @param seed where the chance of faults, district and life begins
 * @param students students of the generated district
 * @param changesPerSecond what the school offices do, in transactions a second
 * @param faults how many faults there are
 * @param mostlyKills whether eight of ten faults are kills, instead of four
 * @param brokers how many brokers there are: one, or three
 * @param atMost the faults end after this time, however many are left
 * @param patience how long to wait for everything to work again before it counts as stuck
 * @param calm for how long the status has to be good after a loss before it counts as made good
 * @param directory a new folder for everything
 */
record EnduranceSettings(
        long seed,
        int students,
        double changesPerSecond,
        int faults,
        boolean mostlyKills,
        int brokers,
        Duration atMost,
        Duration patience,
        Duration calm,
        Path directory) {}
