package dev.patronstream.snapshotter.notice;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.time.Duration;
import java.util.List;

/**
 * Who is told, and from when on a delivery is late. Immutable.
 *
 * @param channels the ways to people; none for nobody
 * @param lateAfter how long after a slot of its schedule a feed may still be without its delivery
 */
public record NoticeSettings(List<NoticeChannel> channels, Duration lateAfter) {

    /** Time after which a delivery is late, unless configured. */
    public static final Duration DEFAULT_LATE_AFTER = Duration.ofHours(2);

    /** Nobody is told. */
    public static final NoticeSettings NONE = new NoticeSettings(List.of(), DEFAULT_LATE_AFTER);

    /** Copies the channels. */
    public NoticeSettings {
        channels = List.copyOf(channels);
        if (lateAfter.isNegative() || lateAfter.isZero()) {
            throw new IllegalArgumentException("late-after must be a time above zero, like 2h");
        }
    }

    /** Returns what is wrong, with paths relative to {@code notices}. Connects to nothing. */
    public List<SettingProblem> problems() {
        return channels.stream().flatMap(channel -> channel.problems().stream()).toList();
    }
}
