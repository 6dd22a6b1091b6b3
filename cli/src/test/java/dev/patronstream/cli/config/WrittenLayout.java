package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.ConfigurationText;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** The layout of a feed, and whom it takes, as a configuration says it. */
public final class WrittenLayout {

    private static final String HEAD = """
        district: eagle
        sqlserver: {host: sis.eagle.example, database: DST26000EAGLE, user: patronstream, password: "${env:PASSWORD}"}
        kafka: {embedded: {directory: ./data/kafka}}
        """;

    private WrittenLayout() {}

    /** Returns that of the first feed in the lines of a configuration of the school year 2026-27. */
    public static DestinyLayoutSettings of(String lines) {
        return (DestinyLayoutSettings) anyOf(lines);
    }

    /** Returns that of the first feed, of whichever vendor. */
    static LayoutSettings anyOf(String lines) {
        return feed(Path.of("."), lines).layout();
    }

    /** Returns whom the first feed takes, with files of lists in a folder. */
    public static FeedSelection selection(Path folder, String lines) {
        return feed(folder, lines).selection();
    }

    private static FeedSettings feed(Path folder, String lines) {
        return ConfigurationReader.of(
                        folder.resolve("patronstream.yaml"),
                        ConfigurationText.parse(HEAD + lines),
                        Map.of("PASSWORD", "x"),
                        Set.of())
                .configuration()
                .deliveries()
                .feeds()
                .get(0);
    }
}
