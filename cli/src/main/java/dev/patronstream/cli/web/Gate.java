package dev.patronstream.cli.web;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.UnauthorizedResponse;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask what. Immutable.
 *
 * <p>A page from anywhere can point a name of its own at 127.0.0.1 and then read what this port answers as if it were its
 * own (DNS rebinding); its requests carry that name. So only known names are answered, and numbers, which cannot be
 * pointed anywhere.
 */
public final class Gate {

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.%]+]");
    private static final String CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final String address;
    private final boolean loopback;
    private final AccessToken token;

    /**
     * Makes the gate of a port.
     *
     * @param address what the port listens on
     * @param token what callers show where a secret is needed
     */
    public Gate(String address, AccessToken token) {
        this.address = bracketed(address.toLowerCase(Locale.ROOT));
        this.loopback = isLoopback(address);
        this.token = token;
    }

    /** What every answer carries, and what every question must. */
    void check(Context context) {
        context.header("Cache-Control", "no-store")
                .header("Content-Security-Policy", CONTENT_POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Cross-Origin-Opener-Policy", "same-origin");
        String host = Optional.ofNullable(context.header("Host")).orElse("");
        if (!isKnown(nameOf(host))) {
            throw new ForbiddenResponse("This port answers to its own address only, such as http://" + address + ":"
                    + context.port() + "/, not to the name that was asked for");
        }
    }

    /** Shows persons to anyone on this machine, and from elsewhere to the holder of the token. */
    void checkMayRead(Context context) {
        if (!loopback) {
            checkToken(context);
        }
    }

    /** Lets in the holder of the token only. */
    void checkToken(Context context) {
        String header = Optional.ofNullable(context.header("Authorization")).orElse("");
        if (!token.isIn(header)) {
            context.header("WWW-Authenticate", "Bearer");
            throw new UnauthorizedResponse(
                    "This needs the header 'Authorization: Bearer TOKEN'; the token is in the file"
                            + " status-token of the data folder, which only the owner of the process can read");
        }
    }

    /**
     * Lets give orders the holder of the token. Another site's page cannot have it, and no browser adds it by itself;
     * what such a page sends all the same is refused by where it comes from, and a form's body by its type.
     */
    void checkMayOrder(Context context) {
        checkToken(context);
        // A proxy may have changed the name, of which a browser's own word knows nothing.
        boolean foreign = Optional.ofNullable(context.header("Sec-Fetch-Site"))
                .map(site -> !site.equals("same-origin"))
                .orElseGet(() -> Optional.ofNullable(context.header("Origin"))
                        .filter(origin -> !isOwn(origin, context.header("Host")))
                        .isPresent());
        if (foreign) {
            throw new ForbiddenResponse(
                    "Orders come from the page of this port or from a program, not from another page");
        }
        boolean json = Optional.ofNullable(context.contentType())
                .map(type -> type.toLowerCase(Locale.ROOT))
                .filter(type -> type.equals("application/json") || type.startsWith("application/json;"))
                .isPresent();
        if (!json && !context.body().isEmpty()) {
            throw new HttpResponseException(415, "An order is sent with 'Content-Type: application/json'");
        }
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        return host != null
                && (origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host));
    }

    /** For a registry: anybody on this machine may read the contracts, the holder of the token may change something. */
    public void checkCall(Context context) {
        check(context);
        boolean reads =
                context.method().equals(HandlerType.GET) || context.method().equals(HandlerType.HEAD);
        if (!reads) {
            checkToken(context);
        }
    }

    boolean isLocal() {
        return loopback;
    }

    private boolean isKnown(String name) {
        return LOOPBACK_NAMES.contains(name)
                || name.equals(address)
                || (!loopback
                        && (IPV4.matcher(name).matches() || IPV6.matcher(name).matches()));
    }

    /** Without the port: a tunnel may have another. */
    private static String nameOf(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        int colon = lower.lastIndexOf(':');
        return colon > lower.lastIndexOf(']') ? lower.substring(0, colon) : lower;
    }

    private static String bracketed(String address) {
        return address.indexOf(':') >= 0 && !address.startsWith("[") ? "[" + address + "]" : address;
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(
                    "The status page cannot listen on '" + address + "', which has no address; use 127.0.0.1 or an"
                            + " address of this machine",
                    e);
        }
    }
}
