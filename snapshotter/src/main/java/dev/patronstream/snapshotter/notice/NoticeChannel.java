package dev.patronstream.snapshotter.notice;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.List;

/** A way to people. Thread-safe. */
public sealed interface NoticeChannel permits WebhookChannel, EmailChannel {

    /** Returns what people call it: {@code webhook hooks.example}. Shows no secret, and stays the same over restarts. */
    String name();

    /** Returns what is wrong with its settings, with paths relative to {@code notices}. Connects to nothing. */
    List<SettingProblem> problems();

    /**
     * Sends a notice and waits until the other side has taken it.
     *
     * @throws NoticeFailedException if it did not; the message shows no secret
     */
    void send(Notice notice);
}
