package dev.patronstream.snapshotter.destination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.destination.DestinationTrial.Step;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.DirectoryHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationTrialTest {

    private static final int CONNECTIONS = 300;

    @TempDir
    private Path temporary;

    private Path vendor;
    private Optional<SftpServer> server = Optional.empty();

    @BeforeEach
    void makeFolder() throws IOException {
        vendor = Files.createDirectories(temporary.resolve("vendor"));
        Files.writeString(vendor.resolve("patrons.csv"), "what the vendor has\r\n");
    }

    @AfterEach
    void stopServer() {
        server.ifPresent(SftpServer::close);
    }

    /** The vendor's file is as it was, and nothing else is there. */
    private void requireUntouched() throws IOException {
        try (Stream<Path> files = Files.list(vendor)) {
            assertEquals(List.of(vendor.resolve("patrons.csv")), files.toList());
        }
        assertEquals("what the vendor has\r\n", Files.readString(vendor.resolve("patrons.csv")));
    }

    private SftpServer start(UnaryOperator<SftpSettings> settings) {
        server = Optional.of(SftpServer.start(settings.apply(
                SftpSettings.of(temporary.resolve("host.key"), SftpUser.withPassword("eagle", vendor, "secret")))));
        return server.get();
    }

    private static List<Step> run(SftpServer server, String password, String hostKey, boolean allowNonAtomicRename) {
        return run(server, password, hostKey, allowNonAtomicRename, Optional.empty());
    }

    private static List<Step> run(
            SftpServer server,
            String password,
            String hostKey,
            boolean allowNonAtomicRename,
            Optional<String> permissions) {
        SftpDestinationBuilder there = SftpDestinationBuilder.of(
                        "127.0.0.1",
                        "eagle",
                        new Credentials.Password(Secret.of(password)),
                        new HostKeys.Pinned(List.of(hostKey)))
                .port(server.port())
                .permissions(permissions.map(PosixFilePermissions::fromString));
        if (allowNonAtomicRename) {
            there.with(VendorFiles.Choice.ALLOW_NON_ATOMIC_RENAME);
        }
        return DestinationTrial.run(
                there.build(),
                "destiny",
                List.of(VendorFiles.DEFAULT_PROPERTIES_FILE, VendorFiles.DEFAULT_FILE),
                "feeds.destiny.destination.sftp");
    }

    private static String last(List<Step> steps) {
        Step step = steps.get(steps.size() - 1);
        assertFalse(step.passed(), step.toString());
        return step.what() + ": " + step.found();
    }

    @Test
    void everyStepOfADeliveryIsTriedAndNothingIsLeft() throws Exception {
        SftpServer started = start(settings -> settings);
        List<Step> steps = run(started, "secret", started.hostKeyFingerprint(), false);
        assertEquals(
                List.of("log-in", "folder", "list", "write"),
                steps.stream().map(Step::what).toList());
        assertTrue(steps.stream().allMatch(Step::passed), steps.toString());
        assertEquals(
                "no patronimport.properties yet; patrons.csv is there, 21 bytes",
                steps.get(1).found());
        requireUntouched();
    }

    @Test
    void anotherHostKeyOrPasswordEndsAtTheLogIn() throws Exception {
        SftpServer started = start(settings -> settings);
        String other = "SHA256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";
        assertTrue(last(run(started, "secret", other, false)).startsWith("log-in: The server"));
        assertTrue(last(run(started, "secret", other, false)).contains("showed another host key"));
        String placeholder = last(run(started, "secret", HostKeys.Pinned.PLACEHOLDER, false));
        assertTrue(
                placeholder.contains("host-key is still the placeholder")
                        && placeholder.contains(started.hostKeyFingerprint()),
                placeholder);
        assertTrue(last(run(started, "wrong", started.hostKeyFingerprint(), false))
                .contains("refused the user or the password"));
        requireUntouched();
    }

    @Test
    void aServerThatCannotRenameOverAFileIsRefusedUnlessAllowed() throws Exception {
        SftpServer started = start(SftpSettings::withoutPosixRename);
        String refused = last(run(started, "secret", started.hostKeyFingerprint(), false));
        assertTrue(refused.startsWith("folder: ") && refused.contains("allow-non-atomic-rename: true"), refused);
        requireUntouched();
        assertTrue(run(started, "secret", started.hostKeyFingerprint(), true).stream()
                .allMatch(Step::passed));
        requireUntouched();
    }

    @Test
    void theConfiguredPermissionsAreTriedBeforeTheRename() throws Exception {
        List<String> seen = new ArrayList<>();
        SftpServer started = start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how)
                    throws IOException {
                seen.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(from)));
            }
        }));
        List<Step> steps = run(started, "secret", started.hostKeyFingerprint(), false, Optional.of("rw-rw-rw-"));
        assertTrue(steps.stream().allMatch(Step::passed), steps.toString());
        assertEquals(List.of("rw-rw-rw-", "rw-rw-rw-"), seen);
        assertTrue(steps.get(3).found().startsWith("wrote, set rw-rw-rw-, renamed"), steps.toString());
        requireUntouched();
    }

    @Test
    void aServerThatRefusesToSetPermissionsFailsTheTrialAsItFailsADelivery() throws Exception {
        SftpServer started = start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void modifyingAttributes(ServerSession session, Path path, Map<String, ?> attributes)
                    throws IOException {
                if (attributes.containsKey("permissions")) {
                    throw new AccessDeniedException("no");
                }
            }
        }));
        String refused = last(run(started, "secret", started.hostKeyFingerprint(), false, Optional.of("rw-r-----")));
        assertTrue(refused.startsWith("write: The server") && refused.contains("sftp.permissions"), refused);
        requireUntouched();
    }

    @Test
    void aFolderThatMayNotBeListedIsReportedAndStillPasses() throws Exception {
        SftpServer started = start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void opening(ServerSession session, String handle, Handle local) throws IOException {
                if (local instanceof DirectoryHandle) {
                    throw new AccessDeniedException("no");
                }
            }
        }));
        List<Step> steps = run(started, "secret", started.hostKeyFingerprint(), false);
        assertTrue(steps.stream().allMatch(Step::passed), steps.toString());
        assertTrue(steps.get(2).found().startsWith("the folder cannot be listed"), steps.toString());
        requireUntouched();
    }

    @Test
    void aServerThatRefusesTheRenameIsReportedAndTheTrialTidiesUp() throws Exception {
        SftpServer started = start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how)
                    throws IOException {
                throw new IOException("not allowed");
            }
        }));
        String refused = last(run(started, "secret", started.hostKeyFingerprint(), false));
        assertTrue(refused.startsWith("write: The server"), refused);
        assertTrue(refused.contains("renaming"), refused);
        requireUntouched();
    }

    /** Whether the library has begun its key exchange when the server's algorithms end it is luck, so many are tried. */
    @Test
    void aServerWhoseAlgorithmsEndTheConnectionAtOnceIsNamed() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread server = new Thread(() -> offerAnOldKeyExchange(listening));
            server.setDaemon(true);
            server.start();
            SftpDestination there = SftpDestinationBuilder.of(
                            "127.0.0.1",
                            "eagle",
                            new Credentials.Password(Secret.of("secret")),
                            new HostKeys.Pinned(List.of("SHA256:" + "B".repeat(43))))
                    .port(listening.getLocalPort())
                    .build();
            for (int i = 0; i < CONNECTIONS; i++) {
                UploadFailedException failure =
                        assertThrows(UploadFailedException.class, () -> there.open("feeds.destiny.sftp"));
                assertTrue(
                        failure.getMessage().contains("offers no algorithm that is used here"), failure.getMessage());
            }
        }
    }

    private static void offerAnOldKeyExchange(ServerSocket listening) {
        byte[] kexInit = kexInit();
        while (!listening.isClosed()) {
            try (Socket client = listening.accept()) {
                client.getOutputStream().write("SSH-2.0-old\r\n".getBytes(StandardCharsets.US_ASCII));
                client.getOutputStream().write(kexInit);
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (SocketException over) {
                // The client has gone, or the test is over.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** RFC 4253, sections 6 and 7.1: one key exchange, {@code none} for the rest, no encryption yet. */
    private static byte[] kexInit() {
        ByteBuffer payload = ByteBuffer.allocate(256).put((byte) 20).put(new byte[16]);
        List<String> names = new ArrayList<>(List.of("diffie-hellman-group1-sha1"));
        names.addAll(Collections.nCopies(9, "none"));
        names.forEach(name -> payload.putInt(name.length()).put(name.getBytes(StandardCharsets.US_ASCII)));
        payload.put((byte) 0).putInt(0).flip();
        int padding = 16 - (payload.remaining() + 5) % 8;
        return ByteBuffer.allocate(payload.remaining() + 5 + padding)
                .putInt(payload.remaining() + 1 + padding)
                .put((byte) padding)
                .put(payload)
                .array();
    }
}
