package dev.patronstream.snapshotter.destination.sftp;

import com.hierynomus.sshj.key.KeyAlgorithm;
import dev.patronstream.snapshotter.destination.UploadFailedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.SSHException;

/** Connects to a vendor's SFTP server, and says in one sentence why it could not. Thread-safe. */
final class SftpConnector {

    /** A server has a key of each kind and shows one, so it is asked for each kind until one is the configured key. */
    private static final List<String> KEY_FAMILIES = List.of("", "ssh-ed25519", "ecdsa-", "rsa-sha2-");

    /** What OpenSSH does not use any more unless it is asked to. */
    private static final Pattern OLD = Pattern.compile(
            ".*(exchange|group\\d+)-sha1|ssh-rsa|.*-cbc|(arcfour|blowfish|cast|idea|serpent|twofish).*|.*(md5|ripemd|-96).*");

    private final SftpDestination destination;
    private final String settingsPath;

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
                SftpFolder folder = folder(client, check);
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
                    Transfer.closeQuietly(client);
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

    private DefaultConfig configuration(String preferredFamily) {
        DefaultConfig configuration = new DefaultConfig();
        configuration.setKeyExchangeFactories(fit(configuration.getKeyExchangeFactories()));
        configuration.setCipherFactories(fit(configuration.getCipherFactories()));
        configuration.setMACFactories(fit(configuration.getMACFactories()));
        List<Factory.Named<KeyAlgorithm>> keys = fit(configuration.getKeyAlgorithms());
        // DSS is broken, and a certificate has no fingerprint that could be pinned.
        keys.removeIf(key -> key.getName().contains("dss") || key.getName().contains("-cert-"));
        if (!preferredFamily.isEmpty()) {
            keys.sort(Comparator.comparing(key -> !key.getName().startsWith(preferredFamily)));
        }
        configuration.setKeyAlgorithms(keys);
        return configuration;
    }

    private <T> List<Factory.Named<T>> fit(List<Factory.Named<T>> known) {
        List<Factory.Named<T>> fit = new ArrayList<>(known);
        if (!destination.connection().allowsOldAlgorithms()) {
            fit.removeIf(algorithm -> OLD.matcher(algorithm.getName()).matches());
        }
        return fit;
    }

    private SftpFolder folder(SSHClient client, HostKeyCheck check) throws IOException, UploadFailedException {
        try {
            open(client, check);
            return new SftpFolder(
                    client, destination, settingsPath, check.seen().orElseThrow());
        } catch (IllegalStateException notConnected) {
            // Between two steps of its own the library sees only that the connection has ended; the transport knows
            // why.
            client.getTransport()
                    .join(Math.toIntExact(destination.connection().readTimeout().toMillis()), TimeUnit.MILLISECONDS);
            throw new SSHException("the server closed the connection", notConnected);
        }
    }

    private void open(SSHClient client, HostKeyCheck check) throws IOException, UploadFailedException {
        int readMillis = Math.toIntExact(destination.connection().readTimeout().toMillis());
        client.addHostKeyVerifier(check);
        client.setConnectTimeout(
                Math.toIntExact(destination.connection().connectTimeout().toMillis()));
        client.setTimeout(readMillis);
        client.getTransport().setTimeoutMs(readMillis);
        client.getConnection().setTimeoutMs(readMillis);
        client.connect(destination.host(), destination.port());
        new LogIn(destination, settingsPath).into(client);
        // From here every request has its own time-out; the pauses between them are ours, not the server's.
        client.getSocket().setSoTimeout(0);
    }

    private UploadFailedException wrongHostKey(Set<String> seen) {
        if (destination.hostKeys() instanceof HostKeys.Pinned pinned && pinned.isPlaceholder()) {
            return new UploadFailedException(
                    settingsPath + ".host-key is still the placeholder that `patronstream init`"
                            + " wrote. " + destination.subject() + " shows " + String.join(", ", seen)
                            + ". Nothing was sent. Have the vendor confirm that this is its key, set it and start patronstream"
                            + " again");
        }
        String expected;
        String remedy;
        if (destination.hostKeys() instanceof HostKeys.Pinned pinned) {
            expected = "pinned is " + String.join(", ", pinned.fingerprints());
            remedy = "set " + settingsPath + ".host-key to the fingerprint seen and start patronstream again";
        } else {
            expected = "none of them is in the file of " + settingsPath + ".known-hosts for this host";
            remedy = "put the key into that file";
        }
        return new UploadFailedException(destination.subject()
                + " showed another host key than the configured one: seen " + String.join(", ", seen) + "; " + expected
                + ". Nothing was sent. If the vendor confirms the key, " + remedy
                + "; if not, something else may be answering in the server's place");
    }

    private UploadFailedException failure(IOException e) {
        String host = destination.hostAndPort();
        String what;
        if (reason(e).contains("reach a settlement")) {
            return new UploadFailedException(
                    destination.subject() + " offers no algorithm that is used here: "
                            + reason(e).replaceFirst(".* and ", "") + ". Nothing was sent. Have the vendor update it"
                            + (destination.connection().allowsOldAlgorithms()
                                    ? ""
                                    : ", or set " + settingsPath + ".allow-old-algorithms: true"),
                    false,
                    e);
        }
        if (e instanceof UnknownHostException) {
            what = "The name " + destination.host() + " is not known. Check " + settingsPath
                    + ".host and the network's name service";
        } else if (e instanceof SocketTimeoutException) {
            what = host + " did not answer within "
                    + destination.connection().connectTimeout().toSeconds() + " s. Check " + settingsPath
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
}
