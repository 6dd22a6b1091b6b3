package dev.patronstream.snapshotter.delivery;

import com.hierynomus.sshj.key.KeyAlgorithm;
import dev.patronstream.snapshotter.settings.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.PasswordUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to a vendor's SFTP server, and says in one sentence why it could not. Thread-safe. */
final class SftpConnector {

    private static final Logger LOGGER = LoggerFactory.getLogger(SftpConnector.class);

    /** A server has a key of each kind and shows one, so it is asked for each kind until one is the configured key. */
    private static final List<String> KEY_FAMILIES = List.of("", "ssh-ed25519", "ecdsa-", "rsa-sha2-");

    private final SftpDestination destination;
    private final String settingsPath;

    /**
     * Makes a connector.
     *
     * @param settingsPath where the destination stands in the configuration, for messages
     */
    SftpConnector(SftpDestination destination, String settingsPath) {
        this.destination = destination;
        this.settingsPath = settingsPath;
    }

    /** Returns a session in the destination's folder, which the caller closes. */
    SftpFolder connect() throws UploadFailedException {
        Set<String> seen = new LinkedHashSet<>();
        for (String family : KEY_FAMILIES) {
            HostKeyCheck check = hostKeyCheck();
            SSHClient client = new SSHClient(configuration(family));
            boolean connected = false;
            try {
                open(client, check);
                SftpFolder folder = new SftpFolder(
                        client, destination, settingsPath, check.seen().orElseThrow());
                connected = true;
                return folder;
            } catch (SSHException e) {
                if (e.getDisconnectReason() != DisconnectReason.HOST_KEY_NOT_VERIFIABLE) {
                    throw failure(e);
                }
                seen.add(check.seen().orElse("none") + " (" + check.seenType().orElse("unknown kind") + ")");
            } catch (IOException e) {
                throw failure(e);
            } finally {
                if (!connected) {
                    closeQuietly(client);
                }
            }
        }
        throw wrongHostKey(seen);
    }

    private HostKeyCheck hostKeyCheck() throws UploadFailedException {
        try {
            return new HostKeyCheck(destination.hostKeys());
        } catch (IOException e) {
            throw new UploadFailedException(
                    "The known host keys could not be read (" + e.getMessage() + "). Check " + settingsPath
                            + ".known-hosts",
                    false,
                    e);
        }
    }

    private static DefaultConfig configuration(String preferredFamily) {
        DefaultConfig configuration = new DefaultConfig();
        configuration.setLoggerFactory(new QuietLoggers());
        List<Factory.Named<KeyAlgorithm>> preferred = new ArrayList<>();
        List<Factory.Named<KeyAlgorithm>> others = new ArrayList<>();
        for (var algorithm : configuration.getKeyAlgorithms()) {
            String name = algorithm.getName();
            // DSS is broken, and a certificate has no fingerprint that could be pinned.
            if (name.contains("dss") || name.contains("-cert-")) {
                continue;
            }
            boolean wanted = !preferredFamily.isEmpty() && name.startsWith(preferredFamily);
            (wanted ? preferred : others).add(algorithm);
        }
        preferred.addAll(others);
        configuration.setKeyAlgorithms(preferred);
        return configuration;
    }

    private void open(SSHClient client, HostKeyCheck check) throws IOException, UploadFailedException {
        int readMillis = Math.toIntExact(destination.readTimeout().toMillis());
        client.addHostKeyVerifier(check);
        client.setConnectTimeout(Math.toIntExact(destination.connectTimeout().toMillis()));
        client.setTimeout(readMillis);
        client.getTransport().setTimeoutMs(readMillis);
        client.getConnection().setTimeoutMs(readMillis);
        client.connect(destination.host(), destination.port());
        authenticate(client);
        // From here every request has its own time-out; the pauses between them are ours, not the server's.
        client.getSocket().setSoTimeout(0);
    }

