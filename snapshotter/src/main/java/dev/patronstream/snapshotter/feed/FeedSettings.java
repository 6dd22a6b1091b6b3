package dev.patronstream.snapshotter.feed;

import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.destination.VendorFiles;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.ledger.Archive;
import dev.patronstream.snapshotter.safety.Safeguards;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How one feed is delivered: on demand only where there is no schedule, and only written locally where there is no
 * destination.
 */
public record FeedSettings(
        FeedSelection selection,
        LayoutSettings layout,
        Optional<ScheduleSettings> schedule,
        Optional<Destination> destination,
        Safeguards safeguards,
        RetryPolicy retryPolicy) {

    /** Returns those of some feeds that are others and go to the same system as this one. */
    public List<FeedSettings> othersOfSystem(List<FeedSettings> feeds) {
        return feeds.stream()
                .filter(other -> !other.feed().equals(feed()))
                .filter(other -> safeguards.system().isPresent()
                        && other.safeguards().system().equals(safeguards.system()))
                .toList();
    }

    public String feed() {
        return selection.feed();
    }

    private Optional<VendorFiles> files() {
        return destination.map(Destination::files);
    }

    public String destinationPath() {
        return SnapshotterSettings.pathOf(feed()) + "." + destinationKey();
    }

    private String destinationKey() {
        return destination.map(Destination::key).orElse("destination");
    }

    /** Returns the names of the files that have rows, in the order in which they are delivered. */
    public List<String> rowFiles() {
        return layout.fileNames().isEmpty()
                ? List.of(files().map(VendorFiles::file).orElseGet(layout::usualFile))
                : layout.fileNames();
    }

    /** Returns the name under which the description of the columns is delivered; empty where it is not. */
    public Optional<String> propertiesFile() {
        return files().map(VendorFiles::propertiesFile).filter(name -> !name.isEmpty());
    }

    /** Returns the names of everything that is delivered, in the order in which it takes its places at the vendor. */
    public List<String> fileNames() {
        return Stream.concat(propertiesFile().stream(), rowFiles().stream()).toList();
    }

    /** Returns everything that is wrong, with paths relative to the feed ({@code sites.20}). Connects to nothing. */
    public List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>(layout.problems(selection.schools()));
        if (!safeguards.leavers().omitted()) {
            problems.addAll(layout.problemsOfLeavers());
        }
        schedule.ifPresent(when -> problems.addAll(when.problems()));
        destination.ifPresent(
                where -> where.problems().forEach(problem -> problems.add(problem.below(destinationKey()))));
        checkFileNames(problems);
        problems.addAll(safeguards.problems());
        problems.addAll(retryPolicy.problems());
        return problems;
    }

    /** Each file has its name from one place, and none of them takes another's in the archive. */
    private void checkFileNames(List<SettingProblem> problems) {
        boolean namedThere = files().filter(there -> !there.file().isEmpty()).isPresent();
        if (namedThere && !layout.fileNames().isEmpty()) {
            problems.add(new SettingProblem(
                    destinationKey() + ".file",
                    "names a file that has its name from the layout already: " + String.join(", ", layout.fileNames())
                            + "; keep one of them"));
        } else if (destination.isPresent() && !namedThere && layout.fileNames().isEmpty()) {
            problems.add(new SettingProblem(destinationKey() + ".file", "is missing; name the file"));
        }
        fileNames().stream()
                .filter(name -> Archive.BESIDE.contains(name)
                        || (propertiesFile().isEmpty() && name.equals(VendorFiles.DEFAULT_PROPERTIES_FILE)))
                .forEach(name -> problems.add(new SettingProblem(
                        layout.fileNames().contains(name) ? "layout" : destinationKey(),
                        "'" + name + "' is what patronstream calls a file of its own in the archive; choose another"
                                + " name")));
    }
}
