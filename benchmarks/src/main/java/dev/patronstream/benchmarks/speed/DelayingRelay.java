package dev.patronstream.benchmarks.speed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Passes connections on to a port of this machine, every byte a while later than it came; as wide as there is memory. */
final class DelayingRelay implements AutoCloseable {

    private static final int CHUNK = 64 * 1024;

    private final ServerSocket listening;
    private final int target;
    private final long delayNanos;

    /** What came, and when it is to go on; nothing at the end. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Chunk(byte[] bytes, long due) {}

    DelayingRelay(int target, Duration delay) throws IOException {
        this.target = target;
        this.delayNanos = delay.toNanos();
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("relay", this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket near = listening.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                pass(near, far);
                pass(far, near);
            } catch (IOException closed) {
                // Who waits for an answer gets the end of the connection.
            }
        }
    }

    private void pass(Socket from, Socket to) {
        BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>();
        start("relay-in", () -> {
            try (InputStream in = from.getInputStream()) {
                byte[] buffer = new byte[CHUNK];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    underWay.add(new Chunk(Arrays.copyOf(buffer, read), System.nanoTime() + delayNanos));
                }
            } catch (IOException closed) {
                // The other side is told below.
            }
            underWay.add(new Chunk(new byte[0], System.nanoTime() + delayNanos));
        });
        start("relay-out", () -> {
            try (OutputStream out = to.getOutputStream()) {
                for (Chunk next = underWay.take(); next.bytes().length > 0; next = underWay.take()) {
                    TimeUnit.NANOSECONDS.sleep(next.due() - System.nanoTime());
                    out.write(next.bytes());
                }
            } catch (IOException closed) {
                // So is the one that sent.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
