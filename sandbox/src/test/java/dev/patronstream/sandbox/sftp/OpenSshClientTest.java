package dev.patronstream.sandbox.sftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenSSH's own client, where the machine has it, works with the server. */
class OpenSshClientTest {

    @TempDir
    Path directory;

    @BeforeEach
    void needsOpenSsh() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/sftp")) && Files.isExecutable(Path.of("/usr/bin/ssh-keygen")),
                "OpenSSH's client is not installed here");
    }

    @Test
    void openSshUploadsAndRenamesOverTheOldFile() throws Exception {
        Path key = directory.resolve("id_ecdsa");
        run(List.of("/usr/bin/ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", key.toString()), "");
        SftpUser user = SftpUser.withKeys(
                "eagle", directory.resolve("eagle"), List.of(Files.readString(directory.resolve("id_ecdsa.pub"))));
        try (SftpServer server = SftpServer.start(SftpSettings.of(directory.resolve("host.key"), user))) {
            Files.writeString(directory.resolve("eagle/patrons.csv"), "old");
            Files.writeString(directory.resolve("new.csv"), "new");
            Result result = sftp(
                    server,
                    key,
                    "put " + directory.resolve("new.csv") + " .patrons.csv.tmp\n"
                            + "rename .patrons.csv.tmp patrons.csv\n");

            assertEquals(0, result.status(), result.output());
            assertEquals("new", Files.readString(directory.resolve("eagle/patrons.csv")));
            assertFalse(Files.exists(directory.resolve("eagle/.patrons.csv.tmp")));
            String seen = run(
                            List.of(
                                    "/usr/bin/ssh-keygen",
                                    "-lf",
                                    directory.resolve("known_hosts").toString()),
                            "")
                    .output();
            assertTrue(seen.contains(server.hostKeyFingerprint()), seen);
        }
    }

    @Test
    void withoutAtomicRenameOpenSshDoesNotReplace() throws Exception {
        Path key = directory.resolve("id_ecdsa");
        run(List.of("/usr/bin/ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", key.toString()), "");
        SftpUser user = SftpUser.withKeys(
                "eagle", directory.resolve("eagle"), List.of(Files.readString(directory.resolve("id_ecdsa.pub"))));
        SftpSettings settings =
                SftpSettings.of(directory.resolve("host.key"), user).withoutPosixRename();
        try (SftpServer server = SftpServer.start(settings)) {
            Files.writeString(directory.resolve("eagle/patrons.csv"), "old");
            Files.writeString(directory.resolve("eagle/new.csv"), "new");

            Result result = sftp(server, key, "rename new.csv patrons.csv\n");

            assertNotEquals(0, result.status(), result.output());
            assertEquals("old", Files.readString(directory.resolve("eagle/patrons.csv")));
        }
    }

    private record Result(int status, String output) {}

    private Result sftp(SftpServer server, Path key, String batch) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/sftp", "-q", "-b", "-", "-i", key.toString()));
        for (String option : List.of(
                "StrictHostKeyChecking=accept-new",
                "UserKnownHostsFile=" + directory.resolve("known_hosts"),
                "HashKnownHosts=no",
                "IdentitiesOnly=yes")) {
            command.addAll(List.of("-o", option));
        }
        command.addAll(List.of("-P", String.valueOf(server.port()), "eagle@127.0.0.1"));
        return run(command, batch);
    }

    private static Result run(List<String> command, String input) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command.get(0) + " did not end: " + output);
        }
        return new Result(process.exitValue(), output);
    }
}
