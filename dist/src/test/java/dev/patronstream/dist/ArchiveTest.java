package dev.patronstream.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

    private static final String NAME = System.getProperty("patronstream.archive");
    private static final Path TAR = Path.of("target", NAME + ".tar.gz").toAbsolutePath();
    private static final Path ZIP = Path.of("target", NAME + ".zip").toAbsolutePath();

    /** What the launcher starts beside Java; neither Maven nor git is among it. */
    private static final List<String> TOOLS =
            List.of("dirname", "readlink", "ls", "sed", "cat", "chmod", "mkdir", "mv");

    /** Native libraries that are there for every platform, and in which folder or under which name. */
    private static final Map<String, List<String>> NATIVES = Map.of(
            "linux-x86_64", List.of("-linux64.so", "linux/amd64/", "/Linux/x86_64/", "/linux/amd64/"),
            "linux-aarch64", List.of("-linux-aarch64.so", "linux/aarch64/", "/Linux/aarch64/", "/linux/aarch64/"),
            "macos-x86_64", List.of("-osx-x86_64.jnilib", "darwin/x86_64/", "/Mac/x86_64/", "/darwin/x86_64/"),
            "macos-aarch64", List.of("-osx-arm64.jnilib", "darwin/aarch64/", "/Mac/aarch64/", "/darwin/aarch64/"),
            "windows-x86_64", List.of("-win64.dll", "win/amd64/", "/Windows/x86_64/", "/windows/amd64/"));

    private static final List<String> WITH_NATIVES = List.of("rocksdbjni", "zstd-jni", "snappy-java", "lz4-java");

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

    /** One native library per jar and platform: of all platforms, or of the one that the download names. */
    @Test
    void theNativeLibrariesOfItsPlatformsAreInItAndNoOthers() throws Exception {
        List<String> platforms =
                NATIVES.keySet().stream().filter(NAME::endsWith).toList();
        for (int i = 0; i < WITH_NATIVES.size(); i++) {
            int which = i;
            Set<String> expected = (platforms.isEmpty() ? NATIVES.keySet() : platforms)
                    .stream().map(platform -> NATIVES.get(platform).get(which)).collect(Collectors.toSet());
            List<String> natives = natives(WITH_NATIVES.get(i));
            assertEquals(expected.size(), natives.size(), natives::toString);
            for (String place : expected) {
                assertEquals(
                        1, natives.stream().filter(name -> name.contains(place)).count(), place + ": " + natives);
            }
        }
    }

    private static List<String> natives(String library) throws IOException {
        String jar = names(home.resolve("lib")).stream()
                .filter(name -> withoutVersion(name).equals(library))
                .findFirst()
                .orElseThrow();
        try (JarFile file = new JarFile(home.resolve("lib").resolve(jar).toFile())) {
            return file.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.matches(".*\\.(so|dll|jnilib|dylib|a)"))
                    .toList();
        }
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
        assumeFalse(
                System.getProperty("built").equals("offline: true"),
                "Built offline, where Maven leaves the bill of materials out");
        String bom = Files.readString(home.resolve("bom.json"));
        for (String jar : names(home.resolve("lib"))) {
            String name = jar.equals("patronstream.jar") ? "cli" : withoutVersion(jar);
            assertTrue(bom.contains("/" + name + "@"), jar);
        }
    }

    /** In its jar, or in LICENSES.txt; the Apache License, of which there are many, is in LICENSE. */
    @Test
    void theLicenseOfEveryLibraryIsInIt() throws Exception {
        List<String> named = Files.readAllLines(home.resolve("THIRD-PARTY.txt"));
        String texts = Files.readString(home.resolve("LICENSES.txt"));
        for (String folder : List.of("lib", "demo")) {
            for (String jar : names(home.resolve(folder))) {
                String name = withoutVersion(jar);
                String line = named.stream()
                        .filter(each -> each.contains(":" + name + ":"))
                        .findFirst()
                        .orElse("Apache: our own");
                try (JarFile file =
                        new JarFile(home.resolve(folder).resolve(jar).toFile())) {
                    boolean inside = file.stream()
                            .anyMatch(entry -> entry.getName().matches("(?i)(.*/)?(license|copying)[^/]*"));
                    assertTrue(inside || line.contains("Apache") || texts.contains(name), line);
                }
            }
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
                    .filter(line -> !line.startsWith("d"))
                    .map(line -> line.substring(line.indexOf(NAME)).replaceFirst(" -> .*", ""))
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
            if (line.startsWith("l")) {
                continue; // The notices of Java's modules, which have no mode of their own.
            }
            boolean executable =
                    line.startsWith("d") || part[5].contains("/bin/") || part[5].endsWith("/lib/jspawnhelper");
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
        // What a download for one platform brings is all it needs.
        if (!Files.exists(installation.resolve("runtime"))) {
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        }
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
