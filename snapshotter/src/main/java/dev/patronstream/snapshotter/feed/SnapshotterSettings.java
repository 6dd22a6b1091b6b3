package dev.patronstream.snapshotter.feed;

import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.ledger.Archive;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a snapshotter needs to know.
 *
 * @param kafka properties that every Kafka client gets, {@code bootstrap.servers} at least
 * @param registry properties of the serdes, {@code schema.registry.url} at least
 * @param cutTimeLimit how long to wait for the stages before, and to read
 * @param staleAfter how old what is delivered may be before its receipt says so
 * @param database the configured database: a feed that is of another one is not delivered; empty delivers any
 */
public record SnapshotterSettings(
        Topics topics,
        TopicSettings topicSettings,
        Map<String, Object> kafka,
        Map<String, Object> registry,
        Archive archive,
        Duration cutTimeLimit,
        Duration staleAfter,
        List<FeedSettings> feeds,
        Optional<String> database) {

    public SnapshotterSettings {
        kafka = Map.copyOf(kafka);
        registry = Map.copyOf(registry);
        feeds = List.copyOf(feeds);
    }

    /** Without the properties, which may hold secrets. */
    @Override
    public String toString() {
        return "SnapshotterSettings" + feeds.stream().map(FeedSettings::feed).toList();
    }

    /** Returns everything that is wrong, with paths from the top of the configuration ({@code feeds.destiny.sites.20}). */
    public List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (FeedSettings feed : feeds) {
            String path = pathOf(feed.feed());
            if (!names.add(feed.feed())) {
                problems.add(new SettingProblem(path, "is configured twice"));
            }
            feed.problems().forEach(problem -> problems.add(problem.below(path)));
        }
        problems.addAll(sharedFiles(feeds));
        return problems;
    }

    /**
     * Returns each file that would be the same at a vendor as one of another feed, with paths from the top of the
     * configuration: each would be put in the place of the other, and the vendor's file found changed at every delivery.
     * Many servers know no upper and lower case.
     */
    public static List<SettingProblem> sharedFiles(List<FeedSettings> feeds) {
        List<SettingProblem> problems = new ArrayList<>();
        Map<List<String>, String> taken = new HashMap<>();
        for (FeedSettings feed : feeds) {
            feed.destination().ifPresent(destination -> feed.fileNames().forEach(name -> {
                String other =
                        taken.putIfAbsent(List.of(destination.folderKey(), name.toLowerCase(Locale.ROOT)), feed.feed());
                if (other != null) {
                    problems.add(new SettingProblem(
                            feed.destinationPath(),
                            "'" + name + "' would be written by " + pathOf(other)
                                    + " as well, into the same folder, " + destination.address()
                                    + "; give one of them another name or another directory"));
                }
            }));
        }
        return problems;
    }

    public static String pathOf(String feed) {
        return "feeds." + feed;
    }
}
