package dev.patronstream.connector;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes a client's bytes on to the server, but asks for another view than {@code sys.dm_cdc_log_scan_sessions}: to the
 * client the server looks as it does to an account without the right to see the scans of the capture job.
 */
final class BlindRelay implements AutoCloseable {

    private static final byte[] ASKED = "dm_cdc_log_scan_sessions".getBytes(StandardCharsets.UTF_16LE);
    private static final byte[] PASSED_ON = "dm_cdc_log_scan_nothing_".getBytes(StandardCharsets.UTF_16LE);

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    BlindRelay(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(upstream);
                start(() -> pump(client, upstream, true));
                start(() -> pump(upstream, client, false));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    /** A request arrives in one piece: the driver sends it as one packet, far smaller than the buffer. */
    private void pump(Socket from, Socket to, boolean blind) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[65_536];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (blind) {
                    replace(buffer, n);
                }
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException broken) {
            // One side has gone; the streams close both.
        }
    }

    private static void replace(byte[] buffer, int length) {
        for (int at = 0; at + ASKED.length <= length; at++) {
            if (java.util.Arrays.equals(buffer, at, at + ASKED.length, ASKED, 0, ASKED.length)) {
                System.arraycopy(PASSED_ON, 0, buffer, at, PASSED_ON.length);
            }
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "blind-relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
