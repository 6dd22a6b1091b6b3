package dev.patronstream.benchmarks.speed;

import java.io.IOException;
import java.util.List;

/** A program that copies the three tables and their changes into topics. */
interface Contestant {

    String name();

    /** Writes what it is started with, with topics of its own for each round. */
    void configure(int round) throws IOException;

    /** The command of the process, once it is configured. */
    List<String> command();

    /** The topics of the students, the schools and the staff. */
    List<String> topics();
}
