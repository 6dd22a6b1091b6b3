package dev.patronstream.standin.session;

import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.Token;
import dev.patronstream.standin.sql.Tokens;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.h2.engine.Constants;

/** What {@code SET} sets. Options that change nothing here are accepted; unknown ones are errors. */
final class SessionOptions {
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "quoted_identifier",
            "ansi_nulls",
            "ansi_padding",
            "ansi_warnings",
            "ansi_null_dflt_on",
            "ansi_null_dflt_off",
            "ansi_defaults",
            "arithabort",
            "arithignore",
            "concat_null_yields_null",
            "cursor_close_on_commit",
            "numeric_roundabort",
            "datefirst",
            "dateformat",
            "language",
            "textsize",
            "rowcount",
            "deadlock_priority",
            "showplan_all",
            "statistics",
            "fmtonly",
            "parseonly",
            "query_governor_cost_limit",
            "context_info",
            "fips_flagger",
            "identity_insert",
            "no_browsetable",
            "remote_proc_transactions",
            "force_plan",
            "offsets");

    private static final int LOCK_SLICE_MILLIS = 250;

    private boolean implicitTransactions;
    private boolean noCount;
    private boolean abortsOnError;
    private boolean compilesOnly;
    private int lockTimeoutMillis = -1;
    private int isolation = Connection.TRANSACTION_READ_COMMITTED;

    boolean implicitTransactions() {
        return implicitTransactions;
    }

    boolean noCount() {
        return noCount;
    }

    /** XACT_ABORT. */
    boolean abortsOnError() {
        return abortsOnError;
    }

    /** NOEXEC. */
    boolean compilesOnly() {
        return compilesOnly;
    }

    int lockTimeoutMillis() {
        return lockTimeoutMillis;
    }

    boolean readsSnapshot() {
        return isolation == Constants.TRANSACTION_SNAPSHOT;
    }

    void applyIsolation(Connection jdbc) throws SQLException {
        if (jdbc.getTransactionIsolation() != isolation) {
            jdbc.setTransactionIsolation(isolation);
        }
    }

    void set(List<Token> words, Session session) throws SQLException {
        Tokens tokens = new Tokens(words);
        if (tokens.skip("TRANSACTION", "ISOLATION")) {
            tokens.expect("LEVEL");
            setIsolation(tokens, session);
            return;
        }
        String option = tokens.next().text().toLowerCase(Locale.ROOT);
        switch (option) {
            case "implicit_transactions" -> implicitTransactions = onOrOff(tokens);
            case "nocount" -> noCount = onOrOff(tokens);
            case "xact_abort" -> abortsOnError = onOrOff(tokens);
            case "noexec" -> compilesOnly = onOrOff(tokens);
            case "lock_timeout" -> setLockTimeout(tokens, session);
            default -> {
                if (!WITHOUT_EFFECT.contains(option)) {
                    throw new SqlServerException(195, 15, 5, "'" + option + "' is not a recognized SET option.");
                }
            }
        }
    }

    private static boolean onOrOff(Tokens tokens) {
        if (tokens.skip("ON")) {
            return true;
        }
        tokens.expect("OFF");
        return false;
    }

    private void setLockTimeout(Tokens tokens, Session session) throws SQLException {
        boolean negative = tokens.skipSymbol("-");
        int millis = tokens.expectInteger();
        lockTimeoutMillis = negative ? -1 : millis;
        applyLockTimeout(session.jdbc());
    }

    /** The engine waits at most a slice at a time; see {@link Session#cancelable}. */
    void applyLockTimeout(Connection jdbc) throws SQLException {
        applyLockTimeout(
                jdbc, lockTimeoutMillis < 0 ? LOCK_SLICE_MILLIS : Math.min(LOCK_SLICE_MILLIS, lockTimeoutMillis));
    }

    void applyLockTimeout(Connection jdbc, int millis) throws SQLException {
        Database.execute(jdbc, "SET LOCK_TIMEOUT " + millis);
    }

    private void setIsolation(Tokens tokens, Session session) throws SQLException {
        if (tokens.skip("READ", "UNCOMMITTED") || tokens.skip("READ", "COMMITTED")) {
            isolation = Connection.TRANSACTION_READ_COMMITTED;
        } else if (tokens.skip("REPEATABLE", "READ")) {
            isolation = Connection.TRANSACTION_REPEATABLE_READ;
        } else if (tokens.skip("SERIALIZABLE")) {
            isolation = Connection.TRANSACTION_SERIALIZABLE;
        } else if (tokens.skip("SNAPSHOT")) {
            isolation = Constants.TRANSACTION_SNAPSHOT;
        } else {
            throw tokens.unexpected();
        }
        if (session.openTransactions() == 0) {
            session.connection().commit();
            applyIsolation(session.jdbc());
        }
    }
}
