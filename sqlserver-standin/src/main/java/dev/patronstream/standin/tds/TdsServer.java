package dev.patronstream.standin.tds;

import dev.patronstream.standin.security.WindowsAccounts;
import dev.patronstream.standin.session.Session;
import dev.patronstream.standin.sql.SqlServerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on 127.0.0.1 and serves every client with two threads of its own. Thread-safe. */
public final class TdsServer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TdsServer.class);

    /** Checks a login and opens its session. */
    @FunctionalInterface
    public interface Logins {
        /**
         * Opens a session.
         *
         * @param password empty for a Windows account, which its domain has vouched for
         * @throws SqlServerException 18456 for a wrong user or password, 4060 for a database that cannot be opened
         */
        Session open(Session.Client client, Optional<String> password, String database) throws SQLException;
    }

    private final ServerSocket socket;
    private final Logins logins;
    private final WindowsAccounts accounts;
    private final Set<TdsConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Thread> executing = ConcurrentHashMap.newKeySet();
    private final AtomicInteger spids = new AtomicInteger(50);
    private volatile boolean closed;

    public TdsServer(int port, Logins logins, WindowsAccounts accounts) throws IOException {
        this.logins = logins;
        this.accounts = accounts;
        this.socket = new ServerSocket(port, 200, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(this::accept, "sqlserver-accept-" + socket.getLocalPort());
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!closed) {
            try {
                serve(socket.accept());
            } catch (IOException e) {
                if (!closed) {
                    LOGGER.atWarn().setCause(e).log("A client could not be accepted.");
                }
            }
        }
    }

    private void serve(Socket client) throws IOException {
        int spid = spids.incrementAndGet() % 32767;
        TdsConnection connection = new TdsConnection(client, spid, this::open, accounts::password);
        connections.add(connection);
        Thread executor = new Thread(
                () -> {
                    try {
                        connection.execute();
                    } finally {
                        connection.close();
                        connection.release();
                        connections.remove(connection);
                        executing.remove(Thread.currentThread());
                    }
                },
                "sqlserver-" + spid);
        executor.setDaemon(true);
        executing.add(executor);
        executor.start();
        Thread reader = new Thread(connection::read, "sqlserver-" + spid + "-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private Session open(int spid, Login login, Optional<String> account) throws SQLException {
        return logins.open(
                new Session.Client(spid, account.orElse(login.user()), login.host(), login.application()),
                account.isPresent() ? Optional.empty() : Optional.of(login.password()),
                login.database());
    }

    /** Closes every connection and waits for what they execute to end; open transactions are rolled back. */
    @Override
    public void close() throws IOException {
        closed = true;
        socket.close();
        connections.forEach(TdsConnection::close);
        try {
            for (Thread thread : executing) {
                thread.join(5000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
