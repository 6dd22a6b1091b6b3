package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.FeedEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the preview of a switch says about one school. */
record PreviewCounts(long now, long stay, long come, long go, long arrive, long leave, long then, long grade) {

    static String place(FeedEntry entry) {
        return entry.getPrimary().getSchoolCode().map(String::valueOf).orElse("no school");
    }

    static PreviewCounts counts(String school, Map<String, FeedEntry> before, Map<String, FeedEntry> after) {
        Set<String> persons = new TreeSet<>(before.keySet());
        persons.addAll(after.keySet());
        Map<String, Long> counts = new HashMap<>();
        for (String person : persons) {
            Optional<FeedEntry> was = Optional.ofNullable(before.get(person));
            Optional<FeedEntry> is = Optional.ofNullable(after.get(person));
            boolean here = was.filter(entry -> place(entry).equals(school)).isPresent();
            boolean there = is.filter(entry -> place(entry).equals(school)).isPresent();
            List<String> happened = new ArrayList<>();
            if (here) {
                happened.add("now");
                happened.add(there ? "stay" : is.isPresent() ? "go" : "leave");
            }
            if (there) {
                happened.add("then");
                if (!here) {
                    happened.add(was.isPresent() ? "come" : "new");
                }
                if (was.isPresent()
                        && !was.get()
                                .getPrimary()
                                .getGrade()
                                .equals(is.get().getPrimary().getGrade())) {
                    happened.add("grade");
                }
            }
            happened.forEach(what -> counts.merge(what, 1L, Long::sum));
        }
        return new PreviewCounts(
                counts.getOrDefault("now", 0L),
                counts.getOrDefault("stay", 0L),
                counts.getOrDefault("come", 0L),
                counts.getOrDefault("go", 0L),
                counts.getOrDefault("new", 0L),
                counts.getOrDefault("leave", 0L),
                counts.getOrDefault("then", 0L),
                counts.getOrDefault("grade", 0L));
    }

    static PreviewCounts printed(String preview, String school) {
        String name = school.equals("no school") ? "staff without a school" : school + " [^0-9]+";
        Matcher line = Pattern.compile("(?m)^  " + name + " +([0-9, ]+)$").matcher(preview);
        assertTrue(line.find(), "no line of school " + school + "\n" + preview);
        List<Long> numbers = List.of(line.group(1).strip().split(" +")).stream()
                .map(number -> Long.valueOf(number.replace(",", "")))
                .toList();
        return new PreviewCounts(
                numbers.get(0),
                numbers.get(1),
                numbers.get(2),
                numbers.get(3),
                numbers.get(4),
                numbers.get(5),
                numbers.get(6),
                numbers.get(7));
    }
}
