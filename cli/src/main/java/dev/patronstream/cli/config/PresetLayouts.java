package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.ConfigurationText;
import dev.patronstream.cli.config.setting.Reading;
import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.snapshotter.layout.free.FreeLayoutSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The layouts that a feed can name without a line in the configuration; the download shows them as files to copy. */
final class PresetLayouts {

    static final List<String> NAMES = List.of("canvas-users", "clever-students", "google-workspace", "koha");

    private PresetLayouts() {}

    /** Returns a preset, still without a feed's sites and rules; empty if there is none of the name. */
    static Optional<FreeLayoutSettings> of(String name, int schoolYear) {
        if (!NAMES.contains(name)) {
            return Optional.empty();
        }
        ConfigurationText text = ConfigurationText.parse(text(name));
        Reading reading = new Reading(text, Map.of(), Path.of(""), Set.of());
        return new LayoutsReader(schoolYear)
                .read(Section.top(reading, text.root()))
                .getOrDefault(name, Optional.empty());
    }

    /** Returns the file of a preset. */
    static String text(String name) {
        try (InputStream file = Objects.requireNonNull(
                PresetLayouts.class.getResourceAsStream("layouts/" + name + ".yaml"), "it is in the jar")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
