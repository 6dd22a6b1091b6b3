package dev.patronstream.snapshotter.notice;

import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.settings.SettingProblem;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Sends notices as plain e-mails over SMTP. Port 0 is the usual one of the security; without a login the server asks for
 * none. Thread-safe.
 */
public record EmailChannel(
        String host, int port, Security security, Optional<Login> login, String from, List<String> to)
        implements NoticeChannel {

    private static final String PATIENCE_MILLIS = "15000";

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

    public EmailChannel {
        to = List.copyOf(to);
        port = port == 0 ? security.port : port;
    }

    @Override
    public String name() {
        return "e-mail by " + host;
    }

    @Override
    public List<SettingProblem> problems() {
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

    @Override
    public void send(Notice notice) {
        Session session = Session.getInstance(properties());
        try (Transport transport = session.getTransport("smtp")) {
            MimeMessage message = new MimeMessage(session);
            message.setFrom(new InternetAddress(from, true));
            for (String address : to) {
                message.addRecipient(Message.RecipientType.TO, new InternetAddress(address, true));
            }
            message.setSubject(notice.headline(), StandardCharsets.UTF_8.name());
            message.setText(text(notice), StandardCharsets.UTF_8.name());
            message.setSentDate(Date.from(notice.at()));
            message.setHeader("Auto-Submitted", "auto-generated");
            message.saveChanges();
            if (login.isPresent()) {
                transport.connect(host, port, login.get().user(), password(login.get()));
            } else {
                transport.connect(host, port, null, null);
            }
            transport.sendMessage(message, message.getAllRecipients());
        } catch (AuthenticationFailedException e) {
            throw new NoticeFailedException("The SMTP server " + host
                    + " refused the login. Check notices.email.user and notices.email.password");
        } catch (MessagingException e) {
            throw new NoticeFailedException("The SMTP server " + host + ":" + port + " did not take the notice ("
                    + reason(e)
                    + "). Check notices.email.host, .port, .security and the addresses");
        }
    }

    private static String password(Login login) {
        try {
            return login.password().reveal();
        } catch (UncheckedIOException e) {
            throw new NoticeFailedException("The password of the SMTP account cannot be looked up (" + e.getMessage()
                    + "). Check the file that notices.email.password names, and its rights");
        }
    }

    private static String text(Notice notice) {
        return notice.text()
                + notice.delivery()
                        .map(id -> "\n\nMore: patronstream deliveries show " + id)
                        .orElse("")
                + (notice.occasion().isOfDistrict() ? "\n" : "\n\nSince " + notice.at() + "\n");
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.connectiontimeout", PATIENCE_MILLIS);
        properties.setProperty("mail.smtp.timeout", PATIENCE_MILLIS);
        properties.setProperty("mail.smtp.writetimeout", PATIENCE_MILLIS);
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.setProperty("mail.smtp.auth", Boolean.toString(login.isPresent()));
        switch (security) {
            case TLS -> properties.setProperty("mail.smtp.ssl.enable", "true");
            case STARTTLS -> {
                properties.setProperty("mail.smtp.starttls.enable", "true");
                properties.setProperty("mail.smtp.starttls.required", "true");
            }
            case NONE -> properties.setProperty("mail.smtp.starttls.enable", "false");
        }
        return properties;
    }

    private static String reason(MessagingException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null
                ? cause.getClass().getSimpleName()
                : Text.printable(cause.getMessage()).strip();
    }
}
