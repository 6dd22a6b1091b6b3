package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.standin.SourceHistory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a run leaves to be judged.
 *
 * @param topics the district's topics
 * @param tape what a reader saw in them, from the beginning on
 * @param bootstrapServers where they are
 * @param registryUrl the registry of their schemas
 * @param histories the source's history; where the database was put back to an earlier point, that of each life, whole
 * @param maxRows most rows of a Kafka transaction
 * @param feeds the feeds that were delivered
 * @param disturbances when something happened that may end an attempt
 * @param claims when a status page said that all is good
 */
public record Evidence(
        Topics topics,
        Tape tape,
        String bootstrapServers,
        String registryUrl,
        List<SourceHistory> histories,
        int maxRows,
        List<Feed> feeds,
        List<Instant> disturbances,
        List<Claim> claims) {

    /** Copies the collections. */
    public Evidence {
        histories = List.copyOf(histories);
        feeds = List.copyOf(feeds);
        disturbances = List.copyOf(disturbances);
        claims = List.copyOf(claims);
    }

    /**
     * A status page said that all is good.
     *
     * @param at when it was asked
     * @param asOf up to when every change is in, as it said
     */
    public record Claim(Instant at, Instant asOf) {}

    /**
     * What a feed leaves.
     *
     * @param name the feed
     * @param rules its rules, and after that those with which it was configured again, in this order
     * @param archive the snapshotter's local copies
     * @param vendorFile the file at the vendor
     * @param fileName its name, there and in the archive
     * @param answers result by id of every delivery that was ordered and answered
     * @param sightings hash of every file that was seen at the vendor, with the time it was first seen
     */
    public record Feed(
            String name,
            List<FeedRules> rules,
            Path archive,
            Path vendorFile,
            String fileName,
            Map<String, String> answers,
            Map<String, Instant> sightings) {

        /** Copies the collections. */
        public Feed {
            rules = List.copyOf(rules);
            answers = Map.copyOf(answers);
            sightings = Map.copyOf(sightings);
        }
    }
}
