package dev.patronstream.cli.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both forms of the log, of events that try to look like others. */
class LoggingTest {

    private static final String FORGED =
            "read\n2026-12-01T02:00:00.000Z ERROR [main] d.p.Forged: all is lost\u202e\u0085";

    @TempDir
    Path folder;

    @AfterEach
    void asTheOtherTestsHaveIt() throws Exception {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        new ContextInitializer(context).autoConfig();
    }

    private List<String> logged(LogFormat format) throws Exception {
        Path file = Logging.toFile(folder.resolve("logs"), format);
        Logger logger = LoggerFactory.getLogger("dev.patronstream.Here");
        logger.info("{} rows of {}", 3, FORGED);
        logger.atWarn()
                .addKeyValue("epoch", 17)
                .setCause(new IllegalStateException(FORGED))
                .log("It failed");
        return Files.readAllLines(file);
    }

    @Test
    void eachEventIsOneObjectOfJson() throws Exception {
        List<String> lines = logged(LogFormat.JSON);
        assertEquals(2, lines.size(), lines.toString());
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertEquals("INFO", first.path("level").asText());
        assertEquals("dev.patronstream.Here", first.path("loggerName").asText());
        assertEquals("3 rows of " + FORGED, first.path("formattedMessage").asText());
        JsonNode second = new ObjectMapper().readTree(lines.get(1));
        assertEquals("It failed", second.path("formattedMessage").asText());
        assertEquals(17, second.at("/kvpList/0/epoch").asInt());
        assertEquals(FORGED, second.at("/throwable/message").asText());
        for (String line : lines) {
            assertTrue(line.chars().noneMatch(c -> c == 0x202e || c == 0x85), line);
        }
    }

    @Test
    void inTextNothingOfAnEventLooksLikeAnother() throws Exception {
        List<String> lines = logged(LogFormat.TEXT);
        assertEquals(2, lines.stream().filter(line -> line.matches("\\d{4}-.*")).count(), lines.toString());
        assertTrue(lines.get(0).contains("3 rows of read 2026-12-01T02:00:00.000Z ERROR"), lines.get(0));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("  ") && line.contains("IllegalState")));
    }
}
