package dev.patronstream.standin;

import dev.patronstream.standin.cdc.CaptureSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;

/**
 * How a stand-in is set up.
 *
 * @param directory where the data lies
 * @param port the port, 0 for any free one
 * @param database the database's name
 * @param password the password of {@code sa}
 * @param capture how the jobs of change data capture run
 * @param zone the server's time zone, in which change data capture keeps its times
 * @param clock the server's clock
 */
public record StandInSettings(
        Path directory,
        int port,
        String database,
        String password,
        CaptureSettings capture,
        ZoneId zone,
        InstantSource clock) {

    /** The defaults: any free port, DST26000EAGLE, capture every second, three days kept, dummy entries every five minutes. */
    public static StandInSettings in(Path directory) {
        return new StandInSettings(
                directory,
                0,
                "DST26000EAGLE",
                "Eagle-2026-sandbox",
                new CaptureSettings(Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofDays(3), false),
                ZoneId.systemDefault(),
                InstantSource.system());
    }

    public StandInSettings withPort(int newPort) {
        return new StandInSettings(directory, newPort, database, password, capture, zone, clock);
    }

    public StandInSettings withDatabase(String newDatabase) {
        return new StandInSettings(directory, port, newDatabase, password, capture, zone, clock);
    }

    public StandInSettings withPassword(String newPassword) {
        return new StandInSettings(directory, port, database, newPassword, capture, zone, clock);
    }

    /** The capture job's polling interval; zero captures as soon as something commits. */
    public StandInSettings withCaptureInterval(Duration newInterval) {
        return with(capture.withInterval(newInterval));
    }

    /** How long the change tables keep changes. */
    public StandInSettings withRetention(Duration newRetention) {
        return with(capture.withRetention(newRetention));
    }

    /** How often an idle capture job writes a dummy entry into {@code cdc.lsn_time_mapping}. */
    public StandInSettings withIdleEntryInterval(Duration newInterval) {
        return with(capture.withIdleEntryInterval(newInterval));
    }

    /** Gives {@code __$seqval} at random inside a transaction, see {@link CaptureSettings}. */
    public StandInSettings withShuffledSequenceValues(boolean shuffle) {
        return with(capture.withShuffledSequenceValues(shuffle));
    }

    private StandInSettings with(CaptureSettings newCapture) {
        return new StandInSettings(directory, port, database, password, newCapture, zone, clock);
    }

    public StandInSettings withZone(ZoneId newZone) {
        return new StandInSettings(directory, port, database, password, capture, newZone, clock);
    }

    public StandInSettings withClock(InstantSource newClock) {
        return new StandInSettings(directory, port, database, password, capture, zone, newClock);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "StandInSettings[directory=" + directory + ", port=" + port + ", database=" + database + "]";
    }
}
