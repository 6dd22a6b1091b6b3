package dev.patronstream.sandbox.sftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHPosixRenameExtension;
import org.apache.sshd.sftp.common.SftpException;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SftpServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final AtomicReference<String> seenFingerprint = new AtomicReference<>("");
    private final SshClient client = SshClient.setUpDefaultClient();

    @BeforeEach
    void startClient() {
        client.setServerKeyVerifier((session, address, key) -> {
            seenFingerprint.set(KeyUtils.getFingerPrint(BuiltinDigests.sha256, key));
            return true;
        });
        client.start();
    }

    @AfterEach
    void stopClient() {
        client.stop();
    }

    @Test
    void atomicRenameReplacesTheOldFile() throws Exception {
        try (SftpServer server = SftpServer.start(settings());
                ClientSession session = connectWithPassword(server, "eagle", "secret");
                SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
            write(sftp, "/patrons.csv", "old");
            write(sftp, "/.patrons.csv.tmp", "new");

            OpenSSHPosixRenameExtension rename = sftp.getExtension(OpenSSHPosixRenameExtension.class);
            assertTrue(rename.isSupported());
            rename.posixRename("/.patrons.csv.tmp", "/patrons.csv");

            assertEquals("new", Files.readString(directory.resolve("eagle/patrons.csv")));
            assertFalse(Files.exists(directory.resolve("eagle/.patrons.csv.tmp")));
        }
    }

    @Test
    void plainRenameDoesNotReplace() throws Exception {
        try (SftpServer server = SftpServer.start(settings());
                ClientSession session = connectWithPassword(server, "eagle", "secret");
                SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
            write(sftp, "/patrons.csv", "old");
            write(sftp, "/new.csv", "new");

            assertThrows(SftpException.class, () -> sftp.rename("/new.csv", "/patrons.csv"));

            assertEquals("old", Files.readString(directory.resolve("eagle/patrons.csv")));
        }
    }

    @Test
    void serverWithoutAtomicRenameNeitherOffersNorObeysIt() throws Exception {
        try (SftpServer server = SftpServer.start(settings().withoutPosixRename());
                ClientSession session = connectWithPassword(server, "eagle", "secret");
                SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
            write(sftp, "/patrons.csv", "old");
            write(sftp, "/new.csv", "new");

            OpenSSHPosixRenameExtension rename = sftp.getExtension(OpenSSHPosixRenameExtension.class);
            assertFalse(sftp.getServerExtensions().containsKey("posix-rename@openssh.com"));
            assertThrows(SftpException.class, () -> rename.posixRename("/new.csv", "/patrons.csv"));
            assertTrue(sftp.getServerExtensions().containsKey("fsync@openssh.com"));
            assertEquals("old", Files.readString(directory.resolve("eagle/patrons.csv")));
        }
    }

    @Test
    void usersSeeOnlyTheirOwnFolder() throws Exception {
        Files.writeString(directory.resolve("outside.txt"), "private");
        try (SftpServer server = SftpServer.start(settings());
                ClientSession session = connectWithPassword(server, "eagle", "secret");
                SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
            assertThrows(IOException.class, () -> sftp.stat("/../outside.txt"));
            assertThrows(
                    IOException.class,
                    () -> sftp.stat(directory.resolve("outside.txt").toString()));
        }
    }

    @Test
    void wrongPasswordAndUnknownUserAreRefused() throws Exception {
        try (SftpServer server = SftpServer.start(settings())) {
            assertThrows(SshException.class, () -> connectWithPassword(server, "eagle", "wrong"));
            assertThrows(SshException.class, () -> connectWithPassword(server, "nobody", "secret"));
            assertThrows(SshException.class, () -> connectWithPassword(server, "Eagle", "secret"));
        }
    }

    @Test
    void publicKeyUserLogsInWithTheirKeyOnly() throws Exception {
        KeyPair right = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        KeyPair wrong = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        SftpUser keyed = SftpUser.withKeys(
                "keyed", directory.resolve("keyed"), List.of(PublicKeyEntry.toString(right.getPublic())));
        try (SftpServer server = SftpServer.start(SftpSettings.of(directory.resolve("host.key"), keyed))) {
            try (ClientSession session = connectWithKey(server, "keyed", right);
                    SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
                write(sftp, "/patrons.csv", "by key");
            }
            assertEquals("by key", Files.readString(directory.resolve("keyed/patrons.csv")));
            assertThrows(SshException.class, () -> connectWithKey(server, "keyed", wrong));
        }
    }

    @Test
    void hostKeyIsTheSameAfterARestartAndIsWhatClientsSee() throws Exception {
        String before;
        int port;
        try (SftpServer server = SftpServer.start(settings())) {
            before = server.hostKeyFingerprint();
            port = server.port();
            connectWithPassword(server, "eagle", "secret").close();
            assertEquals(before, seenFingerprint.get());
        }
        try (SftpServer server = SftpServer.start(settings().withPort(port))) {
            assertEquals(port, server.port());
            assertEquals(before, server.hostKeyFingerprint());
        }
        assertTrue(before.startsWith("SHA256:"), before);
        Path otherKey = directory.resolve("other.key");
        try (SftpServer other = SftpServer.start(SftpSettings.of(otherKey))) {
            assertNotEquals(before, other.hostKeyFingerprint());
        }
    }

    @Test
    void listenerCanRefuseASingleStep() throws Exception {
        SftpEventListener refusesRenames = new SftpEventListener() {
            @Override
            public void moving(ServerSession session, Path source, Path target, Collection<CopyOption> options)
                    throws IOException {
                throw new IOException("No renames today");
            }
        };
        try (SftpServer server = SftpServer.start(settings().withListener(refusesRenames));
                ClientSession session = connectWithPassword(server, "eagle", "secret");
                SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
            write(sftp, "/new.csv", "new");
            assertThrows(SftpException.class, () -> sftp.rename("/new.csv", "/patrons.csv"));
            assertTrue(Files.exists(directory.resolve("eagle/new.csv")));
        }
    }

    @Test
    void keyThatCannotBeReadIsRefusedWithTheUsersName() {
        SftpUser user = SftpUser.withKeys("keyed", directory.resolve("keyed"), List.of("ssh-rsa nonsense"));
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> SftpServer.start(SftpSettings.of(directory.resolve("host.key"), user)));
        assertTrue(refused.getMessage().contains("keyed"), refused.getMessage());
    }

    @Test
    void takenPortIsNamed() throws Exception {
        try (SftpServer server = SftpServer.start(settings())) {
            UncheckedIOException refused = assertThrows(
                    UncheckedIOException.class,
                    () -> SftpServer.start(settings().withPort(server.port())));
            assertTrue(refused.getMessage().contains("port " + server.port()), refused.getMessage());
        }
    }

    private SftpSettings settings() {
        return SftpSettings.of(
                directory.resolve("host.key"), SftpUser.withPassword("eagle", directory.resolve("eagle"), "secret"));
    }

    private ClientSession connectWithPassword(SftpServer server, String user, String password) throws IOException {
        ClientSession session = client.connect(user, "127.0.0.1", server.port())
                .verify(PATIENCE)
                .getSession();
        session.addPasswordIdentity(password);
        return authenticated(session);
    }

    private ClientSession connectWithKey(SftpServer server, String user, KeyPair key) throws IOException {
        ClientSession session = client.connect(user, "127.0.0.1", server.port())
                .verify(PATIENCE)
                .getSession();
        session.addPublicKeyIdentity(key);
        return authenticated(session);
    }

    private static ClientSession authenticated(ClientSession session) throws IOException {
        try {
            session.auth().verify(PATIENCE);
            return session;
        } catch (IOException e) {
            session.close(true);
            throw e;
        }
    }

    private static void write(SftpClient sftp, String path, String content) throws IOException {
        try (SftpClient.CloseableHandle handle =
                sftp.open(path, EnumSet.of(OpenMode.Write, OpenMode.Create, OpenMode.Truncate))) {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            sftp.write(handle, 0, bytes, 0, bytes.length);
        }
    }
}
