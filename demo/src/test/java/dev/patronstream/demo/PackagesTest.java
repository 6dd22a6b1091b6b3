package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How large a package and a file may be, so that a newcomer sees the way of a row in the list of folders. */
class PackagesTest {

    private static final int FILES = 20;
    private static final int ROOT_FILES = 8;
    private static final int LINES = 400;

    private static final List<String> STAGES = List.of("schemas", "connector", "streams-app", "snapshotter", "cli");

    @Test
    void noPackageHasMoreThanTwentyFilesAndTheRootOfAStageNoMoreThanEight() {
        TreeMap<Path, Long> files =
                sources().stream().collect(Collectors.groupingBy(Path::getParent, TreeMap::new, Collectors.counting()));
        assertEquals(
                List.of(),
                files.entrySet().stream()
                        .filter(folder -> folder.getValue() > (isRootOfStage(folder.getKey()) ? ROOT_FILES : FILES))
                        .toList());
    }

    @Test
    void noFileHasMoreThanFourHundredLines() {
        assertEquals(
                List.of(),
                sources().stream().filter(file -> lines(file) > LINES).toList());
    }

    /** The folder dev/patronstream/NAME of a stage. */
    private static boolean isRootOfStage(Path folder) {
        Path java = folder.getParent().getParent().getParent();
        return java.endsWith("src/main/java") && STAGES.contains(java.getName(1).toString());
    }

    private static List<Path> sources() {
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            List<Path> roots = modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList();
            List<Path> found = roots.stream().flatMap(PackagesTest::in).toList();
            assertEquals(10, roots.size(), "modules with sources");
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> in(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
