package dev.patronstream.snapshotter.notice;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.List;

/**
 * Who is notified. Immutable.
 *
 * @param channels the ways to people; none for nobody
 */
public record NoticeSettings(List<NoticeChannel> channels) {

    /** Nobody is notified. */
    public static final NoticeSettings NONE = new NoticeSettings(List.of());

    /** Copies the channels. */
    public NoticeSettings {
        channels = List.copyOf(channels);
    }

    /** Returns what is wrong, with paths relative to {@code notices}. Connects to nothing. */
    public List<SettingProblem> problems() {
        return channels.stream().flatMap(channel -> channel.problems().stream()).toList();
    }
}
