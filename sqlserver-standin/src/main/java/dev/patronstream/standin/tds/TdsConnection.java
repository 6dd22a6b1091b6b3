package dev.patronstream.standin.tds;

import dev.patronstream.standin.session.Server;
import dev.patronstream.standin.session.Session;
import dev.patronstream.standin.sql.SqlServerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. The reading thread takes messages off the socket, so that an Attention is seen while a request runs; the
 * other executes them in order and answers.
 */
final class TdsConnection implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TdsConnection.class);
    private static final int ENCRYPT_NOT_SUPPORTED = 2;

    /** Opens a session for a login, or for a Windows account that has proved itself, or refuses it with the server's error. */
    interface Door {
        Session open(int spid, Login login, Optional<String> account) throws SQLException;
    }

    private interface Opening {
        Session open() throws SQLException;
    }

    private final Socket socket;
    private final int spid;
    private final Door door;
    private final Function<String, Optional<String>> windowsPasswords;
    private final MessageReader in;
    private final PacketWriter out;
    private final TokenWriter tokens;
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final Message endOfStream = new Message(-1, ByteBuffer.allocate(0));
    private final Object attention = new Object();
    private boolean busy;
    private boolean attentionPending;
    private volatile @Nullable Session session;
    private @Nullable NtlmExchange exchange;

    TdsConnection(Socket socket, int spid, Door door, Function<String, Optional<String>> windowsPasswords)
            throws IOException {
        this.socket = socket;
        this.spid = spid;
        this.door = door;
        this.windowsPasswords = windowsPasswords;
        socket.setTcpNoDelay(true);
        in = new MessageReader(new java.io.BufferedInputStream(socket.getInputStream(), 1 << 16));
        out = new PacketWriter(socket.getOutputStream(), spid);
        tokens = new TokenWriter(out);
    }

    /** Takes messages until the client is gone; on the reading thread. */
    void read() {
        try {
            for (Message message = in.next(); message != null; message = in.next()) {
                if (message.type() == Message.ATTENTION) {
                    attention(message);
                } else {
                    messages.add(message);
                }
            }
        } catch (IOException e) {
            LOGGER.debug("A client's connection broke.", e);
        } finally {
            Session open = session;
            if (open != null) {
                open.cancel();
            }
            messages.add(endOfStream);
        }
    }

    private void attention(Message message) {
        synchronized (attention) {
            if (busy) {
                attentionPending = true;
                Session open = session;
                if (open != null) {
                    open.cancel();
                }
            } else {
                messages.add(message);
            }
        }
    }

    /** Answers messages until the client is gone; on the executing thread. */
    @SuppressWarnings("ReferenceEquality") // The end of the stream is one object, whatever else looks like it.
    void execute() {
        try (this) {
            while (true) {
                Message message = messages.take();
                if (message == endOfStream) {
                    return;
                }
                if (message.type() == Message.ATTENTION) {
                    tokens.begin(false);
                    tokens.acknowledgeAttention();
                } else {
                    answer(message);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (UncheckedIOException | IOException e) {
            LOGGER.debug("A client's connection broke.", e);
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).addKeyValue("spid", spid).log("A client's request broke its connection.");
        }
    }

    private void answer(Message message) throws IOException {
        synchronized (attention) {
            busy = true;
            Session open = session;
            if (open != null) {
                open.resume();
            }
        }
        switch (message.type()) {
            case Message.PRELOGIN -> {
                prelogin();
                idle();
                return;
            }
            case Message.LOGIN7 -> {
                Login login = Login.parse(message.body());
                if (login.ticket().hasRemaining()) {
                    challenge(new NtlmExchange(login));
                    idle();
                    return;
                }
                login(login, () -> door.open(spid, login, Optional.empty()));
            }
            case Message.TICKET -> {
                NtlmExchange begun = exchange;
                if (begun == null) {
                    throw new IOException("A ticket before the login.");
                }
                login(begun.login(), () -> {
                    String account = begun.account(message.body(), windowsPasswords);
                    return door.open(spid, begun.login(), Optional.of(account));
                });
            }
            default -> request(message);
        }
        synchronized (attention) {
            busy = false;
            tokens.end();
            if (attentionPending) {
                // Microsoft's driver reads the acknowledgement as a message of its own.
                attentionPending = false;
                tokens.acknowledgeAttention();
            }
        }
        if (session == null) {
            throw new IOException("The login was refused.");
        }
    }

    private void idle() {
        synchronized (attention) {
            busy = false;
        }
    }

    private void prelogin() {
        byte[] version = {Server.MAJOR, Server.MINOR, (byte) (Server.BUILD >>> 8), (byte) Server.BUILD, 0, 0};
        int data = 4 * 5 + 1;
        option(0x00, data, 6);
        option(0x01, data + 6, 1);
        option(0x02, data + 7, 1);
        option(0x04, data + 8, 1);
        out.u8(0xFF);
        // The table above has room for one option more: MARS is the last, so one filler ends the head.
        out.bytes(new byte[data - 4 * 5 - 1]);
        out.bytes(version).u8(ENCRYPT_NOT_SUPPORTED).u8(0).u8(0);
        out.endMessage();
    }

    private void option(int token, int offset, int length) {
        out.u8(token).u8(offset >>> 8).u8(offset).u8(length >>> 8).u8(length);
    }

    private void challenge(NtlmExchange begun) {
        exchange = begun;
        byte[] challenge = begun.challenge();
        out.u8(0xED).u16(challenge.length).bytes(challenge);
        out.endMessage();
    }

    private void login(Login login, Opening opening) {
        tokens.begin(false);
        try {
            Session opened = opening.open();
            session = opened;
            int size = Math.max(512, Math.min(32767, login.packetSize() == 0 ? 4096 : login.packetSize()));
            String database = opened.database().name();
            tokens.environment(1, database, "master");
            tokens.message(5701, "Changed database context to '" + database + "'.");
            out.u8(0xE3).u16(8).u8(7).u8(5).bytes(WireTypes.COLLATION).u8(0);
            tokens.environment(2, "us_english", "");
            tokens.message(5703, "Changed language setting to us_english.");
            loginAcknowledged();
            tokens.environment(4, Integer.toString(size), Integer.toString(4096));
            pendingPacketSize = size;
        } catch (SqlServerException e) {
            tokens.error(e);
        } catch (SQLException e) {
            LOGGER.atError().setCause(e).log("A session could not be opened.");
            tokens.error(new SqlServerException(
                    17892, 20, 1, "Logon failed: the stand-in's engine could not open a session."));
        }
    }

    private int pendingPacketSize;

    private void loginAcknowledged() {
        String program = "Microsoft SQL Server";
        out.u8(0xAD)
                .u16(1 + 4 + 1 + 2 * program.length() + 4)
                .u8(1)
                .bytes(new byte[] {0x74, 0, 0, 4})
                .shortText(program)
                .bytes(new byte[] {Server.MAJOR, Server.MINOR, (byte) (Server.BUILD >>> 8), (byte) Server.BUILD});
    }

    private void request(Message message) throws IOException {
        Session open = session;
        if (open == null) {
            throw new IOException("A request before the login.");
        }
        if (pendingPacketSize > 0) {
            out.packetSize(pendingPacketSize);
            pendingPacketSize = 0;
        }
        try {
            ByteBuffer body = message.body();
            switch (message.type()) {
                case Message.SQL_BATCH -> {
                    skipHeaders(body);
                    byte[] text = new byte[body.remaining()];
                    body.get(text);
                    tokens.begin(false);
                    open.execute(
                            new String(text, StandardCharsets.UTF_16LE),
                            new dev.patronstream.standin.session.Variables(),
                            tokens);
                }
                case Message.RPC -> {
                    skipHeaders(body);
                    remoteCalls.execute(RpcRequest.parse(body), open);
                }
                case Message.TRANSACTION_MANAGER -> {
                    skipHeaders(body);
                    tokens.begin(false);
                    TransactionRequest.execute(body, open, tokens);
                }
                default -> {
                    tokens.begin(false);
                    tokens.error(SqlServerException.unsupported("TDS requests of type " + message.type()));
                }
            }
        } catch (SqlServerException e) {
            tokens.error(e);
        } catch (java.nio.BufferUnderflowException | IllegalArgumentException e) {
            tokens.error(new SqlServerException(
                    4002, 16, 1, "The incoming tabular data stream (TDS) protocol stream is incorrect.", e));
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).addKeyValue("spid", spid).log("A request failed inside the stand-in.");
            tokens.error(new SqlServerException(
                    50000,
                    16,
                    1,
                    "The SQL Server stand-in failed on this request: "
                            + e.getClass().getSimpleName(),
                    e));
        }
    }

    private final RemoteCalls remoteCalls = new RemoteCalls(this::tokens);

    private TokenWriter tokens() {
        return tokens;
    }

    private static void skipHeaders(ByteBuffer body) {
        int length = body.getInt(body.position());
        body.position(body.position() + length);
    }

    /** Ends the session; what is open is rolled back. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOGGER.debug("A client's socket could not be closed.", e);
        }
        Session open = session;
        if (open != null) {
            open.cancel();
        }
    }

    /** Gives the session's connection back; after the executing thread has ended. */
    void release() {
        Session open = session;
        session = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOGGER.debug("A session could not be closed.", e);
            }
        }
    }
}
