package dev.patronstream.benchmarks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The deliberate breaks of the code, {@code benchmarks/breaks}, fit the code as it is: each still applies, names tests
 * that exist and stands in {@code docs/promises.md}. That they make their tests fail is shown by
 * {@code benchmarks/breaks/try}.
 */
final class BreaksTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    static List<Path> breaks() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("benchmarks/breaks"))) {
            return files.filter(file -> file.toString().endsWith(".patch"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void fitsTheCode(Path patch) throws IOException {
        String target = "";
        List<String> hunk = new ArrayList<>();
        for (String line : Files.readAllLines(patch)) {
            if (line.startsWith("--- a/")) {
                target = line.substring("--- a/".length());
            } else if (line.startsWith("@@ ")) {
                requireFits(patch, target, hunk);
            } else if (!target.isEmpty() && !line.startsWith("+") && !line.isEmpty()) {
                hunk.add(line.substring(1));
            }
        }
        assertTrue(!hunk.isEmpty(), patch + " changes nothing");
        requireFits(patch, target, hunk);
    }

    private static void requireFits(Path patch, String target, List<String> hunk) throws IOException {
        String before = String.join("\n", hunk);
        assertTrue(
                Files.readString(ROOT.resolve(target)).contains(before),
                () -> patch + " does not fit " + target + " any more, which lacks:\n" + before);
        hunk.clear();
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void namesTestsThatExist(Path patch) throws IOException {
        String named = Files.readAllLines(patch).stream()
                .filter(line -> line.startsWith("Test: "))
                .findFirst()
                .orElseThrow();
        String[] moduleAndTests = named.substring("Test: ".length()).split(" ", 2);
        for (String test : moduleAndTests[1].split(",")) {
            String[] classAndMethod = test.split("#", 2);
            String source = Files.readString(source(moduleAndTests[0], classAndMethod[0]));
            if (classAndMethod.length > 1) {
                String method = " void " + classAndMethod[1].replaceAll("\\*$", "");
                assertTrue(source.contains(method), () -> patch + " names " + test + ", which is not there");
            }
        }
    }

    private static Path source(String module, String testClass) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
            return files.filter(file -> file.endsWith(testClass + ".java"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("Module " + module + " has no test " + testClass));
        }
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void standsInThePromises(Path patch) throws IOException {
        String name = patch.getFileName().toString().replace(".patch", "");
        assertTrue(
                Files.readString(ROOT.resolve("docs/promises.md")).contains("`" + name + "`"),
                () -> "docs/promises.md does not name the break " + name);
    }
}
