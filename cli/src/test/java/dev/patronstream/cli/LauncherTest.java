package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.run.ErrorWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of a clone and of a download, with a Java and a Maven that only tell what they were asked for. */
class LauncherTest {

    @TempDir
    Path folder;

    private Path launcher;
    private Path stamp;

    private record Ended(int exit, String out, String error) {}

    @BeforeEach
    void copyTheLauncher() throws IOException {
        Path home = Files.createDirectories(folder.resolve("a home"));
        launcher = home.resolve("patronstream");
        Files.copy(Path.of("..", "patronstream"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(home.resolve("cli/src/main"));
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.writeString(home.resolve("cli/pom.xml"), "<project/>");
        stamp = home.resolve("dist/target/patronstream/built");
        Files.createDirectories(home.resolve("dist/target/patronstream/lib"));
        Files.createFile(stamp);
        Files.setLastModifiedTime(stamp, FileTime.from(Instant.now().plusSeconds(60)));
        script("jdk/bin/java", """
                #!/bin/sh
                if [ "$1" = -XshowSettings:properties ]; then
                    echo "    java.specification.version = ${FAKE_JAVA_VERSION:-17}" >&2
                    exit 0
                fi
                while [ "$1" != -cp ]; do printf '%s ' "$1" >>"$0.options"; shift; done
                # Two jars, which name the others, and what people put into lib/more; nothing else of the folders.
                case "$2" in
                    */dist/target/patronstream/lib/patronstream.jar:*/dist/target/patronstream/demo/patronstream-demo.jar:*/lib/more/\\*) ;;
                    */download/lib/patronstream.jar:*/download/demo/patronstream-demo.jar:*/lib/more/\\*) ;;
                    *) echo "started $2" >&2; exit 70 ;;
                esac
                shift 3
                [ "$1" = umask ] && { umask; exit 0; }
                for argument in "$@"; do printf '<%s>\\n' "$argument"; done
                [ "$1" = wait ] && { trap 'echo terminated; exit 143' TERM; echo waiting; while :; do sleep 0.1; done; }
                exit "${FAKE_EXIT:-0}"
                """);
        script("bin/mvn", """
                #!/bin/sh
                echo "maven was asked: $*"
                [ -n "${FAKE_SAVES:-}" ] && { sleep 1; touch "$FAKE_SAVES"; }
                [ -n "${FAKE_BUILD_FAILS:-}" ] && { echo '[ERROR] does not compile'; exit 1; }
                mkdir -p dist/target/patronstream/lib
                exit 0
                """);
    }

    @Test
    void argumentsPassThroughUntouchedFromAnyDirectory() throws Exception {
        Ended ended = launch(List.of("tail", "a b", "", "*", "--x='y'"));
        assertEquals("<tail>\n<a b>\n<>\n<*>\n<--x='y'>\n", ended.out());
        assertEquals(0, ended.exit());
    }

    @Test
    void whatItWritesIsForItsOwnerOnly() throws Exception {
        assertEquals("0077\n", launch(List.of("umask")).out());
    }

    @Test
    void itIsFoundThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), launcher);
        launcher = link;
        assertEquals("<status>\n", launch(List.of("status")).out());
    }

    @Test
    void inADownloadItStartsWhatLiesBesideItAndBuildsNothing() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("download/bin"));
        launcher = Files.move(launcher, bin.resolve("patronstream"));
        Ended ended = launch(List.of("status", "a b"));
        assertEquals("<status>\n<a b>\n", ended.out());
        assertEquals("", ended.error());
    }

    @Test
    void theHeapIsBoundedUnlessAShareOfTheMemoryIsAskedFor() throws Exception {
        launch(List.of("status"));
        Path options = folder.resolve("jdk/bin/java.options");
        assertTrue(Files.readString(options).contains("-Xmx1g"));
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "PATRONSTREAM_JAVA_OPTS")) {
            for (String heap : List.of("-XX:MaxRAMPercentage=70", "-Xmx4g")) {
                Files.delete(options);
                launch(List.of("status"), variable + "=" + heap);
                assertFalse(Files.readString(options).contains("-Xmx1g"), variable + " " + heap);
            }
        }
        Files.delete(options);
        launch(List.of("status"), "JAVA_TOOL_OPTIONS=-XX:+UseG1GC");
        assertFalse(Files.readString(options).contains("-XX:+UseSerialGC"));
    }

    @Test
    void theExitCodeIsTheCommandsOwn() throws Exception {
        assertEquals(3, launch(List.of("snapshot"), "FAKE_EXIT=3").exit());
    }

    @Test
    void aSignalReachesTheCommand() throws Exception {
        Process process = process(List.of("wait")).start();
        StringBuilder out = new StringBuilder();
        while (out.indexOf("waiting") < 0) {
            int next = process.getInputStream().read();
            assertTrue(next >= 0, "ended after: " + out);
            out.append((char) next);
        }
        // By its handle: Process.destroy would close the pipe that is still read.
        process.toHandle().destroy();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(143, process.exitValue());
        assertTrue(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains("terminated"));
    }

    @Test
    void itBuildsOnlyWhenSourcesAreNewer() throws Exception {
        assertEquals("", launch(List.of("status")).error());
        Path source = folder.resolve("a home/cli/src/main/New.java");
        Files.writeString(source, "class New {}");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(120)));
        Ended ended = launch(List.of("status"));
        assertTrue(ended.error().contains("building") && ended.error().contains("built."), ended.error());
        assertEquals("<status>\n", ended.out());
    }

    @Test
    void whatIsSavedWhileItBuildsIsBuiltTheNextTime() throws Exception {
        Files.delete(stamp);
        Path source = Files.writeString(folder.resolve("a home/cli/src/main/Late.java"), "class Late {}");
        assertTrue(launch(List.of("status"), "FAKE_SAVES=" + source).error().contains("built."));
        assertTrue(launch(List.of("status")).error().contains("built."));
        assertEquals("", launch(List.of("status")).error());
    }

    @Test
    void itBuildsWhenASourceIsGone() throws Exception {
        Path sources = folder.resolve("a home/cli/src/main");
        Files.setLastModifiedTime(sources, FileTime.from(Instant.now().plusSeconds(120)));
        assertTrue(launch(List.of("status")).error().contains("built."));
    }

    @Test
    void aLockWithoutAHolderIsReplaced() throws Exception {
        Files.delete(stamp);
        Files.createDirectories(folder.resolve("a home/target/build.lock"));
        Ended ended = launch(List.of("status"));
        assertTrue(ended.error().contains("waiting for another build"), ended.error());
        assertTrue(ended.error().contains("built."), ended.error());
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamedInsteadOfWaitedFor() throws Exception {
        Files.delete(stamp);
        Files.createDirectories(folder.resolve("a home/target"));
        // In the way as a folder without permission would be, also for root.
        Files.createFile(folder.resolve("a home/target/build.lock"));
        Ended ended = launch(List.of("status"));
        assertEquals(1, ended.exit());
        assertTrue(ended.error().contains("cannot be written"), ended.error());
    }

    @Test
    void itBuildsWhereThereIsNoBuild() throws Exception {
        Files.delete(stamp);
        assertTrue(launch(List.of("status")).error().contains("built."));
        assertTrue(Files.exists(stamp));
    }

    @Test
    void whatIsAdvisedForADamagedProgramBuildsItAgain() throws Exception {
        String advice = ErrorWords.of(new NoClassDefFoundError("dev/patronstream/Gone"));
        List<Path> folders = Pattern.compile("[a-z]+/target")
                .matcher(advice)
                .results()
                .map(folder -> launcher.resolveSibling(folder.group()))
                .toList();
        assertEquals(3, folders.size(), advice);
        assertTrue(advice.contains("run ./patronstream --version"), advice);
        for (Path damaged : folders) {
            Files.createDirectories(damaged);
            Files.move(damaged, Files.createTempDirectory(folder, "damaged").resolve("target"));
        }
        Ended ended = launch(List.of("--version"));
        assertTrue(ended.error().contains("built."), ended.error());
        assertEquals("<--version>\n", ended.out());
        assertTrue(Files.exists(stamp));
    }

    @Test
    void optionsThatAreAdvisedCountAfterItsOwn() throws Exception {
        for (Throwable failure :
                List.of(new OutOfMemoryError("Java heap space"), new UnsatisfiedLinkError("rocksdb"))) {
            String[] advised = ErrorWords.of(failure).split("PATRONSTREAM_JAVA_OPTS=", -1);
            assertEquals(
                    0,
                    launch(List.of("status"), "PATRONSTREAM_JAVA_OPTS=" + advised[1])
                            .exit());
            String options = Files.readString(folder.resolve("jdk/bin/java.options"));
            assertTrue(options.indexOf(advised[1]) > options.indexOf("-Xmx1g"), options);
        }
    }

    @Test
    void aBuildThatFailsSaysWhyAndStartsNothing() throws Exception {
        Files.delete(stamp);
        Ended ended = launch(List.of("status"), "FAKE_BUILD_FAILS=1");
        assertEquals(1, ended.exit());
        assertTrue(ended.error().contains("does not compile"), ended.error());
        assertTrue(ended.error().contains("build.log"), ended.error());
        assertEquals("", ended.out());
    }

    @Test
    void anOldJavaIsRefused() throws Exception {
        Ended ended = launch(List.of("status"), "FAKE_JAVA_VERSION=11");
        assertEquals(2, ended.exit());
        assertTrue(ended.error().contains("Java 11 is too old"), ended.error());
    }

    @Test
    void aWrongJavaHomeIsNamed() throws Exception {
        Ended ended = launch(List.of("status"), "JAVA_HOME=" + folder.resolve("nowhere"));
        assertEquals(2, ended.exit());
        assertTrue(ended.error().contains("JAVA_HOME is " + folder.resolve("nowhere")), ended.error());
    }

    private Ended launch(List<String> arguments, String... environment) throws IOException, InterruptedException {
        ProcessBuilder builder = process(arguments);
        for (String entry : environment) {
            String[] pair = entry.split("=", 2);
            builder.environment().put(pair[0], pair[1]);
        }
        Path error = Files.createTempFile(folder, "error", ".txt");
        Process process = builder.redirectError(error.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Ended(process.exitValue(), out, Files.readString(error));
    }

    private ProcessBuilder process(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().remove("PATRONSTREAM_JAVA_OPTS");
        builder.environment().compute("PATH", (name, path) -> folder.resolve("bin") + ":" + path);
        return builder;
    }

    private void script(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
