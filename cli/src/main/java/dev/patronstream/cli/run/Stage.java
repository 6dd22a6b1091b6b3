package dev.patronstream.cli.run;

/** A stage of the way of a row; each can run in a process of its own. */
public enum Stage {
    /** From the database to the contract topics. */
    CONNECTOR("connector"),
    /** From the contract topics to the patron table and the feeds. */
    STREAMS_APP("streams-app"),
    /** From the feeds to the vendors. */
    SNAPSHOTTER("snapshotter");

    private final String id;

    Stage(String id) {
        this.id = id;
    }

    /** Returns its name on the command line. */
    public String id() {
        return id;
    }

    @Override
    public String toString() {
        return id;
    }
}
