package dev.patronstream.connector.database;

import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;

/** The job that reads the log into the change tables, as far as the account may see it. Not thread-safe. */
public final class CaptureJob {

    private static final int DEFAULT_POLL_SECONDS = 5;

    private record Settings(OptionalInt maxTransactions, int pollSeconds) {}

    private final SourceDatabase database;
    private final Settings settings;
    private Optional<SQLException> denied = Optional.empty();

    CaptureJob(SourceDatabase database) throws SQLException {
        this.database = database;
        this.settings = settings(database);
    }

    private static Settings settings(SourceDatabase database) throws SQLException {
        return database
                .listWhereSeen(
                        "EXEC " + database.quotedName() + ".sys.sp_cdc_help_jobs",
                        row -> "capture".equals(row.getString("job_type"))
                                ? Optional.of(new Settings(OptionalInt.of(row.getInt("maxtrans")), Math.max(1, (int)
                                        row.getLong("pollinginterval"))))
                                : Optional.<Settings>empty())
                .stream()
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(new Settings(OptionalInt.empty(), DEFAULT_POLL_SECONDS));
    }

    /** Returns the most transactions that a scan takes, if that is known. */
    OptionalInt maxTransactions() {
        return settings.maxTransactions();
    }

    int pollSeconds() {
        return settings.pollSeconds();
    }

    /** Returns the last scan that reached the end of the log; empty for good once the account may not see scans. */
    Optional<ScanSession> lastGoodScan(OptionalInt most) throws SQLException {
        if (denied.isPresent()) {
            return Optional.empty();
        }
        try {
            return database.scanSessions().stream()
                    .filter(scan -> scan.caughtUp(most))
                    .findFirst();
        } catch (SQLException e) {
            SourceErrors.requireDenied(e);
            denied = Optional.of(e);
            return Optional.empty();
        }
    }

    /** Returns the error that says that the account may not see the scans. */
    Optional<SQLException> denied() {
        return denied;
    }

    /** Whether SQL Server Agent is seen not to run, so that nothing is captured. */
    public static boolean isAgentStopped(SourceDatabase database) throws SQLException {
        return database
                .listWhereSeen(
                        "SELECT CASE WHEN dss.[status]=4 THEN 1 ELSE 0 END AS isRunning FROM "
                                + database.quotedName()
                                + ".sys.dm_server_services dss WHERE dss.[servicename] LIKE N'SQL Server Agent (%'",
                        row -> row.getInt(1))
                .stream()
                .limit(1)
                .anyMatch(running -> running == 0);
    }
}
