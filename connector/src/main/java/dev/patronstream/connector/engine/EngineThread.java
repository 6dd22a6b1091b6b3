package dev.patronstream.connector.engine;

/**
 * The thread that runs Debezium's engine, with what the engine cannot be handed otherwise.
 *
 * <p>The engine makes its offset store by name, without arguments, on the thread that runs it. The store finds its
 * offsets here; so there is no register of stores, and two connectors in a process do not meet.
 */
final class EngineThread extends Thread {

    private final Engine.Receiver offsets;

    EngineThread(String name, Runnable engine, Engine.Receiver offsets) {
        super(engine, name);
        this.offsets = offsets;
        setDaemon(true);
    }

    Engine.Receiver offsets() {
        return offsets;
    }
}
