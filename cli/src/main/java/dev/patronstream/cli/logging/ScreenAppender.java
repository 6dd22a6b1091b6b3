package dev.patronstream.cli.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.cli.screen.Screen;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * Shows a warning as one line: text on a terminal, JSON otherwise. Only our own warnings: what libraries warn of is for
 * the log file, and their stack traces too.
 */
final class ScreenAppender extends AppenderBase<ILoggingEvent> {

    private static final String OURS = "dev.patronstream.";

    private final Screen screen;

    ScreenAppender(Screen screen) {
        this.screen = screen;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLoggerName().startsWith(OURS)) {
            screen.line(screen.isTerminal() ? text(event) : json(event));
        }
    }

    private static String text(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(event.getLevel().toString().toLowerCase(Locale.ROOT))
                .append(": ")
                .append(oneLine(event.getFormattedMessage()));
        pairs(event)
                .forEach(pair ->
                        line.append("  ").append(pair.key).append('=').append(oneLine(String.valueOf(pair.value))));
        if (event.getThrowableProxy() != null) {
            line.append("  cause=")
                    .append(oneLine(String.valueOf(event.getThrowableProxy().getMessage())));
        }
        return line.toString();
    }

    private String json(ILoggingEvent event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
        fields.put("level", event.getLevel().toString());
        fields.put("message", event.getFormattedMessage());
        pairs(event).forEach(pair -> fields.put(pair.key, String.valueOf(pair.value)));
        if (event.getThrowableProxy() != null) {
            fields.put("cause", String.valueOf(event.getThrowableProxy().getMessage()));
        }
        try {
            return new ObjectMapper().writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A map of texts can always be written as JSON", e);
        }
    }

    private static List<KeyValuePair> pairs(ILoggingEvent event) {
        return event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs();
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
