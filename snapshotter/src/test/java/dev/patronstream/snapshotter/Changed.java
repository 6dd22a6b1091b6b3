package dev.patronstream.snapshotter;

import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.RetryPolicy;
import dev.patronstream.snapshotter.feed.SnapshotterSettings;
import dev.patronstream.snapshotter.safety.Blackout;
import dev.patronstream.snapshotter.safety.Leavers;
import dev.patronstream.snapshotter.safety.PausePeriod;
import dev.patronstream.snapshotter.safety.Safeguards;
import dev.patronstream.snapshotter.safety.check.Thresholds;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Settings that differ from others in one thing. */
public final class Changed {

    private Changed() {}

    public static Safeguards with(Safeguards usual, Thresholds other) {
        return new Safeguards(
                other, usual.sendsFirst(), usual.leavers(), usual.pauses(), usual.blackout(), usual.system());
    }

    static Safeguards with(Safeguards usual, Leavers other) {
        return new Safeguards(
                usual.thresholds(), usual.sendsFirst(), other, usual.pauses(), usual.blackout(), usual.system());
    }

    static Safeguards with(Safeguards usual, List<PausePeriod> other) {
        return new Safeguards(
                usual.thresholds(), usual.sendsFirst(), usual.leavers(), other, usual.blackout(), usual.system());
    }

    public static Safeguards sendingFirst(Safeguards usual) {
        return new Safeguards(
                usual.thresholds(), true, usual.leavers(), usual.pauses(), usual.blackout(), usual.system());
    }

    public static Safeguards withBlackout(Safeguards usual, Blackout... hours) {
        return new Safeguards(
                usual.thresholds(),
                usual.sendsFirst(),
                usual.leavers(),
                usual.pauses(),
                List.of(hours),
                usual.system());
    }

    static Safeguards inSystem(Safeguards usual, String name) {
        return new Safeguards(
                usual.thresholds(),
                usual.sendsFirst(),
                usual.leavers(),
                usual.pauses(),
                usual.blackout(),
                Optional.of(name));
    }

    static FeedSettings with(FeedSettings usual, Safeguards other) {
        return new FeedSettings(
                usual.selection(), usual.layout(), usual.schedule(), usual.destination(), other, usual.retryPolicy());
    }

    static FeedSettings with(FeedSettings usual, ScheduleSettings other) {
        return new FeedSettings(
                usual.selection(),
                usual.layout(),
                Optional.of(other),
                usual.destination(),
                usual.safeguards(),
                usual.retryPolicy());
    }

    static FeedSettings with(FeedSettings usual, RetryPolicy other) {
        return new FeedSettings(
                usual.selection(), usual.layout(), usual.schedule(), usual.destination(), usual.safeguards(), other);
    }

    /** A schedule of fixed times. */
    public static ScheduleSettings schedule(String cron, ZoneId zone) {
        return new ScheduleSettings(Optional.of(cron), Optional.empty(), Optional.of(Usual.LATE_AFTER), zone);
    }

    /** The feeds of one database. */
    static SnapshotterSettings ofDatabase(SnapshotterSettings usual, String name) {
        return new SnapshotterSettings(
                usual.topics(),
                usual.topicSettings(),
                usual.kafka(),
                usual.registry(),
                usual.archive(),
                usual.cutTimeLimit(),
                usual.staleAfter(),
                usual.feeds(),
                Optional.of(name));
    }
}
