package dev.patronstream.snapshotter.notice;

import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.settings.SettingProblem;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How notices go by e-mail. Port 0 is the usual one of the security; without a login the server asks for none.
 * Immutable.
 */
public record EmailSettings(
        String host, int port, Security security, Optional<Login> login, String from, List<String> to) {

    /** How the connection to the server is protected. Certificates are always verified. */
    public enum Security {
        /** Plain at first, encrypted from STARTTLS on; refused where the server does not offer it. */
        STARTTLS(587),
        TLS(465),
        /** Not at all; for a server on this machine. */
        NONE(25);

        private final int port;

        Security(int port) {
            this.port = port;
        }
    }

    /** An account on the server. */
    public record Login(String user, Secret password) {}

    public EmailSettings {
        to = List.copyOf(to);
    }

    int effectivePort() {
        return port == 0 ? security.port : port;
    }

    /** Returns what is wrong, with paths relative to {@code notices}. */
    List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>();
        check("email.from", from, problems);
        to.forEach(address -> check("email.to", address, problems));
        if (to.isEmpty()) {
            problems.add(new SettingProblem("email.to", "is empty; name who is notified"));
        }
        if (security == Security.NONE && login.isPresent()) {
            problems.add(new SettingProblem(
                    "email.security", "is none, which would send the password in clear; use starttls or tls"));
        }
        return problems;
    }

    private static void check(String path, String address, List<SettingProblem> problems) {
        try {
            new InternetAddress(address, true);
        } catch (AddressException e) {
            problems.add(new SettingProblem(path, "'" + address + "' is not an e-mail address"));
        }
    }
}
