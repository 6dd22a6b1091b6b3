package dev.patronstream.cli.config.setting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.patronstream.snapshotter.rules.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Every key of the configuration, as {@code settings.yaml} declares it; the rules' keys are those of {@link Rule}. */
final class Settings {

    static final Settings ALL = new Settings();

    private static final String RULES = "feeds.<feed>.rules";

    private final Map<String, Setting> byPath = new LinkedHashMap<>();

    private Settings() {
        JsonNode declared;
        try (InputStream file = Objects.requireNonNull(Settings.class.getResourceAsStream("settings.yaml"))) {
            declared = new YAMLMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The declaration of the settings cannot be read", e);
        }
        declared.properties().forEach(entry -> {
            byPath.put(entry.getKey(), Setting.of(entry.getKey(), entry.getValue()));
            if (entry.getKey().equals(RULES)) {
                for (Rule rule : Rule.values()) {
                    add(rule);
                }
            }
        });
    }

    private void add(Rule rule) {
        String path = RULES + "." + rule.id();
        List<String> actions =
                rule.actions().stream().map(action -> action.id()).toList();
        Optional<String> usual = Optional.of(rule.usualAction().id());
        byPath.put(
                path,
                new Setting(path, "", "text", actions, usual, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    List<Setting> all() {
        return List.copyOf(byPath.values());
    }

    /** Returns the settings right below a path, in their order. */
    List<Setting> below(String path) {
        String start = path.isEmpty() ? "" : path + ".";
        return byPath.values().stream()
                .filter(setting -> setting.path().startsWith(start)
                        && !setting.path().equals(path)
                        && setting.path().indexOf('.', start.length()) < 0)
                .toList();
    }

    /** Returns where a key of a section is declared, as itself or as a name that people choose; empty where it is not. */
    Optional<Setting> find(String section, String key) {
        return Optional.ofNullable(byPath.get(section.isEmpty() ? key : section + "." + key))
                .or(() -> below(section).stream()
                        .filter(setting -> setting.path().endsWith(">"))
                        .findFirst());
    }
}
