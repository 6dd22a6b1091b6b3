package dev.patronstream.sandbox.sftp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real SSH file server (Apache MINA SSHD) on this machine only: every user sees a folder of their own and nothing else, there
 * is no shell.
 *
 * <p>The host key survives restarts. Thread-safe.
 */
public final class SftpServer implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SftpServer.class);

    private final SshServer server;
    private final String hostKeyFingerprint;

    private SftpServer(SshServer server, String hostKeyFingerprint) {
        this.server = server;
        this.hostKeyFingerprint = hostKeyFingerprint;
    }

    /**
     * Starts a server.
     *
     * @throws UncheckedIOException if the port is taken or a folder cannot be made
     * @throws IllegalArgumentException if an authorized key cannot be read
     */
    public static SftpServer start(SftpSettings settings) {
        SshServer server = SshServer.setUpDefaultServer();
        try {
            server.setHost(settings.address());
            server.setPort(settings.port());
            KeyPairProvider hostKeys = hostKeys(settings.hostKeyFile());
            server.setKeyPairProvider(hostKeys);
            server.setFileSystemFactory(folders(settings.users()));
            authenticate(server, settings.users());
            server.setSubsystemFactories(List.of(new SftpSubsystems(settings)));
            server.start();
            SftpServer started = new SftpServer(server, fingerprint(hostKeys));
            LOGGER.atInfo()
                    .addKeyValue("port", started.port())
                    .addKeyValue("hostKey", started.hostKeyFingerprint())
                    .log("The SFTP server is running");
            return started;
        } catch (BindException e) {
            server.close(true);
            throw new UncheckedIOException(
                    "The SFTP server cannot open port " + settings.port() + " of " + settings.address()
                            + "; choose another port, or 0 for any free one",
                    e);
        } catch (IOException e) {
            server.close(true);
            throw new UncheckedIOException("The SFTP server cannot prepare its folders and its host key", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The host key " + settings.hostKeyFile() + " cannot be used", e);
        }
    }

    /** The port clients connect to. */
    public int port() {
        return server.getPort();
    }

    /** The host key's fingerprint as OpenSSH prints it: {@code SHA256:...}. */
    public String hostKeyFingerprint() {
        return hostKeyFingerprint;
    }

    /** Ends all sessions at once and frees the port. */
    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException("The SFTP server cannot be stopped", e);
        }
    }

    private static KeyPairProvider hostKeys(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        SimpleGeneratorHostKeyProvider provider = new SimpleGeneratorHostKeyProvider(file);
        provider.setAlgorithm(KeyUtils.EC_ALGORITHM);
        provider.setKeySize(256);
        // A key that cannot be read is an error; a new key would look like an attack to every client.
        provider.setOverwriteAllowed(false);
        return provider;
    }

    private static String fingerprint(KeyPairProvider hostKeys) throws IOException, GeneralSecurityException {
        PublicKey key = hostKeys.loadKeys(null).iterator().next().getPublic();
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    }

    private static VirtualFileSystemFactory folders(List<SftpUser> users) throws IOException {
        VirtualFileSystemFactory folders = new VirtualFileSystemFactory();
        for (SftpUser user : users) {
            Path folder = user.folder().toAbsolutePath();
            Files.createDirectories(folder);
            folders.setUserHomeDir(user.name(), folder);
        }
        return folders;
    }

    private static void authenticate(SshServer server, List<SftpUser> users) {
        Map<String, SftpUser> byName = users.stream().collect(Collectors.toMap(SftpUser::name, Function.identity()));
        server.setPasswordAuthenticator((name, password, session) -> {
            SftpUser user = byName.get(name);
            return user != null
                    && user.password()
                            .filter(right -> MessageDigest.isEqual(
                                    right.getBytes(StandardCharsets.UTF_8), password.getBytes(StandardCharsets.UTF_8)))
                            .isPresent();
        });
        Map<String, List<PublicKey>> keys = new HashMap<>();
        for (SftpUser user : users) {
            List<PublicKey> known = user.authorizedKeys().stream()
                    .map(line -> publicKey(user, line))
                    .toList();
            keys.put(user.name(), known);
        }
        server.setPublickeyAuthenticator((name, key, session) ->
                keys.getOrDefault(name, List.of()).stream().anyMatch(known -> KeyUtils.compareKeys(known, key)));
    }

    private static PublicKey publicKey(SftpUser user, String line) {
        try {
            AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
            PublicKey key =
                    entry == null ? null : entry.resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
            if (key != null) {
                return key;
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException(unreadable(user), e);
        }
        throw new IllegalArgumentException(unreadable(user));
    }

    private static String unreadable(SftpUser user) {
        return "An authorized key of the SFTP user " + user.name()
                + " cannot be read; it must be a line of OpenSSH's authorized_keys with an ECDSA or RSA key";
    }
}
