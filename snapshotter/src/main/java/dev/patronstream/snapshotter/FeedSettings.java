package dev.patronstream.snapshotter;

import dev.patronstream.schemas.FeedSelection;
import dev.patronstream.snapshotter.delivery.SftpDestination;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.safety.Safeguards;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one feed is delivered.
 *
 * @param selection whom it holds; names the feed
 * @param layout what the file looks like
 * @param schedule when it is delivered; empty for on demand only
 * @param destination where to; empty when the file is only written locally
 * @param safeguards what stands between the file and its vendor
 * @param persistence how hard it is tried that the vendor has it
 */
public record FeedSettings(
        FeedSelection selection,
        LayoutSettings layout,
        Optional<ScheduleSettings> schedule,
        Optional<SftpDestination> destination,
        Safeguards safeguards,
        Persistence persistence) {

    /** A feed that is tried to be delivered as usual. */
    public FeedSettings(
            FeedSelection selection,
            LayoutSettings layout,
            Optional<ScheduleSettings> schedule,
            Optional<SftpDestination> destination,
            Safeguards safeguards) {
        this(selection, layout, schedule, destination, safeguards, Persistence.DEFAULT);
    }

    /** A feed with the usual safeguards. */
    public FeedSettings(
            FeedSelection selection,
            LayoutSettings layout,
            Optional<ScheduleSettings> schedule,
            Optional<SftpDestination> destination) {
        this(selection, layout, schedule, destination, Safeguards.DEFAULT);
    }

    /** The same feed with other safeguards. */
    public FeedSettings with(Safeguards other) {
        return new FeedSettings(selection, layout, schedule, destination, other, persistence);
    }

    /** The same feed with another schedule. */
    public FeedSettings with(ScheduleSettings other) {
        return new FeedSettings(selection, layout, Optional.of(other), destination, safeguards, persistence);
    }

    /** The same feed with another persistence. */
    public FeedSettings with(Persistence other) {
        return new FeedSettings(selection, layout, schedule, destination, safeguards, other);
    }

    /** Returns the feed's name. */
    public String feed() {
        return selection.feed();
    }

    /** Returns everything that is wrong, with paths relative to the feed ({@code sites.20}). Connects to nothing. */
    public List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>(layout.problems(selection.schools()));
        schedule.ifPresent(when -> problems.addAll(when.problems()));
        destination.ifPresent(
                where -> where.problems().forEach(problem -> problems.add(problem.below("destination.sftp"))));
        problems.addAll(safeguards.problems());
        problems.addAll(persistence.problems());
        return problems;
    }
}
