package dev.patronstream.connector;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A SQL Server Browser on 127.0.0.1 that knows one instance. Its UDP port is the only one that clients ask, so only one
 * can be on a machine.
 *
 * @see <a href="https://learn.microsoft.com/openspecs/windows_protocols/mc-sqlr">Microsoft: SQL Server Resolution
 *     Protocol</a>
 */
final class Browser implements AutoCloseable {

    private static final int PORT = 1434;
    private static final int ASKS_FOR_AN_INSTANCE = 4;
    private static final int ANSWERS = 5;

    private final DatagramSocket socket;
    private final String instance;
    private final int port;

    private Browser(DatagramSocket socket, String instance, int port) {
        this.socket = socket;
        this.instance = instance;
        this.port = port;
        Thread thread = new Thread(this::answer, "sql-server-browser");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts one; empty if the port is taken. */
    static Optional<Browser> start(String instance, int port) throws IOException {
        try {
            return Optional.of(
                    new Browser(new DatagramSocket(PORT, InetAddress.getByName("127.0.0.1")), instance, port));
        } catch (SocketException taken) {
            return Optional.empty();
        }
    }

    private void answer() {
        byte[] buffer = new byte[512];
        try {
            while (true) {
                DatagramPacket question = new DatagramPacket(buffer, buffer.length);
                socket.receive(question);
                String asked = new String(buffer, 1, question.getLength() - 1, StandardCharsets.US_ASCII);
                // Of an instance that it does not know, it says nothing.
                if (buffer[0] == ASKS_FOR_AN_INSTANCE && asked.equalsIgnoreCase(instance)) {
                    byte[] text = ("ServerName;SIS;InstanceName;" + instance
                                    + ";IsClustered;No;Version;16.0.1000.6;tcp;" + port + ";;")
                            .getBytes(StandardCharsets.US_ASCII);
                    byte[] answer = ByteBuffer.allocate(3 + text.length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .put((byte) ANSWERS)
                            .putShort((short) text.length)
                            .put(text)
                            .array();
                    socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // The test has ended.
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
