package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Progress;
import org.apache.kafka.common.utils.Bytes;

/**
 * An epoch whose end has been read.
 *
 * @param offset offset of the record in the progress topic
 * @param progress the record
 * @param wire the record as it was read
 */
record WaitingEpoch(long offset, Progress progress, Bytes wire) {}
