package dev.patronstream.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class StatusCommandTest {

    private static String lastDelivery(String feed) throws JsonProcessingException {
        return StatusCommand.lastDelivery(new ObjectMapper().readTree(feed));
    }

    @Test
    void theProblemsOfTheLastDeliveryAreCountedWhereThereAreAny() throws JsonProcessingException {
        String feed = """
                {"name": "destiny", "lastDelivery":
                  {"startedAt": "2026-11-24T10:00:00Z", "rows": 1932, "result": "delivered", "problems": %d}}
                """;
        assertEquals(
                "last delivery 2026-11-24T10:00:00Z: 1932 rows (delivered), 12 in the problem report"
                        + " (patronstream problems destiny)",
                lastDelivery(feed.formatted(12)));
        assertEquals("last delivery 2026-11-24T10:00:00Z: 1932 rows (delivered)", lastDelivery(feed.formatted(0)));
        assertEquals("nothing delivered yet", lastDelivery("{\"name\": \"destiny\"}"));
    }
}
