package dev.patronstream.benchmarks.endurance.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class TcpRelayTest {

    @Test
    void bytesGoThroughUntilTheLineIsCutAndAgainOnceItIsMended() throws Exception {
        try (ServerSocket echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                TcpRelay relay = new TcpRelay("echo").to(echo.getLocalPort())) {
            Thread server = new Thread(() -> echo(echo));
            server.setDaemon(true);
            server.start();
            try (Socket client = connect(relay)) {
                assertEquals(7, ask(client, 7));
                relay.cut();
                assertEquals(-1, ask(client, 8));
            }
            try (Socket refused = connect(relay)) {
                assertEquals(-1, ask(refused, 9));
            }
            relay.mend();
            try (Socket client = connect(relay)) {
                assertEquals(10, ask(client, 10));
            }
        }
    }

    private static Socket connect(TcpRelay relay) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), relay.port());
    }

    /** The answer; -1 when the line is broken. */
    private static int ask(Socket client, int question) {
        try {
            client.getOutputStream().write(question);
            return client.getInputStream().read();
        } catch (IOException broken) {
            return -1;
        }
    }

    private static void echo(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                for (int b = client.getInputStream().read();
                        b >= 0;
                        b = client.getInputStream().read()) {
                    client.getOutputStream().write(b);
                }
            } catch (IOException broken) {
                // The next client.
            }
        }
    }
}
