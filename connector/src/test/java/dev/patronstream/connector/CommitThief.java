package dev.patronstream.connector;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes requests on to a Kafka broker and takes away answers to commits when told to: the broker has committed, and the
 * producer does not learn of it. Also breaks connections, and keeps producers waiting that begin.
 *
 * @see <a href="https://kafka.apache.org/protocol">Kafka: protocol guide</a>
 */
final class CommitThief implements AutoCloseable {

    private static final short END_TXN = 26;
    private static final short INIT_PRODUCER_ID = 22;

    /** What becomes of the next answer to a commit. */
    enum Mode {
        /** It arrives. */
        HONEST,
        /** The connection breaks in its place, once. */
        BREAK,
        /** It never comes, once. */
        SILENCE,
        /** None ever comes, until a producer begins again. */
        SILENCE_UNTIL_FENCED
    }

    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger stolen = new AtomicInteger();
    private volatile int target;
    private volatile Mode mode = Mode.HONEST;
    private volatile boolean refusing;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final Semaphore atGate = new Semaphore(0);

    CommitThief() throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    int port() {
        return server.getLocalPort();
    }

    /** Begins to pass on. */
    CommitThief before(int brokerPort) {
        target = brokerPort;
        Thread acceptor = new Thread(this::accept, "commit-thief");
        acceptor.setDaemon(true);
        acceptor.start();
        return this;
    }

    void mode(Mode next) {
        mode = next;
    }

    Mode mode() {
        return mode;
    }

    /** How many answers were taken away. */
    int stolen() {
        return stolen.get();
    }

    /** Breaks every connection. */
    void cut() {
        sockets.forEach(CommitThief::closeQuietly);
        sockets.clear();
    }

    /** Breaks every connection, and new ones at once, for a while. */
    void refuse(Duration time) throws InterruptedException {
        refusing = true;
        cut();
        Thread.sleep(time.toMillis());
        refusing = false;
    }

    /** Keeps a transactional producer that begins from reaching the broker, until {@link #openGate}. */
    void closeGate() {
        gate = new CountDownLatch(1);
    }

    /** Waits until a producer waits at the gate. */
    void awaitSomebodyAtGate() throws InterruptedException {
        atGate.acquire();
    }

    void openGate() {
        gate.countDown();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (refusing) {
                    client.close();
                    continue;
                }
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                broker.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(broker);
                Set<Integer> marked = ConcurrentHashMap.newKeySet();
                pump("requests", client, broker, frame -> isRequestPassed(frame, marked));
                pump(
                        "answers",
                        broker,
                        client,
                        frame -> !marked.remove(ByteBuffer.wrap(frame).getInt()));
            } catch (IOException closed) {
                // The client sees a broken connection, which is what a test wants to see.
            }
        }
    }

    /** Every request goes to the broker; the answer to a commit may be marked to be taken away. */
    private boolean isRequestPassed(byte[] frame, Set<Integer> marked) throws InterruptedException {
        ByteBuffer header = ByteBuffer.wrap(frame);
        short api = header.getShort();
        header.getShort();
        int correlation = header.getInt();
        if (api == INIT_PRODUCER_ID && mode == Mode.SILENCE_UNTIL_FENCED) {
            mode = Mode.HONEST;
        }
        if (api == INIT_PRODUCER_ID && gate.getCount() > 0) {
            atGate.release();
            gate.await();
        }
        if (api == END_TXN && mode != Mode.HONEST) {
            marked.add(correlation);
        }
        return true;
    }

    @FunctionalInterface
    private interface Filter {
        boolean passes(byte[] frame) throws InterruptedException;
    }

    private void pump(String name, Socket from, Socket to, Filter filter) {
        Thread pump = new Thread(
                () -> {
                    try (DataInputStream in = new DataInputStream(from.getInputStream());
                            DataOutputStream out = new DataOutputStream(to.getOutputStream())) {
                        while (true) {
                            byte[] frame = new byte[in.readInt()];
                            in.readFully(frame);
                            if (filter.passes(frame)) {
                                out.writeInt(frame.length);
                                out.write(frame);
                                out.flush();
                            } else {
                                steal(from, to);
                            }
                        }
                    } catch (IOException | InterruptedException broken) {
                        // Both directions end below.
                    } finally {
                        closeQuietly(from);
                        closeQuietly(to);
                    }
                },
                "commit-thief-" + name);
        pump.setDaemon(true);
        pump.start();
    }

    private void steal(Socket from, Socket to) {
        stolen.incrementAndGet();
        if (mode == Mode.BREAK) {
            closeQuietly(from);
            closeQuietly(to);
        }
        if (mode != Mode.SILENCE_UNTIL_FENCED) {
            mode = Mode.HONEST;
        }
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
        openGate();
        server.close();
        cut();
    }
}
