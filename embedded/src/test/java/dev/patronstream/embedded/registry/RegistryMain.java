package dev.patronstream.embedded.registry;

/** A registry in a process of its own, to be killed. Argument: Kafka's address. */
final class RegistryMain {

    private RegistryMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedRegistry registry = EmbeddedRegistry.start(arguments[0], 0);
        System.out.println("READY " + registry.url());
        Thread.currentThread().join();
    }
}
