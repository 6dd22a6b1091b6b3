package dev.patronstream.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The download, unpacked into an empty folder: what is in it, and that it runs with nothing but Java. */
class ArchiveTest {

    private static final String NAME = "patronstream-" + System.getProperty("patronstream.version");
    private static final Path TAR = Path.of("target", NAME + ".tar.gz").toAbsolutePath();
    private static final Path ZIP = Path.of("target", NAME + ".zip").toAbsolutePath();

    /** What the launcher starts beside Java; neither Maven nor git is among it. */
    private static final List<String> TOOLS =
            List.of("dirname", "readlink", "ls", "sed", "cat", "chmod", "mkdir", "mv");

    private static final Set<String> OF_THE_DEMO =
            Set.of("patronstream-demo", "sandbox", "sqlserver-standin", "h2", "sshd-sftp", "sshd-core", "sshd-common");

    @TempDir
    private static Path folder;

    private static Path home;
    private static Path tools;
    private static List<String> listing;

    @BeforeAll
    static void unpack() throws Exception {
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        Ended.of(new ProcessBuilder("tar", "-xzf", TAR.toString()).directory(unpacked.toFile()));
        assertEquals(Set.of(NAME), names(unpacked));
        ProcessBuilder list = new ProcessBuilder("tar", "-tvzf", TAR.toString(), "--numeric-owner");
        list.environment().put("TZ", "UTC");
        listing = Ended.of(list).out().lines().toList();
        home = unpacked.resolve(NAME);
        tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : TOOLS) {
            Path found = Stream.of("/usr/bin", "/bin")
                    .map(place -> Path.of(place, tool))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
            Files.createSymbolicLink(tools.resolve(tool), found);
        }
    }

    @Test
    void itRunsFromAnEmptyFolderWithNeitherMavenNorGit(@TempDir Path empty) throws Exception {
        Ended version = patronstream(empty, "--version");
        assertEquals(0, version.exit(), version.error());
        assertTrue(
                version.out().startsWith("patronstream " + System.getProperty("patronstream.version")), version.out());
        assertEquals("", version.error());

        Ended help = patronstream(empty, "--help");
        assertEquals(0, help.exit(), help.error());
        assertTrue(help.out().contains("deliveries") && help.out().contains("demo"), help.out());
        // As it was typed; the help is broken into lines of 80 characters.
        String example = "Example:" + home.resolve("bin/patronstream") + "demo";
        assertTrue(help.out().replaceAll("\\s", "").contains(example), help.out());

        Ended demo = patronstream(empty, "demo", "--help");
        assertEquals(0, demo.exit(), demo.error());
        assertTrue(demo.out().contains("--students"), demo.out());
        assertEquals(Set.of(), names(empty));
    }

    /** Not with the folder itself: the other tests need it. */
    @Test
    void theFolderDemoCanBeDeleted(@TempDir Path empty) throws Exception {
        Path without = Files.createDirectory(empty.resolve("without"));
        Files.createDirectory(without.resolve("bin"));
        Files.copy(home.resolve("bin/patronstream"), without.resolve("bin/patronstream"));
        Files.createSymbolicLink(without.resolve("lib"), home.resolve("lib"));
        Ended help = Ended.of(launch(empty, without, "--help"));
        assertEquals(0, help.exit(), help.error());
        assertTrue(help.out().contains("deliveries"), help.out());
        assertFalse(help.out().contains("sandbox"), help.out());
    }

    @Test
    void libHoldsWhatTheCommandNamesAndNothingElse() throws Exception {
        Set<String> jars = names(home.resolve("lib"));
        Set<String> named = new TreeSet<>(classPath(home.resolve("lib/patronstream.jar")));
        named.add("patronstream.jar");
        assertEquals(named, jars);
    }

    @Test
    void theStandInAndTheDistrictAreInTheFolderDemoAlone() throws Exception {
        Set<String> demo = names(home.resolve("demo"));
        assertEquals(
                new TreeSet<>(OF_THE_DEMO),
                demo.stream().map(ArchiveTest::withoutVersion).collect(Collectors.toCollection(TreeSet::new)));
        Set<String> both = new TreeSet<>(demo);
        both.addAll(names(home.resolve("lib")));
        List<String> missing = classPath(home.resolve("demo/patronstream-demo.jar")).stream()
                .filter(jar -> !both.contains(jar) && !jar.startsWith("cli-"))
                .toList();
        assertEquals(List.of(), missing);
        for (String jar : names(home.resolve("lib"))) {
            String name = withoutVersion(jar);
            assertFalse(OF_THE_DEMO.contains(name) || name.startsWith("mina-") || name.startsWith("junit"), jar);
        }
    }

    @Test
    void whatBelongsToADownloadIsInIt() {
        for (String file : List.of(
                "LICENSE",
                "NOTICE",
                "THIRD-PARTY.txt",
                "bom.json",
                "README.md",
                "CHANGELOG.md",
                "bin/patronstream.cmd",
                "conf/patronstream.yaml",
                "conf/layouts/koha.yaml",
                "deploy/patronstream@.service",
                "docs/deployment.md")) {
            assertTrue(Files.isRegularFile(home.resolve(file)), file);
        }
    }

    @Test
    void everyLibraryIsInTheBillOfMaterials() throws Exception {
        String bom = Files.readString(home.resolve("bom.json"));
        for (String jar : names(home.resolve("lib"))) {
            String name = jar.equals("patronstream.jar") ? "cli" : withoutVersion(jar);
            assertTrue(bom.contains("/" + name + "@"), jar);
        }
    }

    @Test
    void bothArchivesHoldTheSameFiles() throws Exception {
        try (ZipFile zip = new ZipFile(ZIP.toFile())) {
            Set<String> zipped = zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> unpacked = listing.stream()
                    .filter(line -> line.startsWith("-"))
                    .map(line -> line.substring(line.indexOf(NAME)))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(unpacked, zipped);
        }
    }

    /** Whoever built it, and under whichever umask. */
    @Test
    void ownersModesAndTimesAreFixed() throws Exception {
        assertTrue(listing.size() > 100, "listing: " + listing);
        for (String line : listing) {
            String[] part = line.split(" +", 6);
            boolean executable = line.startsWith("d") || part[5].contains("/bin/");
            assertEquals(executable ? "rwxr-xr-x" : "rw-r--r--", part[0].substring(1), line);
            assertEquals("0/0", part[1], line);
            assertEquals("2026-11-24", part[3], line);
        }
    }

    @Test
    void windowsGetsItsLineEnds() throws IOException {
        String command = Files.readString(home.resolve("bin/patronstream.cmd"));
        assertEquals(command.lines().count(), command.split("\r\n", -1).length - 1);
        assertFalse(Files.readString(home.resolve("bin/patronstream")).contains("\r"));
    }

    @Test
    void theServiceStartsTheLauncherAndIsNotRestartedWhereThatCannotHelp() throws IOException {
        List<String> unit = Files.readAllLines(home.resolve("deploy/patronstream@.service"));
        assertTrue(
                unit.contains("ExecStart=/opt/patronstream/bin/patronstream run --config /etc/patronstream/%i.yaml"));
        // As docs/deployment.md says of the exit codes of run.
        assertTrue(unit.contains("RestartPreventExitStatus=2 4"));
        assertTrue(unit.contains("UMask=0077"));
    }

    private static Ended patronstream(Path directory, String... arguments) throws Exception {
        return Ended.of(launch(directory, home, arguments));
    }

    private static ProcessBuilder launch(Path directory, Path installation, String... arguments) {
        List<String> command = Stream.concat(
                        Stream.of(installation.resolve("bin/patronstream").toString()), Arrays.stream(arguments))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    private static List<String> classPath(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return Arrays.asList(file.getManifest()
                    .getMainAttributes()
                    .getValue(Attributes.Name.CLASS_PATH)
                    .split(" "));
        }
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String withoutVersion(String jar) {
        return jar.replaceFirst("(-\\d.*)?\\.jar$", "");
    }
}
