package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.Topics;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the topology does.
 *
 * @param rules the district's rules, for the patron table
 * @param pieceSize how many rows are folded in, or persons evaluated, in one call: an epoch up to this size is applied
 *     at once, a larger one in pieces between which Kafka Streams commits
 */
public record EpochSettings(
        Topics topics, AvroSerdes serdes, PatronRules rules, List<FeedSelection> feeds, int pieceSize) {

    /** Pieces that take a fraction of a second. */
    public static final int DEFAULT_PIECE_SIZE = 5_000;

    /** Raise it when the same rows and rules give other records than before: everybody is evaluated again. */
    private static final int LOGIC = 1;

    /** Sorts the feeds by name: records of one person are written in this order. */
    public EpochSettings {
        feeds = feeds.stream().sorted(Comparator.comparing(FeedSelection::feed)).toList();
        if (feeds.stream().map(FeedSelection::feed).distinct().count() != feeds.size()) {
            throw new IllegalArgumentException("Two feeds have the same name");
        }
        if (pieceSize < 1) {
            throw new IllegalArgumentException("A piece holds at least one row, not " + pieceSize);
        }
    }

    /** Returns the names of the feeds, sorted. */
    public List<String> feedNames() {
        return feeds.stream().map(FeedSelection::feed).toList();
    }

    /** Returns the columns without which some feed cannot be evaluated, as {@link Progress} names them; sorted. */
    Set<String> neededColumns() {
        return feeds.stream()
                .flatMap(feed -> feed.neededColumns().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** By feed: the fingerprint of its selection. */
    Map<String, String> feedFingerprints() {
        return feeds.stream()
                .collect(Collectors.toMap(
                        FeedSelection::feed, FeedSelection::fingerprint, (one, other) -> one, TreeMap::new));
    }

    /** A text that differs when everybody has to be evaluated again. */
    String fingerprint() {
        Map<String, PatronStatus> tags = new TreeMap<>(rules.statusByTag());
        return "logic=" + LOGIC + " feeds=" + feedFingerprints() + " tags=" + tags + " concurrent="
                + new TreeSet<>(rules.concurrentPrograms()) + " never-primary=" + new TreeSet<>(rules.neverPrimary())
                + " order=" + rules.schoolOrder() + " joined=" + new TreeSet<>(topics.joined());
    }
}
