package dev.patronstream.benchmarks.endurance.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A port of this machine whose bytes go on to another one, until the line is cut: then every connection breaks, and new
 * ones are refused until {@link #mend}. Thread-safe.
 */
public final class TcpRelay implements AutoCloseable {

    private static final int BUFFER_BYTES = 16_384;
    private static final int BACKLOG = 50;

    private final String name;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean cut;

    /** Opens a relay on any free port; {@link #to} says where it leads. */
    public TcpRelay(String name) {
        this.name = name;
        try {
            this.server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("No port could be opened for the relay to " + name, e);
        }
        run("accept", this::accept);
    }

    /** Leads on to a port of this machine from now on. */
    public TcpRelay to(int port) {
        target = port;
        return this;
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Breaks every connection and refuses new ones. */
    public void cut() {
        cut = true;
        sockets.forEach(TcpRelay::closeQuietly);
        sockets.clear();
    }

    /** Takes connections again. */
    public void mend() {
        cut = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                // Connecting may take its time; others need not wait for it.
                run("connect", () -> connect(client));
            } catch (IOException closed) {
                // Either the relay is closed, and the loop ends, or one client is gone already.
            }
        }
    }

    private void connect(Socket client) {
        sockets.add(client);
        if (cut) {
            close(client);
            return;
        }
        try {
            Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(upstream);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            if (cut) {
                close(client);
                close(upstream);
                return;
            }
            run("out", () -> pump(client, upstream));
            run("in", () -> pump(upstream, client));
        } catch (IOException nobodyThere) {
            // The client sees its connection end, as with a server that is gone.
            close(client);
        }
    }

    private void pump(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        } catch (IOException broken) {
            // Whatever broke one direction ends both, below.
        } finally {
            close(from);
            close(to);
        }
    }

    private void run(String what, Runnable work) {
        Thread thread = new Thread(work, "relay-" + name + "-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        closeQuietly(socket);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // Closed is what it should be.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The relay to " + name + " could not be closed", e);
        } finally {
            cut();
        }
    }
}
