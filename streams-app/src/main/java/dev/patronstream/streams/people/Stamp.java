package dev.patronstream.streams.people;

import dev.patronstream.schemas.Progress;
import java.time.Instant;

/**
 * The epoch that a record is written for.
 *
 * @param epoch number of the epoch
 * @param incarnation identity of the database whose log the watermark belongs to
 * @param watermark LSN up to which the epoch holds every change
 * @param publishedAt when the connector published the epoch
 */
public record Stamp(long epoch, String incarnation, String watermark, Instant publishedAt) {

    /** The stamp of an epoch. */
    public static Stamp of(Progress epoch) {
        return new Stamp(epoch.getEpoch(), epoch.getIncarnation(), epoch.getWatermark(), epoch.getPublishedAt());
    }
}
