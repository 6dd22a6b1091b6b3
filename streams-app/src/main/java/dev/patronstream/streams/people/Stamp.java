package dev.patronstream.streams.people;

import dev.patronstream.schemas.Progress;
import java.time.Instant;

/** The epoch that a record is written for, in the words of {@link Progress}. */
public record Stamp(long epoch, String incarnation, String watermark, Instant publishedAt) {

    public static Stamp of(Progress epoch) {
        return new Stamp(epoch.getEpoch(), epoch.getIncarnation(), epoch.getWatermark(), epoch.getPublishedAt());
    }
}
