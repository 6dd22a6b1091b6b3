package dev.patronstream.sandbox.sftp;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An account of the SFTP server.
 *
 * @param name the user's name, case-sensitive
 * @param folder what the user sees as {@code /}; made when missing, and never left
 * @param password the password, if the user may log in with one
 * @param authorizedKeys public keys that may log in, each a line as in OpenSSH's {@code authorized_keys} (ECDSA or RSA)
 */
public record SftpUser(String name, Path folder, Optional<String> password, List<String> authorizedKeys) {

    public SftpUser {
        authorizedKeys = List.copyOf(authorizedKeys);
    }

    /** A user who logs in with a password. */
    public static SftpUser withPassword(String name, Path folder, String password) {
        return new SftpUser(name, folder, Optional.of(password), List.of());
    }

    /** A user who logs in with one of these keys. */
    public static SftpUser withKeys(String name, Path folder, List<String> authorizedKeys) {
        return new SftpUser(name, folder, Optional.empty(), authorizedKeys);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "SftpUser[" + name + ", folder " + folder + "]";
    }
}
