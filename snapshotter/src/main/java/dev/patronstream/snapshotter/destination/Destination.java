package dev.patronstream.snapshotter.destination;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.List;

/**
 * Where the files of a feed go, as configured. Immutable, and connects to nothing before it is opened.
 *
 * <p>A kind of destination is this and its {@link VendorFolder}.
 */
public interface Destination {

    /** Returns where its kind stands in the settings of a feed: {@code destination.sftp}. */
    String key();

    VendorFiles files();

    /** Returns where to, for receipts, without secrets: {@code sftp://user@host:port/directory}. */
    String address();

    /** Returns the same as the subject of a sentence: {@code The server of sftp://user@host:port/directory}. */
    default String subject() {
        return "The folder " + address();
    }

    /** Returns the same text for destinations that are written as the same folder, though not letter by letter. */
    default String folderKey() {
        return address();
    }

    /** Returns everything that is wrong, with paths relative to the destination. Connects to nothing. */
    default List<SettingProblem> problems() {
        return files().problems();
    }

    /** Returns the folder, which the caller closes; {@code settingsPath} is for messages. */
    VendorFolder open(String settingsPath) throws UploadFailedException;
}
