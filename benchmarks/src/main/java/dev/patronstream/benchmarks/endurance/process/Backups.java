package dev.patronstream.benchmarks.endurance.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The folder of a database whose process does not run, its backups, and its former lives. For one thread. */
public final class Backups {

    private final Path folder;
    private final List<Path> former = new ArrayList<>();

    public Backups(Path folder) {
        this.folder = folder;
    }

    /** Keeps the files as they are. */
    public Path backUp() throws IOException {
        Path backup = folder.resolveSibling("backup-" + (former.size() + 1));
        copy(folder, backup);
        return backup;
    }

    /** Puts the database back to a backup; what it was is kept for the judge. */
    public void restore(Path backup) throws IOException {
        Path life = folder.resolveSibling("sqlserver-life-" + (former.size() + 1));
        Files.move(folder, life);
        former.add(life);
        copy(backup, folder);
    }

    /** The folders of all lives, in their order. */
    public List<Path> lives() {
        return Stream.concat(former.stream(), Stream.of(folder)).toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
