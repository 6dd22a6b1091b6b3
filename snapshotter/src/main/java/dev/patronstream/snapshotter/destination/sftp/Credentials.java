package dev.patronstream.snapshotter.destination.sftp;

import dev.patronstream.schemas.secret.Secret;
import java.nio.file.Path;
import java.util.Optional;

/** How we show an SFTP server who we are. */
public sealed interface Credentials {

    /** By password. */
    record Password(Secret password) implements Credentials {}

    /**
     * By private key, in the form of OpenSSH, PKCS#8, PEM or PuTTY; with a password for a server that asks for both.
     */
    record KeyFile(Path file, Optional<Secret> passphrase, Optional<Secret> password) implements Credentials {}
}
