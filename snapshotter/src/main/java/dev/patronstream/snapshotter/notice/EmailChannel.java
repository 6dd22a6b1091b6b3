package dev.patronstream.snapshotter.notice;

import dev.patronstream.schemas.Text;
import dev.patronstream.snapshotter.settings.SettingProblem;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Properties;

/** Sends notices as plain e-mails over SMTP. Thread-safe. */
public final class EmailChannel implements NoticeChannel {

    private static final String PATIENCE_MILLIS = "15000";

    private final EmailSettings settings;

    public EmailChannel(EmailSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "e-mail by " + settings.host();
    }

    @Override
    public List<SettingProblem> problems() {
        return settings.problems();
    }

    @Override
    public void send(Notice notice) {
        Session session = Session.getInstance(properties());
        try (Transport transport = session.getTransport("smtp")) {
            MimeMessage message = new MimeMessage(session);
            message.setFrom(new InternetAddress(settings.from(), true));
            for (String address : settings.to()) {
                message.addRecipient(Message.RecipientType.TO, new InternetAddress(address, true));
            }
            message.setSubject(notice.headline(), StandardCharsets.UTF_8.name());
            message.setText(text(notice), StandardCharsets.UTF_8.name());
            message.setSentDate(Date.from(notice.at()));
            message.setHeader("Auto-Submitted", "auto-generated");
            message.saveChanges();
            if (settings.login().isPresent()) {
                EmailSettings.Login login = settings.login().get();
                transport.connect(settings.host(), settings.effectivePort(), login.user(), password(login));
            } else {
                transport.connect(settings.host(), settings.effectivePort(), null, null);
            }
            transport.sendMessage(message, message.getAllRecipients());
        } catch (AuthenticationFailedException e) {
            throw new NoticeFailedException("The SMTP server " + settings.host()
                    + " refused the login. Check notices.email.user and notices.email.password");
        } catch (MessagingException e) {
            throw new NoticeFailedException(
                    "The SMTP server " + settings.host() + ":" + settings.effectivePort() + " did not take the notice ("
                            + reason(e)
                            + "). Check notices.email.host, .port, .security and the addresses");
        }
    }

    private static String password(EmailSettings.Login login) {
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
                + "\n\nSince " + notice.at() + "\n";
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.connectiontimeout", PATIENCE_MILLIS);
        properties.setProperty("mail.smtp.timeout", PATIENCE_MILLIS);
        properties.setProperty("mail.smtp.writetimeout", PATIENCE_MILLIS);
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.setProperty(
                "mail.smtp.auth", Boolean.toString(settings.login().isPresent()));
        switch (settings.security()) {
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
