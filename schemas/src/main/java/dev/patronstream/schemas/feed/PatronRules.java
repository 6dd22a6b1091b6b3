package dev.patronstream.schemas.feed;

import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.Text;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The district's rules for what a status tag means and which of a student's enrollments is the primary one.
 *
 * <p>Immutable.
 *
 * @param statusByTag by trimmed status tag: the status it means; the empty tag stands for a blank one. Tags that are
 *     not named are inactive
 * @param concurrentPrograms attendance programs (STU.SP) of concurrent enrollments: other rows come first
 * @param neverPrimary schools that are primary only when there is no other, like a summer school
 * @param schoolOrder schools in order of preference; schools that are not named come after them
 */
public record PatronRules(
        Map<String, PatronStatus> statusByTag,
        Set<String> concurrentPrograms,
        Set<Integer> neverPrimary,
        List<Integer> schoolOrder) {

    /** Aeries' usual tags: blank is active, {@code *} pre-enrolled, every other one inactive. */
    public static final PatronRules DEFAULT = new PatronRules(
            Map.of("", PatronStatus.ACTIVE, "*", PatronStatus.PRE_ENROLLED), Set.of(), Set.of(), List.of());

    /** Copies the collections and trims the tags. */
    public PatronRules {
        Map<String, PatronStatus> trimmed = new TreeMap<>();
        statusByTag.forEach((tag, status) -> {
            PatronStatus other = trimmed.put(Text.strip(tag), status);
            if (other != null && other != status) {
                throw new IllegalArgumentException("The status tag '" + Text.strip(tag) + "' is mapped twice");
            }
        });
        statusByTag = Map.copyOf(trimmed);
        concurrentPrograms = concurrentPrograms.stream().map(Text::strip).collect(Collectors.toUnmodifiableSet());
        neverPrimary = Set.copyOf(neverPrimary);
        schoolOrder = List.copyOf(schoolOrder);
    }

    /** Returns the status that a tag means; the empty optional is the blank tag. */
    public PatronStatus status(Optional<String> tag) {
        return statusByTag.getOrDefault(tag.map(Text::strip).orElse(""), PatronStatus.INACTIVE);
    }
}
