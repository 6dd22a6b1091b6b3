package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.config.setting.Reading;
import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.cli.config.setting.Values;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.notice.EmailChannel;
import dev.patronstream.snapshotter.notice.EmailChannel.Security;
import dev.patronstream.snapshotter.notice.NoticeChannel;
import dev.patronstream.snapshotter.notice.WebhookChannel;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads who is notified when something is wrong with a delivery. */
final class NoticesReader {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("H:mm", Locale.ROOT);

    private final Reading reading;

    NoticesReader(Reading reading) {
        this.reading = reading;
    }

    Configuration.Notices read(Section top) {
        return top.optionalSection("notices")
                .map(this::notices)
                .orElse(new Configuration.Notices(List.of(), Optional.empty()));
    }

    private Configuration.Notices notices(Section section) {
        Optional<LocalTime> dailySummary = section.optionalText("daily-summary").flatMap(text -> time(section, text));
        List<NoticeChannel> channels = new ArrayList<>();
        section.optionalSection("webhook").flatMap(this::webhook).ifPresent(channels::add);
        section.optionalSection("email").flatMap(this::email).ifPresent(channels::add);
        section.finish();
        // A secret that this command does not look up cannot be judged by it.
        if (reading.needs(Part.DELIVERY)) {
            channels.stream()
                    .flatMap(channel -> channel.problems().stream())
                    .forEach(problem -> section.wrong(section.at(problem.path()), problem.message()));
        }
        return new Configuration.Notices(channels, dailySummary);
    }

    private static Optional<LocalTime> time(Section section, String text) {
        try {
            return Optional.of(LocalTime.parse(text, TIME));
        } catch (DateTimeParseException e) {
            section.wrong(section.at("daily-summary"), "'" + text + "' is no time of day; write it like 07:00");
            return Optional.empty();
        }
    }

    private Optional<NoticeChannel> webhook(Section section) {
        var url = section.requiredSecret("url", Part.DELIVERY);
        section.finish();
        if (isLeftOut(Optional.of(url))) {
            return Optional.empty();
        }
        return section.build(() -> new WebhookChannel(Secret.from(url)));
    }

    /** A process that does not deliver tells of stages that are down, if it has the secret for it. */
    private boolean isLeftOut(Optional<Supplier<String>> secret) {
        try {
            return !reading.needs(Part.DELIVERY)
                    && secret.filter(value -> value.get().isEmpty()).isPresent();
        } catch (IllegalStateException notThere) {
            return true;
        }
    }

    private Optional<NoticeChannel> email(Section section) {
        String host = section.address("host");
        int port = section.optionalInteger("port").orElse(0);
        Security security = section.choice("security", Values.constant(Security.class));
        Optional<String> user = section.optionalText("user");
        var password = section.secret("password", Part.DELIVERY);
        if (user.isPresent() != section.has("password")) {
            section.wrong(
                    section.at(user.isPresent() ? "password" : "user"),
                    "is missing; give both, or neither for a server that asks for no login");
        }
        String from = section.text("from");
        List<String> to = section.texts("to");
        section.finish();
        if (isLeftOut(password)) {
            return Optional.empty();
        }
        Optional<EmailChannel.Login> login =
                user.flatMap(name -> password.map(secret -> new EmailChannel.Login(name, Secret.from(secret))));
        return section.build(() -> new EmailChannel(host, port, security, login, from, to));
    }
}
