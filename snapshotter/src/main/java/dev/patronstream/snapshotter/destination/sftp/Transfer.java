package dev.patronstream.snapshotter.destination.sftp;

import dev.patronstream.schemas.secret.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import net.schmizz.sshj.sftp.RemoteFile;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves the bytes of an open file at a server, and closes it. Pure but for that. */
final class Transfer {

    private static final Logger LOGGER = LoggerFactory.getLogger(Transfer.class);

    /** Half of the 32 KiB that every server should take. */
    private static final int CHUNK = 16_000;

    /** With them 2 MB are under way, as with OpenSSH's client, so that a long way to the server costs little. */
    private static final int UNCONFIRMED = 128;

    private Transfer() {}

    record Content(long bytes, String sha256) {}

    static Content read(RemoteFile remote) throws IOException {
        return using(remote, file -> {
            MessageDigest digest = Sha256.newDigest();
            byte[] chunk = new byte[CHUNK];
            InputStream in = file.new ReadAheadRemoteFileInputStream(UNCONFIRMED);
            long bytes = 0;
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
                bytes += read;
            }
            return new Content(bytes, HexFormat.of().formatHex(digest.digest()));
        });
    }

    static void write(Path local, RemoteFile remote) throws IOException {
        using(remote, file -> {
            byte[] chunk = new byte[CHUNK];
            OutputStream out = file.new RemoteFileOutputStream(0, UNCONFIRMED);
            try (InputStream in = Files.newInputStream(local)) {
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    // The buffer is free again at once: its bytes are copied when they are sent.
                    out.write(chunk, 0, read);
                }
            }
            out.flush();
            return true;
        });
    }

    @FunctionalInterface
    private interface Use<T> {
        T of(RemoteFile file) throws IOException;
    }

    /**
     * Not a try-with-resources: the library throws one and the same exception from every call after a connection broke,
     * and an exception cannot be suppressed in itself. Its buffers may be torn then, so that closing fails unchecked.
     */
    private static <T> T using(RemoteFile file, Use<T> use) throws IOException {
        T result;
        try {
            result = use.of(file);
        } catch (IOException e) {
            // Who says nothing any more is not asked to close it.
            if (e instanceof SFTPException answer && answer.getStatusCode() != StatusCode.UNKNOWN) {
                closeQuietly(file);
            }
            throw e;
        }
        file.close();
        return result;
    }

    static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException | RuntimeException e) {
            LOGGER.atDebug().setCause(e).log("Something remote did not close in order");
        }
    }
}
