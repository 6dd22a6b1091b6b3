package dev.patronstream.cli.stages;

import dev.patronstream.schemas.Lead;
import dev.patronstream.schemas.StageFeed;
import dev.patronstream.schemas.StageNote;
import dev.patronstream.schemas.StageProgress;
import dev.patronstream.schemas.StageState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a stage says of itself. Immutable. Keys and counts only, nothing about a person.
 *
 * @param state what it does, in one word
 * @param message the same for people: what it does, or what went wrong and what to do
 * @param lead whether it does the work of its stage
 * @param progress how far it has come
 * @param feeds how the deliveries are doing, by feed
 * @param details for experts, by a short label
 * @param notes what a person should know, the newest first
 * @param counters what it did since its start
 */
public record StageWords(
        StageState state,
        String message,
        Lead lead,
        Optional<StageProgress> progress,
        Map<String, StageFeed> feeds,
        Map<String, String> details,
        List<StageNote> notes,
        Map<String, Long> counters) {

    /** Copies the collections. */
    public StageWords {
        feeds = Map.copyOf(feeds);
        details = Map.copyOf(details);
        notes = List.copyOf(notes);
        counters = Map.copyOf(counters);
    }

    /** Returns the same words with further notes, none of which has a time. */
    public StageWords noting(List<String> further) {
        List<StageNote> all = new ArrayList<>(notes);
        further.forEach(text -> all.add(new StageNote(null, text)));
        return new StageWords(state, message, lead, progress, feeds, details, all, counters);
    }

    /** The words of a stage that has nothing else to tell. */
    public static StageWords of(StageState state, String message, Lead lead) {
        return new StageWords(state, message, lead, Optional.empty(), Map.of(), Map.of(), List.of(), Map.of());
    }
}
