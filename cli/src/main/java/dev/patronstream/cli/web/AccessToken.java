package dev.patronstream.cli.web;

import dev.patronstream.schemas.secret.OwnerOnly;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;

/**
 * The secret that a caller shows to be let at what only its owner may do or see. Lies in the data folder of the running
 * process, readable by the owner alone, and stays the same over restarts. Immutable; its text never appears in {@link
 * #toString}.
 */
public final class AccessToken {

    private static final String FILE = "status-token";
    private static final String USER = "patronstream";

    private final String text;

    private AccessToken(String text) {
        this.text = text;
    }

    /**
     * Returns the token of a data folder; makes one if there is none yet.
     *
     * @throws java.io.UncheckedIOException if it can be neither read nor written
     */
    public static AccessToken ensure(Path folder) {
        return new AccessToken(OwnerOnly.ensureSecret(folder.resolve(FILE)));
    }

    /**
     * Returns the token of a data folder, if a process has made one.
     *
     * @throws java.io.UncheckedIOException if it is there and cannot be read, as for anybody but its owner
     */
    public static Optional<AccessToken> find(Path folder) {
        return OwnerOnly.secret(folder.resolve(FILE)).map(AccessToken::new);
    }

    /** Returns the value for a caller's {@code Authorization} header. */
    public String header() {
        return "Bearer " + text;
    }

    /**
     * Returns the address of a page with this token behind it, where no browser sends it to a server: the page reads it
     * and takes it out of the address.
     */
    public String link(URI page) {
        return page + "#token=" + text;
    }

    /** Returns user and password for clients that sign in this way, such as those of a schema registry. */
    public String userAndPassword() {
        return USER + ":" + text;
    }

    /** Returns whether a caller's {@code Authorization} header carries this token; takes the same time for any text. */
    boolean isIn(String header) {
        String basic =
                "Basic " + Base64.getEncoder().encodeToString(userAndPassword().getBytes(StandardCharsets.UTF_8));
        boolean bearer = isSame(header, header());
        return isSame(header, basic) || bearer;
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "AccessToken[...]";
    }
}
