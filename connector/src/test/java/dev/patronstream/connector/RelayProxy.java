package dev.patronstream.connector;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes bytes on to a port of this machine, and breaks the connections when told to. */
final class RelayProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private volatile boolean refusing;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    RelayProxy(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::acceptAll, "relay");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** Breaks every connection, and new ones at once, for a while. */
    void refuse(Duration time) throws InterruptedException {
        refuse();
        Thread.sleep(time.toMillis());
        accept();
    }

    /** Breaks every connection, and new ones at once. */
    void refuse() {
        refusing = true;
        cut();
    }

    /** Takes new connections again. */
    void accept() {
        refusing = false;
    }

    /** Breaks every connection; new ones are taken. */
    void cut() {
        sockets.forEach(RelayProxy::closeQuietly);
        sockets.clear();
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (refusing) {
                    client.close();
                    continue;
                }
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(upstream);
                pump(client, upstream);
                pump(upstream, client);
            } catch (IOException closed) {
                // The client sees a refused connection, which is what a test wants to see.
            }
        }
    }

    private void pump(Socket from, Socket to) {
        Thread pump = new Thread(
                () -> {
                    try (InputStream in = from.getInputStream();
                            OutputStream out = to.getOutputStream()) {
                        byte[] buffer = new byte[8_192];
                        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                            out.write(buffer, 0, n);
                            out.flush();
                        }
                    } catch (IOException broken) {
                        // Both directions end below.
                    } finally {
                        closeQuietly(from);
                        closeQuietly(to);
                    }
                },
                "relay-pump");
        pump.setDaemon(true);
        pump.start();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // Closed is what it should be.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
