package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Every option of every command with a value that it cannot have: wrong usage, by name, before anything is connected to;
 * the Kafka of the configuration does not run, and asking it would end with another exit code.
 */
class WrongOptionsTest {

    private static final Set<Class<?>> WHOLE = Set.of(int.class, long.class, Integer.class, Long.class);

    /** Texts that are chosen from a list, or have a form. */
    private static final Set<String> OF_A_FORM = Set.of("--until", "--only", "--client");

    /** What these name is made where it is missing. */
    private static final Set<String> MADE = Set.of("--output", "--details", "--dir", "FILE");

    /** What the other arguments are given, so that nothing else is wrong. */
    private static final Map<String, String> GOOD =
            Map.of("FEED", "destiny", "connector", "connector", "--until", "2099-01-01", "--database", "DST27000EAGLE");

    @TempDir
    Path folder;

    private Path file;
    private Path configuration;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("a-file"), "");
        configuration = Files.writeString(
                folder.resolve("patronstream.yaml"), """
                district: eagle
                sqlserver: {host: 127.0.0.1, port: 1, database: DST26000EAGLE, user: patronstream, password: "${env:SECRET}"}
                kafka: {bootstrap-servers: "127.0.0.1:1"}
                registry: {url: "http://127.0.0.1:1"}
                feeds:
                  destiny:
                    schools: [10]
                    sites: {10: EAGLEHS}
                    destination: {folder: {path: %s}}
                """.formatted(Files.createDirectory(folder.resolve("vendor"))));
    }

    /** A command line that must be refused, and the argument and the value, one of which the refusal must name. */
    private record Wrong(List<String> arguments, String named, String value) {}

    private Stream<Wrong> wrongs(List<String> words, CommandLine command) {
        return Stream.concat(
                command.getCommandSpec().args().stream().flatMap(argument -> values(argument)
                        .map(value -> new Wrong(arguments(words, command, argument, value), name(argument), value))),
                command.getSubcommands().entrySet().stream()
                        .flatMap(below -> wrongs(
                                Stream.concat(words.stream(), Stream.of(below.getKey()))
                                        .toList(),
                                below.getValue())));
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private Stream<String> values(ArgSpec argument) {
        Class<?> type = argument.type();
        if (WHOLE.contains(type)) {
            // A seed may be any whole number.
            return Stream.of("x", "-1", "1.5", "99999999999999999999")
                    .filter(value -> !value.equals("-1") || !name(argument).equals("--seed"));
        }
        if (type == double.class) {
            return Stream.of("x", "-1");
        }
        if (type == Duration.class) {
            return Stream.of("x", "-5s", "9999999h");
        }
        if (type == Path.class) {
            Path kind = argument.paramLabel().equals("DIR") ? file : folder;
            return MADE.contains(name(argument))
                    ? Stream.of(kind.toString())
                    : Stream.of(kind.toString(), folder.resolve("missing").toString());
        }
        return OF_A_FORM.contains(name(argument)) ? Stream.of("x") : Stream.of();
    }

    private List<String> arguments(List<String> words, CommandLine command, ArgSpec wrong, String value) {
        List<String> arguments = new ArrayList<>(words);
        for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
            if (parameter.equals(wrong)) {
                arguments.add(value);
            } else if (parameter.arity().min() > 0) {
                arguments.add(GOOD.getOrDefault(parameter.paramLabel(), "1"));
            }
        }
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (option.equals(wrong)) {
                arguments.add(option.longestName() + "=" + value);
            } else if (option.longestName().equals("--config")) {
                arguments.add("--config=" + configuration);
            } else if (option.type() == Path.class && option.required()) {
                arguments.add(option.longestName() + "=" + file);
            } else if (GOOD.containsKey(option.longestName())) {
                arguments.add(option.longestName() + "=" + GOOD.get(option.longestName()));
            } else if (option.required() && option.group() == null) {
                arguments.add(option.longestName() + (option.type() == boolean.class ? "" : "=1"));
            }
        }
        return arguments;
    }

    @Test
    void everyOneIsWrongUsageAndNamed() {
        List<Wrong> all =
                wrongs(List.of(), new CapturedTerminal(Map.of()).line()).toList();
        assertTrue(all.size() > 60, "wrong values: " + all.size());
        Set<String> taken = new TreeSet<>();
        for (Wrong wrong : all) {
            CapturedTerminal terminal = new CapturedTerminal(Map.of("SECRET", "s", "HOME", folder.toString()));
            int exit = terminal.run(wrong.arguments().toArray(String[]::new));
            String said = terminal.error();
            if (exit != 2 || !(said.contains(wrong.named()) || said.contains(wrong.value()))) {
                taken.add(exit + " " + wrong.arguments() + ": " + said + terminal.out());
            }
        }
        assertEquals(Set.of(), taken);
    }
}
