package dev.patronstream.benchmarks.endurance.fault;

import dev.patronstream.schemas.topic.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The topics of which one can be lost, or its tail. */
public enum LostTopic {
    CONTRACT,
    PROGRESS,
    POSITION,
    DEFINITIONS,
    PATRONS,
    FEED,
    ANNOUNCEMENTS,
    CHANGELOG,
    RECEIPTS,
    FEED_STATES,
    DELIVERED_ROWS;

    public String inWords() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The topics of this kind, of those that there are. */
    public List<String> among(Collection<String> names, Topics topics, List<String> feeds) {
        Stream<String> all =
                switch (this) {
                    case CONTRACT -> Stream.of(topics.enrollments(), topics.staff(), topics.schools());
                    case PROGRESS -> Stream.of(topics.progress());
                    case POSITION -> Stream.of(topics.offsets());
                    case DEFINITIONS -> Stream.of(topics.schemaHistory());
                    case PATRONS -> Stream.of(topics.patrons());
                    case FEED -> feeds.stream().map(topics::feed);
                    case ANNOUNCEMENTS -> Stream.of(topics.epochs());
                    case CHANGELOG ->
                        names.stream()
                                .filter(name ->
                                        name.startsWith(topics.streamsApplicationId()) && name.endsWith("-changelog"));
                    case RECEIPTS -> Stream.of(topics.deliveries());
                    case FEED_STATES -> Stream.of(topics.feedStates());
                    case DELIVERED_ROWS -> feeds.stream().map(topics::delivered);
                };
        return all.filter(names::contains).sorted().toList();
    }
}
