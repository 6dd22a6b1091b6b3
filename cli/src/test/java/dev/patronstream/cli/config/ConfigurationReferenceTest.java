package dev.patronstream.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.cli.config.setting.ConfigurationText;
import dev.patronstream.cli.config.setting.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConfigurationReferenceTest {

    private static final Path REFERENCE = Path.of("..", "docs", "configuration.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "SQLSERVER_PASSWORD",
            "one",
            "DESTINY_PASSWORD",
            "two",
            "NOTICE_WEBHOOK",
            "https://hooks.example/three",
            "SMTP_PASSWORD",
            "four");

    @Test
    void theExampleOfTheReferenceIsValid() throws IOException {
        Configuration configuration = exampleReader().configuration();

        assertEquals("eagle", configuration.district().name());
        assertEquals("destiny", configuration.deliveries().feeds().get(0).feed());
    }

    private static ConfigurationReader exampleReader() throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(REFERENCE));
        MatchResult first = example.results().findFirst().orElseThrow();
        return ConfigurationReader.of(
                Path.of("patronstream.yaml").toAbsolutePath(),
                ConfigurationText.parse(first.group(1)),
                ENVIRONMENT,
                EnumSet.allOf(Part.class));
    }
}
