package dev.patronstream.demo;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.snapshotter.Snapshotter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is there at the end, and where. */
final class DemoSummary {

    private final Configuration configuration;
    private final Sandbox sandbox;
    private final Snapshotter snapshotter;

    DemoSummary(Configuration configuration, Sandbox sandbox, Snapshotter snapshotter) {
        this.configuration = configuration;
        this.sandbox = sandbox;
        this.snapshotter = snapshotter;
    }

    List<String> lines(Delivery last) {
        boolean held = Demo.isHeld(last);
        Path csv = held
                ? snapshotter.archived(last).resolve(last.getFileName())
                : sandbox.sftpFolder().resolve(last.getFileName());
        String sites = new TreeMap<>(last.getRowsPerSite())
                .entrySet().stream()
                        .map(site -> site.getKey() + " " + site.getValue())
                        .collect(Collectors.joining(", "));
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add((held ? "Held       " : "Delivered  ") + csv);
        if (held) {
            lines.add("           " + Demo.words(last));
        }
        lines.add("           " + last.getRows() + " rows (" + sites + "), " + last.getProblems()
                + " lines in the problem report");
        lines.add("           exactly what was committed up to LSN "
                + last.getWatermark().orElse("(unknown)")
                + ", business date "
                + last.getBusinessDate().map(LocalDate::toString).orElse("(unknown)"));
        lines.add("           SHA-256 " + last.getSha256().orElse("(none)"));
        lines.add("Look       head " + csv);
        lines.add("           less " + snapshotter.archived(last).resolve("problems.csv"));
        lines.add("Check      patronstream sandbox --dir "
                + sandbox.configuration().getParent() + "     (the same folders, in a terminal of its own), then");
        lines.add("           patronstream deliveries show " + last.getId() + " --config "
                + configuration.installation().file());
        lines.add("           patronstream tail feed.destiny --from-beginning --max 3 --config "
                + configuration.installation().file());
        lines.add(
                "Go on      patronstream demo --dir " + sandbox.configuration().getParent());
        return lines;
    }
}
