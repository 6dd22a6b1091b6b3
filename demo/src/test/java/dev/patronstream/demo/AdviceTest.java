package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.demo.SaidTexts.Said;
import dev.patronstream.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** What a message or a page tells a person to type exists: commands, their options and values, settings. */
class AdviceTest {

    /** What stands in front says that the words after it are a command, not the program as such. */
    private static final Pattern COMMAND = Pattern.compile("(?:^|[`\"]|\\./|[:;(,] |to refuse: )patronstream "
            + "((?!tries |does )(?:[a-z][a-z-]*)(?: +[^`\"; ]+)*)( ?)");

    /** Ends a command line on a page: what becomes of its output, or a comment. */
    private static final Pattern END = Pattern.compile("[>#].*");

    private static final Pattern PROSE = Pattern.compile("\\(.*|[a-z]+[.,:)]*");
    private static final Set<String> NAMES = Set.of("connector", "destiny", "follett");

    /** Stands for a value that a message puts in; every option and argument takes it. */
    private static final String VALUE = "connector";

    private static final Pattern OPTION = Pattern.compile("(?<=[ (`]|^)--[a-z][a-z-]*");
    private static final Pattern KEY =
            Pattern.compile("(?<![\\w/.$<{@-])[a-z][a-z-]*(?:\\.[A-Za-z<][\\w<>-]*)+(?![\\w(])");

    /** A message names a setting by its end where the section is put in before it. */
    private static final Pattern END_OF_KEY =
            Pattern.compile("(?:^| |" + SaidTexts.VALUE + ")(\\.[a-z][a-z-]+)(?=[ ,;:]|$)");

    @Test
    void everyCommandInAMessageCanBeTyped() {
        requireCommands(SaidTexts.literals());
    }

    @Test
    void everyCommandOnAPageCanBeTyped() {
        requireCommands(SaidTexts.marked());
    }

    private static void requireCommands(List<Said> texts) {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Said said : texts) {
            String text = said.text().replace(SaidTexts.VALUE, VALUE);
            for (Matcher advice = COMMAND.matcher(text); advice.find(); seen++) {
                boolean goesOn = !advice.group(2).isEmpty() && advice.end() == text.length();
                fault(advice.group(1), goesOn)
                        .ifPresent(fault -> wrong.add(said.place() + ": " + advice.group() + ": " + fault));
            }
        }
        assertTrue(seen > 60, "only " + seen + " were found");
        assertEquals(List.of(), wrong);
    }

    /**
     * Why a command line is refused. One without an argument is a mention of the command.
     *
     * @param goesOn whether a message puts in a value after it
     */
    private static Optional<String> fault(String typed, boolean goesOn) {
        CommandLine all = new CapturedTerminal(Map.of()).line();
        CommandLine command = all;
        List<String> words =
                new ArrayList<>(Arrays.asList(END.matcher(typed).replaceAll("").split(" +")));
        List<String> arguments = new ArrayList<>();
        while (!words.isEmpty() && command.getSubcommands().containsKey(words.get(0))) {
            arguments.add(words.remove(0));
            command = command.getSubcommands().get(arguments.get(arguments.size() - 1));
        }
        int named = arguments.size();
        boolean valueFollows = false;
        for (String word : words) {
            OptionSpec option = command.getCommandSpec().findOption(word);
            if (!valueFollows && PROSE.matcher(word).matches() && !NAMES.contains(word)) {
                goesOn &= false;
                break;
            }
            arguments.add(word.equals("N") ? "7" : word.replaceFirst("[.,:)]+$", ""));
            valueFollows = option != null && option.arity().max() > 0;
        }
        if (goesOn) {
            arguments.add(VALUE);
        }
        if (named > 0 && arguments.size() == named) {
            return Optional.empty();
        }
        try {
            all.parseArgs(arguments.toArray(String[]::new));
            return Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(arguments + " " + e.getMessage());
        }
    }

    @Test
    void everyOptionInAMessageExists() {
        Set<String> known = options(new CapturedTerminal(Map.of()).line());
        List<String> wrong = SaidTexts.literals().stream()
                .filter(said -> isSentence(said) && !isOfAnotherTool(said))
                .flatMap(said -> found(OPTION, said.text()).stream()
                        .filter(option -> !known.contains(option))
                        .map(option -> said.place() + ": " + option + ": " + said.text()))
                .toList();
        assertEquals(List.of(), wrong);
    }

    private static Set<String> options(CommandLine command) {
        Set<String> names = command.getCommandSpec().options().stream()
                .flatMap(option -> Arrays.stream(option.names()))
                .collect(Collectors.toSet());
        command.getSubcommands().values().forEach(sub -> names.addAll(options(sub)));
        return names;
    }

    @Test
    void everySettingInAMessageExists() {
        requireSettings(
                SaidTexts.literals().stream().filter(AdviceTest::isSentence).toList(), true);
    }

    @Test
    void everySettingOnAPageExists() {
        requireSettings(SaidTexts.marked(), false);
    }

    private static void requireSettings(List<Said> texts, boolean alsoByTheirEnds) {
        List<String> settings = found(Pattern.compile("(?m)^\\| `[^`]+`"), SaidTexts.page("configuration.md")).stream()
                .map(row -> row.replaceAll("[|` ]", ""))
                .toList();
        Set<String> sections =
                settings.stream().map(path -> path.replaceFirst("\\..*", "")).collect(Collectors.toSet());
        Topics topics = new Topics("x");
        Set<String> names = List.of(topics.offsets(), topics.holds(), topics.schemaHistory()).stream()
                .map(topic -> topic.substring(2))
                .collect(Collectors.toSet());
        Predicate<String> meant = key -> sections.contains(key.replaceFirst("\\..*", ""))
                && !names.contains(key)
                && !key.matches(".*(\\.json|Test(\\..*)?)");
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Said said : texts) {
            for (String key : found(KEY, said.text()).stream().filter(meant).toList()) {
                seen++;
                if (settings.stream().noneMatch(path -> key.matches(path.replaceAll("<[a-z]+>", "[^.]+")))) {
                    wrong.add(said.place() + ": " + key);
                }
            }
            for (Matcher end = END_OF_KEY.matcher(alsoByTheirEnds ? said.text() : ""); end.find(); seen++) {
                if (settings.stream().noneMatch(path -> path.endsWith(end.group(1)))) {
                    wrong.add(said.place() + ": " + end.group(1) + ": " + said.text());
                }
            }
        }
        assertTrue(seen > 60, "only " + seen + " were found");
        assertEquals(List.of(), wrong);
    }

    private static boolean isSentence(Said said) {
        return said.text().strip().contains(" ");
    }

    private static boolean isOfAnotherTool(Said said) {
        return said.text().contains("docker compose") || said.place().endsWith("ClusterScript.java");
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).toList();
    }
}
