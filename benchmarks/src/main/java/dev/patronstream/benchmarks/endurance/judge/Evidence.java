package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.sqlserver.SourceHistory;
import dev.patronstream.schemas.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run leaves to be judged.
 *
 * @param topics the district's topics
 * @param bootstrapServers where they are
 * @param registryUrl the registry of their schemas
 * @param history the source's history
 * @param feed the feed that was delivered
 * @param rules its rules
 * @param maxRows most rows of a Kafka transaction
 * @param archive the snapshotter's local copies of the feed
 * @param vendorFile the file at the vendor
 * @param fileName its name, there and in the archive
 * @param answers result by id of every delivery that was ordered and answered
 * @param sightings hash of every file that was seen at the vendor, with the time it was first seen
 * @param disturbances when something happened that may end an attempt
 */
public record Evidence(
        Topics topics,
        String bootstrapServers,
        String registryUrl,
        SourceHistory history,
        String feed,
        FeedRules rules,
        int maxRows,
        Path archive,
        Path vendorFile,
        String fileName,
        Map<String, String> answers,
        Map<String, Instant> sightings,
        List<Instant> disturbances) {

    /** Copies the collections. */
    public Evidence {
        answers = Map.copyOf(answers);
        sightings = Map.copyOf(sightings);
        disturbances = List.copyOf(disturbances);
    }

    /** The hashes of the files that were seen at the vendor. */
    Set<String> seenHashes() {
        return sightings.keySet();
    }
}
