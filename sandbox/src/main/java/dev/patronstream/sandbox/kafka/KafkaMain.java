package dev.patronstream.sandbox.kafka;

import dev.patronstream.embedded.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.util.Map;

/**
 * A broker in a process of its own, to be killed or frozen. Stops in order on SIGTERM.
 *
 * <p>Arguments: folder, port (0 for any free one), and, when clients reach it by another port of 127.0.0.1, such as a
 * relay's, that port. Prints {@code READY port cluster-id} once clients can use it.
 */
public final class KafkaMain {

    private KafkaMain() {}

    /** Runs a broker until the process ends. */
    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> overrides =
                arguments.length < 3 ? Map.of() : Map.of("advertised.listeners", "CLIENT://127.0.0.1:" + arguments[2]);
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]), overrides);
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "stop"));
        System.out.println("READY " + kafka.port() + " " + kafka.clusterId());
        Thread.currentThread().join();
    }
}
