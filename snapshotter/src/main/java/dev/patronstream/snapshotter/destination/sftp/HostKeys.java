package dev.patronstream.snapshotter.destination.sftp;

import java.nio.file.Path;
import java.util.List;

/** How an SFTP server shows us that it is the right one. There is no way to accept just any. */
public sealed interface HostKeys {

    /**
     * By fingerprint, {@code SHA256:...} as {@code ssh-keygen -l} prints it; one of them has to match, so that a vendor
     * can announce a new key before it comes.
     */
    record Pinned(List<String> fingerprints) implements HostKeys {

        /** What a new configuration has in its place; no key has it. */
        public static final String PLACEHOLDER = "SHA256:" + "A".repeat(43);

        public Pinned {
            fingerprints = List.copyOf(fingerprints);
        }

        boolean isPlaceholder() {
            return fingerprints.equals(List.of(PLACEHOLDER));
        }
    }

    /** By a file in the form of OpenSSH's {@code known_hosts}. */
    record KnownHosts(Path file) implements HostKeys {}
}
