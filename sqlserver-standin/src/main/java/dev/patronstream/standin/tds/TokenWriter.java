package dev.patronstream.standin.tds;

import dev.patronstream.standin.engine.ResultColumn;
import dev.patronstream.standin.session.Command;
import dev.patronstream.standin.session.Response;
import dev.patronstream.standin.session.Server;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.TypedValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a response as tokens. A DONE is held back until it is known whether another token follows, since it says so.
 * One message at a time, one thread.
 */
final class TokenWriter implements Response {
    private static final int DONE = 0xFD;
    private static final int DONE_PROCEDURE = 0xFE;
    private static final int DONE_IN_PROCEDURE = 0xFF;
    private static final int MORE = 0x01;
    private static final int ERROR = 0x02;
    private static final int COUNT = 0x10;
    private static final int ATTENTION = 0x20;

    private final PacketWriter out;
    private List<ResultColumn> columns = List.of();
    private boolean inProcedure;
    private boolean pending;
    private int pendingToken;
    private int pendingStatus;
    private int pendingCommand;
    private long pendingCount;

    TokenWriter(PacketWriter out) {
        this.out = out;
    }

    /** Begins the answer of a batch or of a remote procedure call. */
    void begin(boolean procedure) {
        inProcedure = procedure;
        columns = List.of();
    }

    @Override
    public void columns(List<ResultColumn> newColumns) {
        flushPending(true);
        columns = newColumns;
        out.u8(0x81).u16(columns.size());
        for (ResultColumn column : columns) {
            out.u32(0).u16((column.nullable() ? 0x01 : 0) | 0x08);
            WireTypes.type(out, column.type());
            out.shortText(column.name());
        }
    }

    @Override
    public void row(@Nullable Object[] values) {
        out.u8(0xD1);
        for (int i = 0; i < values.length; i++) {
            WireTypes.value(out, columns.get(i).type(), values[i]);
        }
    }

    @Override
    public void done(Command command, long rows) {
        hold(inProcedure ? DONE_IN_PROCEDURE : DONE, COUNT, command.number(), rows);
    }

    @Override
    public void done(Command command) {
        hold(inProcedure ? DONE_IN_PROCEDURE : DONE, 0, command.number(), 0);
    }

    private void hold(int token, int status, int command, long count) {
        flushPending(true);
        pending = true;
        pendingToken = token;
        pendingStatus = status;
        pendingCommand = command;
        pendingCount = count;
    }

    private void flushPending(boolean more) {
        if (!pending) {
            return;
        }
        pending = false;
        out.u8(pendingToken)
                .u16(pendingStatus | (more || pendingToken == DONE_IN_PROCEDURE ? MORE : 0))
                .u16(pendingCommand)
                .u64(pendingCount);
    }

    @Override
    public void message(int number, String text) {
        flushPending(true);
        info(0xAB, number, 1, 0, text);
    }

    @Override
    public void error(SqlServerException error) {
        flushPending(true);
        if (error.number() != SqlServerException.CANCELLED) {
            info(0xAA, error.number(), error.state(), error.severity(), String.valueOf(error.getMessage()));
        }
        hold(inProcedure ? DONE_IN_PROCEDURE : DONE, ERROR, 0, 0);
    }

    private void info(int token, int number, int state, int severity, String text) {
        String cut = text.length() > 2000 ? text.substring(0, 2000) : text;
        out.u8(token)
                .u16(4 + 1 + 1 + 2 + 2 * cut.length() + 1 + 2 * Server.NAME.length() + 1 + 4)
                .u32(number)
                .u8(state)
                .u8(severity)
                .longText(cut)
                .shortText(Server.NAME)
                .shortText("")
                .u32(1);
    }

    @Override
    public void transaction(TransactionEvent event, long id) {
        flushPending(true);
        boolean begun = event == TransactionEvent.BEGUN;
        out.u8(0xE3).u16(11).u8(begun ? 8 : event == TransactionEvent.COMMITTED ? 9 : 10);
        if (begun) {
            out.u8(8).u64(id).u8(0);
        } else {
            out.u8(0).u8(8).u64(id);
        }
    }

    @Override
    public void database(String now, String before) {
        flushPending(true);
        environment(1, now, before);
        info(0xAB, 5701, 2, 0, "Changed database context to '" + now + "'.");
    }

    /** An ENVCHANGE of texts. */
    void environment(int type, String now, String before) {
        out.u8(0xE3)
                .u16(3 + 2 * now.length() + 2 * before.length())
                .u8(type)
                .shortText(now)
                .shortText(before);
    }

    @Override
    public void procedureDone(int status) {
        flushPending(true);
        out.u8(0x79).u32(status);
        if (!inProcedure) {
            hold(DONE_PROCEDURE, 0, Command.EXECUTE.number(), 0);
        }
    }

    /** Ends a remote procedure call: output parameters, then DONEPROC. */
    void endProcedure(List<String> names, List<TypedValue> outputs) {
        boolean failed = pending && (pendingStatus & ERROR) != 0;
        flushPending(true);
        for (int i = 0; i < outputs.size(); i++) {
            SqlType type = outputs.get(i).type();
            out.u8(0xAC).u16(i).shortText(names.get(i)).u8(1).u32(0).u16(0);
            WireTypes.type(out, type);
            WireTypes.value(out, type, outputs.get(i).value());
        }
        hold(DONE_PROCEDURE, failed ? ERROR : 0, Command.EXECUTE.number(), 0);
    }

    void returnStatus(int status) {
        flushPending(true);
        out.u8(0x79).u32(status);
    }

    /** Ends the message. */
    void end() {
        if (!pending) {
            hold(inProcedure ? DONE_PROCEDURE : DONE, 0, 0, 0);
        }
        if (pendingToken == DONE_IN_PROCEDURE) {
            flushPending(true);
            hold(DONE_PROCEDURE, 0, 0, 0);
        }
        flushPending(false);
        out.endMessage();
    }

    /** Acknowledges an Attention, in a message of its own after the response that it cut short. */
    void acknowledgeAttention() {
        out.u8(DONE).u16(ATTENTION).u16(0).u64(0);
        out.endMessage();
    }
}
