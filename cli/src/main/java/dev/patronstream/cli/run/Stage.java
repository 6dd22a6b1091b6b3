package dev.patronstream.cli.run;

import dev.patronstream.cli.json.AvroJson;

/** A stage of the way of a row; each can run in a process of its own. */
public enum Stage {
    /** From the database to the contract topics. */
    CONNECTOR,
    /** From the contract topics to the patron table and the feeds. */
    STREAMS_APP,
    /** From the feeds to the vendors. */
    SNAPSHOTTER;

    public String id() {
        return AvroJson.word(this);
    }

    @Override
    public String toString() {
        return id();
    }
}
