package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Every command that a message or a page tells a person to run exists, with the options that it names. */
class AdviceTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    /** A literal that goes on in the next line is one text. */
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

    private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.)*\"");
    private static final Pattern MARKED = Pattern.compile("`[^`\\n]+`|(?m)^(?:\\./)?patronstream .*$");

    /** What stands in front says that the words after it are a command, not the program as such. */
    private static final Pattern COMMAND = Pattern.compile(
            "(?:^|[`\"]|\\./|[:;(,] |to refuse: )patronstream ((?!tries )(?:[a-z][a-z-]*)(?: +[^`\"; ]+)*)");

    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

    @Test
    void everyCommandInAMessageExistsWithItsOptions() throws IOException {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (String module :
                List.of("schemas", "connector", "streams-app", "snapshotter", "embedded", "cli", "sandbox", "demo")) {
            for (Path file : files(ROOT.resolve(module).resolve("src/main/java"), ".java")) {
                String text = JOINT.matcher(Files.readString(file)).replaceAll("");
                for (String literal : found(LITERAL, text)) {
                    seen += judge(file, literal, wrong);
                }
            }
        }
        assertTrue(seen > 60, "only " + seen + " were found");
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyCommandOnAPageExistsWithItsOptions() throws IOException {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        List<Path> pages = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
        pages.add(ROOT.resolve("README.md"));
        for (Path page : pages) {
            for (String marked : found(MARKED, Files.readString(page))) {
                seen += judge(page, marked, wrong);
            }
        }
        assertTrue(seen > 60, "only " + seen + " were found");
        assertEquals(List.of(), wrong);
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group()).toList();
    }

    private static int judge(Path file, String text, List<String> wrong) {
        int seen = 0;
        for (Matcher advice = COMMAND.matcher(text); advice.find(); seen++) {
            CommandLine command = new CapturedTerminal(Map.of()).line();
            String[] words = advice.group(1).split(" +");
            int named = 0;
            while (named < words.length && command.getSubcommands().containsKey(words[named])) {
                command = command.getSubcommands().get(words[named++]);
            }
            if (named == 0) {
                wrong.add(ROOT.relativize(file) + ": no command: " + advice.group());
                continue;
            }
            for (String option : found(OPTION, advice.group(1))) {
                if (command.getCommandSpec().findOption(option) == null) {
                    wrong.add(ROOT.relativize(file) + ": no option " + option + ": " + advice.group());
                }
            }
        }
        return seen;
    }
}
