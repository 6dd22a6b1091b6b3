package dev.patronstream.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package, read and unpacked by Debian's own tool. */
class DebianPackageTest {

    private static final String VERSION = System.getProperty("patronstream.version");
    private static final String ARCHITECTURE = System.getProperty("patronstream.architecture");
    private static final String PACKAGE = Path.of("target", "patronstream_" + VERSION + "_" + ARCHITECTURE + ".deb")
            .toAbsolutePath()
            .toString();

    @TempDir
    private static Path root;

    @BeforeAll
    static void unpack() throws Exception {
        assumeTrue(isThere("dpkg-deb"), "There is no dpkg-deb on this machine, so the package is not read");
        assertEquals(0, run("dpkg-deb", "-x", PACKAGE, root.toString()).exit());
    }

    @Test
    void itInstallsTheProgramTheCommandAndTheServiceForRoot() throws Exception {
        List<String> listing = run("dpkg-deb", "-c", PACKAGE).out().lines().toList();
        assertTrue(listing.stream().allMatch(line -> line.contains(" root/root ")), "owners: " + listing);
        assertTrue(listing.stream()
                .anyMatch(line -> line.endsWith("./usr/bin/patronstream -> /opt/patronstream/bin/patronstream")));
        assertTrue(listing.stream().anyMatch(line -> line.endsWith(" ./usr/lib/systemd/system/patronstream@.service")));
        assertFalse(listing.stream().anyMatch(line -> line.contains("/opt/patronstream/cache")));
        assertFalse(listing.stream().anyMatch(line -> line.contains("./etc/") || line.contains("./var/")));
    }

    @Test
    void itSaysWhatItNeedsAndItsVersionSortsBeforeTheRelease() throws Exception {
        String control = run("dpkg-deb", "-f", PACKAGE).out();
        assertTrue(control.contains("Version: " + VERSION.replace("-SNAPSHOT", "~SNAPSHOT")), control);
        assertTrue(control.contains("Architecture: " + ARCHITECTURE), control);
        // The package for one architecture brings its own.
        assertEquals(ARCHITECTURE.equals("all"), control.contains("Depends: java17-runtime-headless"), control);
    }

    @Test
    void whatItInstallsRuns(@TempDir Path empty) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        root.resolve("opt/patronstream/bin/patronstream").toString(), "--version")
                .directory(empty.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Ended version = Ended.of(builder);
        assertEquals(0, version.exit(), version.error());
        assertTrue(version.out().startsWith("patronstream " + VERSION), version.out());
    }

    @Test
    void itsScriptsAreGoodShell(@TempDir Path control) throws Exception {
        assertEquals(0, run("dpkg-deb", "-e", PACKAGE, control.toString()).exit());
        for (String script : List.of("preinst", "postinst", "prerm", "postrm")) {
            Path file = control.resolve(script);
            assertTrue(Files.isExecutable(file), script);
            Ended checked = run("sh", "-n", file.toString());
            assertEquals(0, checked.exit(), script + ": " + checked.error());
        }
    }

    @Test
    void systemdTakesTheUnit(@TempDir Path folder) throws Exception {
        assumeTrue(
                isThere("systemd-analyze"),
                "There is no systemd-analyze on this machine, so the unit is not read by it");
        // The launcher is where the unit says only after an installation.
        Path unit = folder.resolve("patronstream@eagle.service");
        Files.writeString(
                unit,
                Files.readString(root.resolve("usr/lib/systemd/system/patronstream@.service"))
                        .replace(
                                "/opt/patronstream/bin",
                                root.resolve("opt/patronstream/bin").toString()));
        Ended verified = run("systemd-analyze", "verify", "--man=no", unit.toString());
        assertEquals(0, verified.exit(), verified.error());
    }

    private static Ended run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        return Ended.of(builder);
    }

    private static boolean isThere(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
