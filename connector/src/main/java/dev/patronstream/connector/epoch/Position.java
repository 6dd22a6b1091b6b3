package dev.patronstream.connector.epoch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patronstream.connector.check.CapturedLayout;
import dev.patronstream.connector.database.Incarnation;
import dev.patronstream.connector.database.LogEntry;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.topic.RecordForm;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where capture stands: what is published, and from where the source has to be read on. Written in the same Kafka
 * transaction as the records it speaks of, as JSON, because it is nobody's contract.
 *
 * @param epoch number of the last complete epoch
 * @param incarnation the database whose log the LSNs belong to
 * @param watermark everything up to here is published and belongs to complete epochs
 * @param logEntry the log's entry at or before the watermark; another one there means another log
 * @param captured what was captured of the database
 * @param notes by topic the position rests on: what it ends with, complete epochs or not
 * @param unfinished the epoch that is published in part, if one is
 * @param problems by table and problem: rows with a value that cannot be carried
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Position(
        long epoch,
        Incarnation incarnation,
        String watermark,
        @Nullable LogEntry logEntry,
        @JsonUnwrapped CapturedLayout captured,
        Map<String, Note> notes,
        @Nullable Unfinished unfinished,
        Map<SourceTable, Map<String, List<String>>> problems) {

    /** Copies the maps; a position of an earlier version knows no problems. */
    public Position {
        notes = Map.copyOf(notes);
        problems = Map.copyOf(Objects.requireNonNullElse(problems, Map.of()));
    }

    /** The only key of the position in its topic. */
    public static final String KEY = "position";

    /** What the records of the topic of positions look like, of which one is the position. */
    public static final RecordForm<Position> FORM = RecordForm.of((topic, bytes) -> of(bytes));

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * An epoch that is published in part.
     *
     * @param snapshot why a snapshot is being taken; null for a large source transaction. A snapshot starts again
     * @param lsn commit LSN of the source transaction; null for a snapshot
     * @param published by table: how many of the transaction's changes, from the first, are published
     * @param rows records of the epoch so far
     * @param kafkaTransactions Kafka transactions of the epoch so far
     * @param approved by table: how many rows a person has allowed this snapshot to remove; null when nobody was asked
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Unfinished(
            @Nullable String snapshot,
            @Nullable String lsn,
            Map<SourceTable, Long> published,
            long rows,
            int kafkaTransactions,
            @Nullable Map<SourceTable, Long> approved) {}

    /** Returns the same place with other numbers before it. */
    public Position withEpoch(long last) {
        return new Position(last, incarnation, watermark, logEntry, captured, notes, unfinished, problems);
    }

    /** Returns the same place with notes that replace those of the same topics. */
    public Position noting(Map<String, Note> others) {
        Map<String, Note> all = new HashMap<>(notes);
        all.putAll(others);
        return new Position(epoch, incarnation, watermark, logEntry, captured, all, unfinished, problems);
    }

    /** Returns the same place with these problems in place of others. */
    public Position knowing(Map<SourceTable, Map<String, List<String>>> others) {
        return new Position(epoch, incarnation, watermark, logEntry, captured, notes, unfinished, others);
    }

    /** Returns the same place with an epoch after it that is published in part. */
    public Position inPart(Map<String, Note> after, Unfinished part) {
        return new Position(epoch, incarnation, watermark, logEntry, captured, after, part, problems);
    }

    public Lsn watermarkLsn() {
        return new Lsn(watermark);
    }

    /** Returns the source transaction that is published in part. */
    public Optional<StreamAssembly.Split> split() {
        return unfinished == null || unfinished.lsn() == null
                ? Optional.empty()
                : Optional.of(new StreamAssembly.Split(new Lsn(unfinished.lsn()), unfinished.published()));
    }

    /** Returns why a snapshot was under way. */
    public Optional<String> unfinishedSnapshot() {
        return unfinished == null ? Optional.empty() : Optional.ofNullable(unfinished.snapshot());
    }

    /** Returns, by table, how many rows the snapshot under way may remove because a person has allowed it. */
    public Map<SourceTable, Long> approved() {
        return unfinished == null || unfinished.approved() == null ? Map.of() : unfinished.approved();
    }

    public static Position of(byte[] json) {
        try {
            return JSON.readValue(new String(json, StandardCharsets.UTF_8), Position.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The stored position of the source cannot be read", e);
        }
    }

    public byte[] bytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The position of the source cannot be written", e);
        }
    }
}
