package dev.patronstream.cli.command.option;

import dev.patronstream.cli.run.Disks;
import java.util.Optional;

/** A command, or an option of one, that knows which disks are written to. */
public interface DiskWriter {

    Optional<Disks> disks();
}