    private void authenticate(SSHClient client) throws IOException, UploadFailedException {
        Credentials credentials = destination.credentials();
        try {
            if (credentials instanceof Credentials.Password password) {
                client.authPassword(
                        destination.user(),
                        reveal(password.password(), ".password").toCharArray());
            } else if (credentials instanceof Credentials.KeyFile key) {
                client.authPublickey(destination.user(), load(client, key));
            }
        } catch (UserAuthException e) {
            throw refused(credentials, e);
        }
    }

    /** Reads the key before it is used, so that a wrong passphrase is not taken for a refusal by the server. */
    private KeyProvider load(SSHClient client, Credentials.KeyFile key) throws UploadFailedException {
        try {
            PasswordFinder passphrase = key.passphrase().isPresent()
                    ? PasswordUtils.createOneOff(
                            reveal(key.passphrase().get(), ".key-passphrase").toCharArray())
                    : null;
            KeyProvider provider = client.loadKeys(key.file().toString(), passphrase);
            provider.getPrivate();
            return provider;
        } catch (IOException e) {
            throw new UploadFailedException(
                    "The private key for " + destination.address() + " could not be read. Check " + settingsPath
                            + ".key-file and " + settingsPath + ".key-passphrase",
                    false,
                    e);
        }
    }

    /** A secret that cannot be looked up any more is a failure like a wrong one: somebody has to do something. */
    private String reveal(Secret secret, String key) throws UploadFailedException {
        try {
            return secret.reveal();
        } catch (UncheckedIOException e) {
            throw new UploadFailedException(
                    "The secret of " + settingsPath + key + " for " + destination.address()
                            + " could not be looked up (" + e.getMessage()
                            + "). Check the file that it names, and its rights",
                    false,
                    e);
        }
    }

    private UploadFailedException refused(Credentials credentials, UserAuthException cause) {
        boolean byPassword = credentials instanceof Credentials.Password;
        return new UploadFailedException(
                "The server of " + destination.address() + " refused the "
                        + (byPassword ? "user or the password" : "user or the key") + ". Check " + settingsPath
                        + ".user and " + settingsPath
                        + (byPassword ? ".password" : ".key-file and " + settingsPath + ".key-passphrase")
                        + ", and ask the vendor whether the account is active",
                false,
                cause);
    }

    private UploadFailedException wrongHostKey(Set<String> seen) {
        String expected;
        String remedy;
        if (destination.hostKeys() instanceof HostKeys.Pinned pinned) {
            expected = "pinned is " + String.join(", ", pinned.fingerprints());
            remedy = "set " + settingsPath + ".host-key to the fingerprint seen";
        } else {
            expected = "none of them is in the file of " + settingsPath + ".known-hosts for this host";
            remedy = "put the key into that file";
        }
        return new UploadFailedException("The server of " + destination.address()
                + " showed another host key than the configured one: seen " + String.join(", ", seen) + "; " + expected
                + ". Nothing was sent. If the vendor confirms the key, " + remedy
                + "; if not, something else may be answering in the server's place");
    }

    private UploadFailedException failure(IOException e) {
        String host = destination.hostAndPort();
        String what;
        if (e instanceof UnknownHostException) {
            what = "The name " + destination.host() + " is not known. Check " + settingsPath
                    + ".host and the network's name service";
        } else if (e instanceof SocketTimeoutException) {
            what = host + " did not answer within "
                    + destination.connectTimeout().toSeconds() + " s. Check " + settingsPath
                    + ".host, .port and the firewall on the way";
        } else if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
            what = host + " cannot be reached (" + e.getMessage() + "). Check " + settingsPath
                    + ".host, .port and the firewall on the way";
        } else {
            what = "The connection to " + host + " broke before the log-in was done (" + reason(e)
                    + "). Is it an SFTP server? Check " + settingsPath + ".host and .port";
        }
        return new UploadFailedException(what, true, e);
    }

    static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static void closeQuietly(SSHClient client) {
        try {
            client.close();
        } catch (IOException e) {
            LOGGER.atDebug().setCause(e).log("A connection that was given up did not close in order");
        }
    }
}
