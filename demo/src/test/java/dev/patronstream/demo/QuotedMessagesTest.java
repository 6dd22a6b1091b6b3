package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.demo.SaidTexts.Said;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a page quotes of a message is what the program says: every three words that follow each other stand in its code,
 * in one literal or over the end of one and the beginning of another. Names and numbers are the page's examples.
 */
class QuotedMessagesTest {

    private static final Set<Path> PAGES = Stream.of(
                    "audit",
                    "capture",
                    "database",
                    "deliveries",
                    "destiny",
                    "layouts",
                    "rules",
                    "status",
                    "summer",
                    "trouble")
            .map(page -> Path.of("docs", page + ".md"))
            .collect(Collectors.toSet());

    private static final Set<String> EXAMPLES = Set.of("int", "smallint", "eagle", "Topic");
    private static final Pattern TYPED =
            Pattern.compile("(\\./)?patronstream .*|(EXEC|CREATE|GRANT|ALTER|SELECT|USE|curl) .*");
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z'-]*");
    private static final Pattern EXAMPLE = Pattern.compile("[A-Z]+");
    private static final String MARKS = "[(),;:.`*\"]";
    private static final int WINDOW = 3;

    /** Without the marks and blanks at their ends. */
    private final List<String> literals = SaidTexts.literals().stream()
            .flatMap(said -> Stream.of(said.text().split(SaidTexts.VALUE)))
            .map(text -> text.replaceAll("\\\\n| +", " ").replaceAll("^\\W+|\\W+$", ""))
            .distinct()
            .toList();

    @Test
    void everyWordIsTheProgramsOwn() {
        List<Said> quotes = SaidTexts.marked().stream()
                .filter(said -> PAGES.contains(said.place()))
                .filter(said -> said.text().split(" ").length > WINDOW)
                .filter(said -> !TYPED.matcher(said.text()).matches())
                .toList();
        List<String> wrong = new ArrayList<>();
        for (Said quote : quotes) {
            for (String piece : quote.text().split("\\(?\\.\\.\\.\\)?")) {
                runs(piece).stream()
                        .flatMap(run -> windows(run).stream())
                        .filter(words -> !isSaid(words))
                        .forEach(words ->
                                wrong.add(quote.place() + ": \"" + String.join(" ", words) + "\" of: " + quote.text()));
            }
        }
        assertTrue(quotes.size() > 50, "only " + quotes.size() + " were found");
        assertEquals(List.of(), wrong);
    }

    /** Splits at examples and at marks. */
    private static List<List<String>> runs(String piece) {
        List<List<String>> runs = new ArrayList<>();
        List<String> run = new ArrayList<>();
        for (String token : piece.split(" +")) {
            String word = token.replaceAll("^" + MARKS + "+|" + MARKS + "+$", "");
            boolean isOurs =
                    WORD.matcher(word).matches() && !EXAMPLE.matcher(word).matches() && !EXAMPLES.contains(word);
            if (!isOurs || !token.startsWith(word)) {
                runs.add(run);
                run = new ArrayList<>();
            }
            if (isOurs) {
                run.add(word);
            }
            if (!token.endsWith(word)) {
                runs.add(run);
                run = new ArrayList<>();
            }
        }
        runs.add(run);
        return runs;
    }

    private static List<List<String>> windows(List<String> run) {
        return run.isEmpty()
                ? List.of()
                : IntStream.rangeClosed(0, Math.max(0, run.size() - WINDOW))
                        .mapToObj(from -> run.subList(from, Math.min(run.size(), from + WINDOW)))
                        .toList();
    }

    private boolean isSaid(List<String> words) {
        Pattern together = Pattern.compile("\\b" + String.join(" ", words) + "\\b");
        return literals.stream().anyMatch(literal -> together.matcher(literal).find())
                || IntStream.range(1, words.size()).anyMatch(at -> isSaidOver(words, at));
    }

    private boolean isSaidOver(List<String> words, int at) {
        Pattern end = Pattern.compile("\\b" + String.join(" ", words.subList(0, at)) + "$");
        Pattern beginning = Pattern.compile("^" + String.join(" ", words.subList(at, words.size())) + "\\b");
        return Stream.of(end, beginning).allMatch(part -> literals.stream()
                .anyMatch(literal -> part.matcher(literal).find()));
    }
}
