package dev.patronstream.sandbox.sftp;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.sftp.server.SftpEventListener;

/**
 * What an {@link SftpServer} is like.
 *
 * @param hostKeyFile where the host key is kept; made at the first start, so that the fingerprint stays the same
 * @param address the address of this machine that it listens at, {@code 127.0.0.1} or {@code ::1}
 * @param port the port there; 0 for any free one
 * @param users who may log in
 * @param posixRename whether the server offers {@code posix-rename@openssh.com}, the atomic rename over an existing
 *     file; many servers do not
 * @param listener sees every step of a session before and after it, and may refuse it ({@code IOException}), delay it or
 *     cut the session: the way to inject faults
 */
public record SftpSettings(
        Path hostKeyFile,
        String address,
        int port,
        List<SftpUser> users,
        boolean posixRename,
        Optional<SftpEventListener> listener) {

    private static final String LOCALHOST = "127.0.0.1";

    public SftpSettings {
        users = List.copyOf(users);
    }

    /** A server that offers everything and injects nothing, on a free port. */
    public static SftpSettings of(Path hostKeyFile, SftpUser... users) {
        return new SftpSettings(hostKeyFile, LOCALHOST, 0, List.of(users), true, Optional.empty());
    }

    /** The same at another address of this machine. */
    public SftpSettings withAddress(String other) {
        return new SftpSettings(hostKeyFile, other, port, users, posixRename, listener);
    }

    /** The same on a given port. */
    public SftpSettings withPort(int newPort) {
        return new SftpSettings(hostKeyFile, address, newPort, users, posixRename, listener);
    }

    /** The same without {@code posix-rename@openssh.com}. */
    public SftpSettings withoutPosixRename() {
        return new SftpSettings(hostKeyFile, address, port, users, false, listener);
    }

    /** The same, watched by a listener. */
    public SftpSettings withListener(SftpEventListener newListener) {
        return new SftpSettings(hostKeyFile, address, port, users, posixRename, Optional.of(newListener));
    }
}
