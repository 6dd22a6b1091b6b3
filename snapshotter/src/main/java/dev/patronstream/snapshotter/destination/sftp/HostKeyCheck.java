package dev.patronstream.snapshotter.destination.sftp;

import dev.patronstream.schemas.secret.Sha256;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts;

/** Accepts the host keys that were configured and no other, and remembers the one it saw. For one connection. */
final class HostKeyCheck implements HostKeyVerifier {

    private final HostKeys hostKeys;
    private final Optional<OpenSSHKnownHosts> knownHosts;
    private volatile Optional<String> seen = Optional.empty();
    private volatile Optional<String> seenType = Optional.empty();

    HostKeyCheck(HostKeys hostKeys) throws IOException {
        this.hostKeys = hostKeys;
        this.knownHosts = hostKeys instanceof HostKeys.KnownHosts known ? Optional.of(read(known)) : Optional.empty();
    }

    private static OpenSSHKnownHosts read(HostKeys.KnownHosts known) throws IOException {
        try (Reader reader = Files.newBufferedReader(known.file(), StandardCharsets.UTF_8)) {
            return new OpenSSHKnownHosts(reader);
        }
    }

    Optional<String> seen() {
        return seen;
    }

    Optional<String> seenType() {
        return seenType;
    }

    @Override
    public boolean verify(String hostname, int port, PublicKey key) {
        String fingerprint = fingerprint(key);
        seen = Optional.of(fingerprint);
        seenType = Optional.of(KeyType.fromKey(key).toString());
        if (hostKeys instanceof HostKeys.Pinned pinned) {
            return pinned.fingerprints().stream().map(HostKeyCheck::unpadded).anyMatch(fingerprint::equals);
        }
        return knownHosts.map(known -> known.verify(hostname, port, key)).orElse(false);
    }

    /** None: for a known RSA key the library would ask for signatures by SHA-1, which servers refuse by now. */
    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        return List.of();
    }

    /** The form of OpenSSH: Base64 of the SHA-256 of the key, without padding. */
    private static String fingerprint(PublicKey key) {
        byte[] encoded = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
        byte[] hash = Sha256.newDigest().digest(encoded);
        return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
    }

    private static String unpadded(String fingerprint) {
        return fingerprint.endsWith("=") ? fingerprint.substring(0, fingerprint.length() - 1) : fingerprint;
    }
}
