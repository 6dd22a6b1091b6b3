package dev.patronstream.sandbox.kafka;

import java.nio.file.Path;

/** A broker in a process of its own, to be killed. Arguments: folder, port. */
final class KafkaMain {

    private KafkaMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        System.out.println("READY " + kafka.port() + " " + kafka.clusterId());
        Thread.currentThread().join();
    }
}
