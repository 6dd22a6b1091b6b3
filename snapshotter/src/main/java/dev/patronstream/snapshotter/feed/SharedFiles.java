package dev.patronstream.snapshotter.feed;

import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds files that would be the same file at a vendor, in upper or in lower case, since many servers know no difference:
 * each would be put in the place of the other, and the vendor's file found changed at every delivery. Pure.
 */
public final class SharedFiles {

    private SharedFiles() {}

    /** A name in a folder of an account. */
    private record Place(String folder, String name) {}

    /** Returns each name that is written a second time, with the feeds' paths from the top of the configuration. */
    public static List<SettingProblem> problems(List<FeedSettings> feeds) {
        List<SettingProblem> problems = new ArrayList<>();
        Map<Place, String> taken = new HashMap<>();
        for (FeedSettings feed : feeds) {
            if (feed.destination().isEmpty()) {
                continue;
            }
            Destination destination = feed.destination().get();
            for (String name : feed.fileNames()) {
                String other = taken.putIfAbsent(
                        new Place(destination.folderKey(), name.toLowerCase(Locale.ROOT)), feed.feed());
                if (other != null) {
                    problems.add(new SettingProblem(
                            feed.destinationPath(),
                            "'" + name + "' would be written by " + SnapshotterSettings.pathOf(other)
                                    + " as well, into the same folder, " + destination.address()
                                    + "; give one of them another name or another directory"));
                }
            }
        }
        return problems;
    }
}
