package dev.patronstream.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.snapshotter.destination.VendorFiles;
import dev.patronstream.snapshotter.destination.folder.FolderDestination;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.RetryPolicy;
import dev.patronstream.snapshotter.layout.FileFormat;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import dev.patronstream.snapshotter.layout.destiny.Identifiers;
import dev.patronstream.snapshotter.layout.free.FreeLayoutSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The defaults of settings.yaml, some of which the stages have in Java as well. */
class DefaultsTest extends WrittenConfiguration {

    private static final String OTHER_LAYOUT = """
              reading: {schools: [10], layout: reading}
            layouts:
              reading: {columns: {Name: "{lastName}"}}
            """;

    @Test
    void theDefaultsOfTheStagesAreThoseOfTheDeclaration() {
        Configuration configuration = read(VALID + OTHER_LAYOUT);

        assertEquals(CaptureSettings.Limits.usual(), configuration.capture().limits());
        Configuration.Deliveries deliveries = configuration.deliveries();
        assertEquals(40, deliveries.generations());
        assertEquals(2000, deliveries.megabytes());
        FeedSettings feed = deliveries.feeds().get(0);
        assertEquals(new RetryPolicy(Duration.ofMinutes(30), Optional.empty()), feed.retryPolicy());
        assertEquals(
                Optional.of(Duration.ofHours(1)), feed.schedule().orElseThrow().lateAfter());
        FreeLayoutSettings other =
                (FreeLayoutSettings) deliveries.feeds().get(1).layout();
        assertEquals(FileFormat.USUAL, other.format());
        SftpDestination server = (SftpDestination) feed.destination().orElseThrow();
        VendorFiles files = new VendorFiles(
                VendorFiles.DEFAULT_FILE,
                VendorFiles.DEFAULT_PROPERTIES_FILE,
                VendorFiles.DEFAULT_TEMPORARY_NAME,
                Optional.empty(),
                Set.of());
        assertEquals(
                new SftpDestination(
                        server.host(),
                        22,
                        server.user(),
                        server.credentials(),
                        server.hostKeys(),
                        new SftpDestination.Connection(Duration.ofSeconds(20), Duration.ofSeconds(60), false),
                        "/",
                        files),
                server);
        VendorFiles readBack = new VendorFiles(
                files.file(),
                files.propertiesFile(),
                files.temporaryName(),
                files.permissions(),
                Set.of(VendorFiles.Choice.READ_BACK));
        assertEquals(
                Optional.of(new FolderDestination(folder.resolve("exports"), readBack)),
                read(toFolder("path: ./exports")).deliveries().feeds().get(0).destination());
    }

    /** Without the section, the defaults are those of Java; with an empty one, those of settings.yaml. */
    @Test
    void theDefaultsForDestinyAreThoseOfTheDeclaration() {
        DestinyLayoutSettings usual = DestinyLayoutSettings.usual(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), 2026);

        assertEquals(Identifiers.DEFAULT, usual.identifiers());
        for (String identifiers : List.of("", "    identifiers: {}\n", "    identifiers: {barcode: {}}\n")) {
            assertEquals(
                    usual, read(VALID + identifiers).deliveries().feeds().get(0).layout());
        }
    }
}
