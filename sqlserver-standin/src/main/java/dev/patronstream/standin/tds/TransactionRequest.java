package dev.patronstream.standin.tds;

import dev.patronstream.standin.session.Session;
import dev.patronstream.standin.session.Variables;
import dev.patronstream.standin.sql.SqlServerException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Transaction manager requests: what drivers other than Microsoft's Java driver use in place of BEGIN TRAN as text. */
final class TransactionRequest {
    private TransactionRequest() {}

    static void execute(ByteBuffer body, Session session, TokenWriter out) {
        int request = body.getShort() & 0xFFFF;
        switch (request) {
            case 5 -> {
                String isolation =
                        switch (body.get()) {
                            case 1 -> "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; ";
                            case 2 -> "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; ";
                            case 3 -> "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; ";
                            case 4 -> "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; ";
                            case 5 -> "SET TRANSACTION ISOLATION LEVEL SNAPSHOT; ";
                            default -> "";
                        };
                session.execute(isolation + "BEGIN TRAN", new Variables(), out);
            }
            case 7 -> session.execute("COMMIT TRAN", new Variables(), out);
            case 8 -> {
                byte[] name = new byte[body.get() & 0xFF];
                body.get(name);
                String savepoint = new String(name, StandardCharsets.UTF_16LE);
                session.execute(
                        savepoint.isEmpty() ? "ROLLBACK TRAN" : "ROLLBACK TRAN [" + savepoint + "]",
                        new Variables(),
                        out);
            }
            case 9 -> {
                byte[] name = new byte[body.get() & 0xFF];
                body.get(name);
                session.execute(
                        "SAVE TRAN [" + new String(name, StandardCharsets.UTF_16LE) + "]", new Variables(), out);
            }
            default -> throw SqlServerException.unsupported("distributed transactions");
        }
    }
}
