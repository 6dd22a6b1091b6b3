package dev.patronstream.cli.run;

/** Learns what starts, in order. */
@FunctionalInterface
public interface Journal {

    /**
     * Something has come alive.
     *
     * @param what its name
     * @param detail where it is or what it does, for people
     */
    void alive(String what, String detail);
}
