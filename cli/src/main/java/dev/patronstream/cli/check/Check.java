package dev.patronstream.cli.check;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.connector.check.DatabaseExamination;
import dev.patronstream.connector.check.Finding;
import dev.patronstream.snapshotter.destination.DestinationTrial;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Tries everything that a configuration names, one after the other, whatever fails. */
public final class Check {

    private final Configuration configuration;
    private final Consumer<Finding> report;
    private int wrong;

    /**
     * Makes a check.
     *
     * @param report hears of each finding as soon as it is known
     */
    public Check(Configuration configuration, Consumer<Finding> report) {
        this.configuration = configuration;
        this.report = report;
    }

    /** Tries; returns what the database holds, where that could be read. */
    public Optional<DistrictTables> run() {
        DatabaseExamination.Report database = DatabaseExamination.examine(
                configuration.capture().database(), configuration.capture().columns());
        database.findings().forEach(this::report);
        ClusterCheck.run(configuration).forEach(this::report);
        configuration.installation().secretFiles().stream()
                .sorted()
                .flatMap(file -> readByOthers(file).stream())
                .forEach(this::report);
        for (FeedSettings feed : configuration.deliveries().feeds()) {
            destination(feed).forEach(this::report);
        }
        return database.census()
                .map(census -> new DistrictTables(
                        census,
                        configuration.district().rules(),
                        configuration.deliveries().feeds()));
    }

    /** Returns how many things do not work. */
    public int wrong() {
        return wrong;
    }

    private void report(Finding finding) {
        if (finding.state() == Finding.State.WRONG) {
            wrong++;
        }
        report.accept(finding);
    }

    /** Names a secret that every account of this machine can read. */
    private static Optional<Finding> readByOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)
                    ? Optional.of(Finding.look(
                            "secret file", file + " can be read by every account of this machine", "chmod 600 " + file))
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            // Whether it can be read at all was found out with the configuration; elsewhere, rights are kept otherwise.
            return Optional.empty();
        }
    }

    private static List<Finding> destination(FeedSettings feed) {
        String name = "feed " + feed.feed();
        if (feed.destination().isEmpty()) {
            return List.of(Finding.look(
                    name,
                    "has no destination: its file is written to the archive only",
                    "feeds." + feed.feed() + ".destination, when the vendor has named its server"));
        }
        List<Finding> lines = new ArrayList<>();
        for (DestinationTrial.Step step :
                DestinationTrial.run(feed.destination().get(), feed.feed(), feed.fileNames(), feed.destinationPath())) {
            String what = name + " " + step.what();
            lines.add(step.passed() ? Finding.fine(what, step.found()) : Finding.wrong(what, step.found(), ""));
        }
        return lines;
    }
}
