package dev.patronstream.embedded.kafka;

import java.nio.file.Path;

/** A broker in a process of its own, to be killed or frozen. Argument: its folder. */
final class BrokerMain {

    private BrokerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), 0);
        System.out.println("READY " + kafka.port() + " " + kafka.clusterId());
        Thread.currentThread().join();
    }
}
