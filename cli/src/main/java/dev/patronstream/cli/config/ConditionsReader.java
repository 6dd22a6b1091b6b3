package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.cli.config.setting.TextFile;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.feed.Condition;
import dev.patronstream.schemas.feed.Conditions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads who is in a feed by what stands in the rows: {@code only} and {@code except}. */
final class ConditionsReader {

    private final Section feed;
    private final Set<PatronKind> kinds;

    /** Makes one for a feed that takes these kinds of patrons. */
    ConditionsReader(Section feed, Set<PatronKind> kinds) {
        this.feed = feed;
        this.kinds = kinds;
    }

    Conditions read() {
        return new Conditions(conditions("only"), conditions("except"));
    }

    private List<Condition> conditions(String key) {
        List<Condition> conditions = new ArrayList<>();
        feed.optionalSection(key).ifPresent(section -> {
            if (section.names().isEmpty()) {
                feed.wrong(section.path(), "names no field; write one like grade: [9-12], or leave the key out");
            }
            section.names().forEach(name -> condition(section, name).ifPresent(conditions::add));
            section.finish();
        });
        return conditions;
    }

    private Optional<Condition> condition(Section section, String key) {
        boolean negated = false;
        Optional<String> file = Optional.empty();
        Optional<List<String>> values;
        if (section.isSection(key)) {
            Section below = section.section(key);
            negated = below.has("not");
            file = below.optionalText("file");
            if (negated == file.isPresent()) {
                feed.wrong(
                        below.path(),
                        negated
                                ? "has both not and file; keep one of them"
                                : "needs not: a list of values, or file: a file with a value in each line");
            }
            values = negated ? Optional.of(below.anyTexts("not")) : lines(below);
            below.finish();
        } else {
            values = Optional.of(section.anyTexts(key));
        }
        boolean isNot = negated;
        Optional<String> from = file;
        return values.flatMap(all -> condition(section.at(key), key, isNot, all, from));
    }

    private Optional<Condition> condition(
            String where, String key, boolean negated, List<String> values, Optional<String> file) {
        try {
            Condition condition = Condition.of(key, negated, values, file);
            if (kinds.stream().noneMatch(condition::concerns)) {
                feed.wrong(
                        where,
                        "is about " + (kinds.contains(PatronKind.STAFF) ? "students" : "staff")
                                + ", and the feed takes none; leave it out, or add them to patrons");
            }
            return Optional.of(condition);
        } catch (IllegalArgumentException e) {
            feed.wrong(
                    where,
                    e.getMessage() + file.map(name -> " (in " + name + ")").orElse(""));
            return Optional.empty();
        }
    }

    /** A value in each line; blank lines and those that begin with # say nothing. */
    private Optional<List<String>> lines(Section condition) {
        if (!condition.has("file")) {
            return Optional.empty();
        }
        Path file = condition.requiredPath("file");
        try {
            return Optional.of(TextFile.read(file)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList());
        } catch (TextFile.UnreadableException e) {
            feed.wrong(condition.at("file"), "the file " + file + " " + e.getMessage());
            return Optional.empty();
        }
    }
}
