package dev.patronstream.snapshotter.notice;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Posts notices as JSON to an address. The field {@code text} is what chat systems show; the others are for programs.
 * The address is a secret, since most services put their token into it. Follows no redirect. Thread-safe.
 */
public final class WebhookChannel implements NoticeChannel {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String NO_HOST = "(no host)";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");

    private final Secret url;
    private final String host;
    private final ObjectMapper json = new ObjectMapper();

    /** Makes a channel to {@code https://}, or {@code http://} on this machine. */
    public WebhookChannel(Secret url) {
        this.url = url;
        this.host = host(url);
    }

    /** Worked out once: a name must not fail, nor change, when the secret cannot be looked up any more. */
    private static String host(Secret url) {
        try {
            return address(url).map(URI::getHost).orElse(NO_HOST);
        } catch (RuntimeException e) {
            // What is wrong with the address is said by problems() and by send().
            return NO_HOST;
        }
    }

    private static Optional<URI> address(Secret url) {
        try {
            return Optional.of(URI.create(Text.strip(url.reveal())));
        } catch (IllegalArgumentException e) {
            // Without the exception, whose message quotes the address.
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "webhook " + host;
    }

    @Override
    public List<SettingProblem> problems() {
        Optional<URI> written = address(url);
        if (written.isEmpty()) {
            return List.of(new SettingProblem("webhook.url", "is not an address; it looks like https://host/path"));
        }
        URI address = written.get();
        if (address.getRawUserInfo() != null) {
            return List.of(
                    new SettingProblem("webhook.url", "must not hold a user and password: they would not be sent"));
        }
        boolean local = address.getHost() != null && LOOPBACK.contains(address.getHost());
        if (address.getHost() == null
                || !("https".equals(address.getScheme()) || (local && "http".equals(address.getScheme())))) {
            return List.of(new SettingProblem(
                    "webhook.url",
                    "must begin with https:// and name a host; http:// is for this machine only, since the address"
                            + " holds a token and the notice names a district"));
        }
        return List.of();
    }

    @Override
    public void send(Notice notice) {
        HttpResponse<Void> answer;
        try {
            HttpRequest request = HttpRequest.newBuilder(address())
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body(notice))))
                    .build();
            answer = HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            throw new NoticeFailedException("The webhook at " + host + " cannot be reached ("
                    + e.getClass().getSimpleName()
                    + "). Check notices.webhook.url, and that this machine may go there");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoticeFailedException("Interrupted while sending a notice to the webhook at " + host);
        }
        if (answer.statusCode() / 100 != 2) {
            throw new NoticeFailedException("The webhook at " + host + " answered with HTTP " + answer.statusCode()
                    + " instead of 200. Check notices.webhook.url: the service may have replaced it");
        }
    }

    private URI address() {
        try {
            return address(url)
                    .filter(now -> now.getHost() != null)
                    .orElseThrow(() -> new NoticeFailedException("The address of the webhook at " + host
                            + " is not one any more. Check notices.webhook.url; it looks like https://host/path"));
        } catch (UncheckedIOException e) {
            throw new NoticeFailedException("The address of the webhook at " + host + " cannot be looked up ("
                    + e.getMessage() + "). Check the file that notices.webhook.url names, and its rights");
        }
    }

    private ObjectNode body(Notice notice) {
        ObjectNode body = json.createObjectNode();
        body.put("text", notice.headline() + "\n" + notice.text());
        body.put("district", notice.district());
        notice.subject()
                .filter(name -> !notice.occasion().isOfDistrict())
                .ifPresent(name -> body.put(notice.occasion().isOfStage() ? "stage" : "feed", name));
        body.put("occasion", notice.occasion().word());
        body.put("at", notice.at().toString());
        body.put("message", notice.text());
        notice.delivery().ifPresent(id -> body.put("delivery", id));
        return body;
    }
}
