package dev.patronstream.snapshotter.destination.folder;

import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.destination.VendorFiles;
import dev.patronstream.snapshotter.destination.VendorFolder;
import java.nio.file.Path;

/**
 * A folder of this machine, or of a share that is mounted here. It is never made; without permissions only their owner
 * can read its files.
 */
public record FolderDestination(Path path, VendorFiles files) implements Destination {

    public FolderDestination {
        path = path.toAbsolutePath().normalize();
    }

    @Override
    public String key() {
        return "destination.folder";
    }

    @Override
    public String address() {
        return path.toString();
    }

    @Override
    public VendorFolder open(String settingsPath) {
        return new LocalFolder(this, settingsPath);
    }
}
