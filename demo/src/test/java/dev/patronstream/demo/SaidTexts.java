package dev.patronstream.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the program and its pages say to people, as the tests of words read it. */
final class SaidTexts {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final List<String> MODULES =
            List.of("schemas", "connector", "streams-app", "snapshotter", "embedded", "cli", "sandbox", "demo");

    /** Stands in a message where a value is put in. */
    static final String VALUE = "\uE000";

    /** A literal that goes on in the next line is one text. */
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

    private static final Pattern JOINT_WITH_VALUE =
            Pattern.compile("\"\\s*\\+\\s*[\\w.]+(?:\\([\\w.]*\\))*\\s*\\+\\s*\"");

    private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.)*\"");
    private static final Pattern MARKED =
            Pattern.compile("``.+?``|`[^`\\n]+`|(?m)^> .*$|(?m)^(?:\\./)?patronstream .*$");

    private SaidTexts() {}

    /**
     * A text.
     *
     * @param place the file it stands in
     * @param text the text, without its quotes
     */
    record Said(Path place, String text) {}

    /** Returns the string literals of main code; one that goes on after a simple value is one text. */
    static List<Said> literals() {
        List<Said> texts = new ArrayList<>();
        for (String module : MODULES) {
            for (Path file : files(ROOT.resolve(module).resolve("src/main/java"), ".java")) {
                String joint = JOINT.matcher(read(file)).replaceAll("");
                String code = JOINT_WITH_VALUE.matcher(joint).replaceAll(VALUE);
                LITERAL.matcher(code).results().forEach(literal -> {
                    String inside = code.substring(literal.start() + 1, literal.end() - 1);
                    texts.add(new Said(ROOT.relativize(file), inside.replace("\\\"", "\"")));
                });
            }
        }
        return texts;
    }

    /** Returns what the pages set in code or quote. */
    static List<Said> marked() {
        List<Path> pages = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
        pages.add(ROOT.resolve("README.md"));
        return pages.stream()
                .flatMap(page -> MARKED.matcher(read(page))
                        .results()
                        .map(mark -> mark.group().replaceFirst("^(`+|> )(.*?)`*$", "$2"))
                        .map(text -> new Said(ROOT.relativize(page), text)))
                .toList();
    }

    /** Returns the text of a page. */
    static String page(String name) {
        return read(ROOT.resolve("docs").resolve(name));
    }

    private static List<Path> files(Path folder, String ending) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
