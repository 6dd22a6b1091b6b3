package dev.patronstream.standin.session;

import dev.patronstream.standin.engine.ResultColumn;
import dev.patronstream.standin.engine.RowReader;
import dev.patronstream.standin.sql.SqlServerException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the interpreter sends what a batch answers, in order. An implementation that cannot send any more throws {@link
 * java.io.UncheckedIOException}, which ends the batch.
 */
public interface Response {
    /** How an open transaction changed. */
    enum TransactionEvent {
        BEGUN,
        COMMITTED,
        ROLLED_BACK
    }

    /** A result set begins. */
    void columns(List<ResultColumn> columns);

    /** A row of it, values as {@link RowReader} gives them. */
    void row(@Nullable Object[] values);

    /** A statement that answered rows or changed some is done. */
    void done(Command command, long rows);

    /** A statement without a count is done. */
    void done(Command command);

    /** A message that is no error: PRINT, warnings. */
    void message(int number, String text);

    void error(SqlServerException error);

    void transaction(TransactionEvent event, long id);

    /** The session's database changed. */
    void database(String now, String before);

    /** A procedure is done with this status. */
    void procedureDone(int status);
}
