package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Progress;
import org.apache.kafka.common.utils.Bytes;

/** An epoch whose end has been read: the offset of its record in the progress topic, the record, and its bytes. */
record WaitingEpoch(long offset, Progress progress, Bytes wire) {}
