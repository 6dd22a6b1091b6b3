package dev.patronstream.embedded.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * Server sockets that are bound before the broker is configured, so that a free port is known in advance and nobody can
 * take it in between.
 *
 * <p>Sockets that were not handed over to the broker are closed with this object.
 */
final class BoundSockets implements ServerSocketFactory, AutoCloseable {

    private final Map<Integer, ServerSocketChannel> waiting = new HashMap<>();

    /**
     * Binds a port on the loopback address.
     *
     * @param port 0 for any free one
     * @return the port bound
     * @throws UncheckedIOException if the port is taken
     */
    synchronized int bind(int port) {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.configureBlocking(false);
                channel.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            int bound = channel.socket().getLocalPort();
            waiting.put(bound, channel);
            return bound;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Port " + port + " of " + BrokerSettings.ADDRESS
                            + " cannot be opened for Kafka; choose another port, or 0 for any free one",
                    e);
        }
    }

    @Override
    public synchronized ServerSocketChannel openServerSocket(
            String listenerName, InetSocketAddress address, int listenBacklogSize, int receiveBufferSize)
            throws IOException {
        ServerSocketChannel channel = waiting.remove(address.getPort());
        return channel != null
                ? channel
                : ServerSocketFactory.INSTANCE.openServerSocket(
                        listenerName, address, listenBacklogSize, receiveBufferSize);
    }

    @Override
    public synchronized void close() {
        for (ServerSocketChannel channel : waiting.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("A socket that Kafka did not take over cannot be closed", e);
            }
        }
        waiting.clear();
    }
}
