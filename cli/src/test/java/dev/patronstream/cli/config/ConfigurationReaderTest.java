package dev.patronstream.cli.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.config.setting.ConfigurationProblem;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigurationReaderTest extends WrittenConfiguration {

    @Test
    void whatIsNotGivenHasItsDefault() {
        Configuration configuration = read(VALID);

        assertEquals(2026, configuration.district().schoolYear());
        assertEquals(folder.resolve("data"), configuration.installation().directory());
        assertEquals(ZoneId.of("America/Los_Angeles"), configuration.district().timeZone());
        assertEquals(
                "sis.eagle.example:1433/DST26000EAGLE",
                configuration.capture().database().address());
        assertEquals(
                "secret-one",
                configuration
                        .capture()
                        .database()
                        .signIn()
                        .password()
                        .orElseThrow()
                        .reveal());
        assertTrue(configuration.kafka().isEmbedded());
        assertEquals(folder.resolve("data/kafka"), configuration.kafka().directory());
        assertEquals(0, configuration.kafka().port());
        assertTrue(configuration.registry().isEmbedded());
        assertEquals(0, configuration.registry().port());
        assertEquals(8085, configuration.status().port());
        assertEquals(PatronStatus.PRE_ENROLLED, configuration.district().rules().status(Optional.of("* ")));
        assertEquals(
                Optional.of("0 2,12 * * *"),
                configuration
                        .deliveries()
                        .feeds()
                        .get(0)
                        .schedule()
                        .map(ScheduleSettings::cron)
                        .orElseThrow());
    }

    private static Credentials.Password password(Configuration configuration) {
        SftpDestination there = (SftpDestination)
                configuration.deliveries().feeds().get(0).destination().orElseThrow();
        return (Credentials.Password) there.credentials();
    }

    @Test
    void aPasswordInAFileIsReadAgainWhenItIsNeeded() throws IOException {
        Configuration configuration = read(VALID);
        Credentials.Password credentials = password(configuration);

        assertEquals("secret-two", credentials.password().reveal());
        Files.writeString(folder.resolve("destiny-password"), "changed");
        assertEquals("changed", credentials.password().reveal());
    }

    @Test
    void anEnvironmentVariableWinsOverTheFile() {
        environment.put("PATRONSTREAM_FEEDS_DESTINY_SCHEDULE", "30 1 * * *");
        environment.put("PATRONSTREAM_FEEDS_DESTINY_SITES", "{10: HIGH, 20: MIDDLE}");
        environment.put("PATRONSTREAM_STATUS_PORT", "0");
        environment.put("PATRONSTREAM_SQLSERVER_PASSWORD", "other: #secret");

        Configuration configuration = read(VALID);

        assertEquals(
                Optional.of("30 1 * * *"),
                configuration
                        .deliveries()
                        .feeds()
                        .get(0)
                        .schedule()
                        .map(ScheduleSettings::cron)
                        .orElseThrow());
        assertEquals(0, configuration.status().port());
        assertEquals(
                "other: #secret",
                configuration
                        .capture()
                        .database()
                        .signIn()
                        .password()
                        .orElseThrow()
                        .reveal());
    }

    @Test
    void aVariableThatStandsForNoKeyIsAnError() {
        environment.put("PATRONSTREAM_FEEDS_DESTINY_SCHEDUEL", "30 1 * * *");

        assertProblem(
                VALID, "PATRONSTREAM_FEEDS_DESTINY_SCHEDUEL", "did you mean PATRONSTREAM_FEEDS_DESTINY_SCHEDULE?");
    }

    @Test
    void anUnknownKeyIsReportedWithTheKeyThatWasMeantAndItsLine() {
        assertProblem(
                VALID.replace("    schools: [10, 20]", "    shools: [10, 20]\n    schools: [10, 20]"),
                "feeds.destiny.shools (line 11)",
                "did you mean schools?");
    }

    @Test
    void aMissingPasswordVariableIsReportedWithItsName() {
        environment.remove("SQLSERVER_PASSWORD");

        assertProblem(VALID, "sqlserver.password (line 6)", "SQLSERVER_PASSWORD is not set");
    }

    @Test
    void aPasswordFromItsVariableIsTakenAsItIs() {
        for (String password : List.of("@bc", "*Hunter2", "~", "null", "a: b #c", "${x")) {
            environment.put("PATRONSTREAM_FEEDS_DESTINY_DESTINATION_SFTP_PASSWORD", password);
            Credentials.Password credentials = password(read(VALID));
            assertEquals(password, credentials.password().reveal());
        }
    }

    @Test
    void whatIsNotYamlIsNotQuotedSinceItCouldBeAPassword() {
        for (String password : List.of("*Hunter2", "@Hunter2", "%Hunter2", "a: Hunter2: b", "\"Hunter2")) {
            String said = problems(VALID.replace("\n  user: ", "\n  password: " + password + "\n  user: "))
                    .toString();
            assertTrue(said.contains("is not YAML"), said);
            assertFalse(said.contains("Hunter2"), said);
        }
        environment.put("PATRONSTREAM_SQLSERVER_USER", "*Hunter2");
        assertFalse(
                problems(VALID).toString().contains("Hunter2"), problems(VALID).toString());
    }

    @Test
    void secretsOfClientsAreReferencesWhereverTheyAreGiven() {
        String literal = "must not stand in the file itself";
        assertProblem(
                VALID.replace("\n  user: ", "\n  driver: {trustStorePassword: x}\n  user: "),
                "sqlserver.driver.trustStorePassword",
                literal);
        assertProblem(
                VALID.replace("kafka:", "kafka:\n  properties: {ssl.keystore.key: x}"),
                "kafka.properties.ssl.keystore.key",
                literal);
        assertProblem(
                VALID + "connector: {engine: {database.password: x}}\n", "connector.engine.database.password", literal);
    }

    @Test
    void theRegistryIsGivenNoPasswordInItsUrlAndNoKeyThatItsClientDoesNotKnow() {
        assertProblem(
                VALID + "registry: {url: \"https://svc:hidden@registry:8081\"}\n",
                "registry.url",
                "seems to hold a password");
        assertProblem(
                VALID
                        + "registry: {url: \"https://registry:8081\", properties:"
                        + " {schema.registry.ssl.truststore.locatoin: x}}\n",
                "registry.properties",
                "did you mean schema.registry.ssl.truststore.location?");
    }

    @Test
    void aSecretOfAPartThatIsNotNeededMayBeMissing() {
        environment.remove("SQLSERVER_PASSWORD");

        Configuration configuration = ConfigurationReader.read(write(VALID), environment, EnumSet.of(Part.KAFKA));

        assertEquals("eagle", configuration.district().name());
    }

    @Test
    void aPasswordInTheFileItselfIsRefusedAndNotShown() {
        List<ConfigurationProblem> problems = problems(VALID.replace("${env:SQLSERVER_PASSWORD}", "Summer-2026!"));

        assertTrue(problems.toString().contains("must not stand in the file itself"), problems.toString());
        assertFalse(problems.toString().contains("Summer"), problems.toString());
    }

    @Test
    void aSecretAmongTheClientPropertiesMustBeAReference() {
        assertProblem(
                VALID.replace("kafka:", "kafka:\n  properties: {sasl.jaas.config: \"password=hidden\"}"),
                "kafka.properties.sasl.jaas.config",
                "must not stand in the file itself");
    }

    @Test
    void aBadCronExpressionIsReported() {
        assertProblem(
                VALID.replace("0 2,12 * * *", "0 25 * * *"),
                "feeds.destiny.schedule (line 13)",
                "is not a cron expression");
    }

    @Test
    void aSchoolWithoutASiteIsReported() {
        assertProblem(VALID.replace(", 20: EAGLEMS", ""), "feeds.destiny.sites.20 (line 12)", "school 20 has no site");
    }

    @Test
    void aSchoolYearThatContradictsTheDatabaseIsReported() {
        assertProblem(
                VALID.replace("district: eagle", "district: eagle\nschool-year: 2025"),
                "school-year",
                "2025 contradicts the database DST26000EAGLE, which is of 2026-27");
    }

    @Test
    void aSchoolYearThatNobodySaysIsReported() {
        assertProblem(VALID.replace("DST26000EAGLE", "AERIES"), "school-year", "is missing");
    }

    @Test
    void anEmbeddedBrokerBesideAClusterIsReported() {
        assertProblem(
                VALID.replace("kafka:", "kafka:\n  bootstrap-servers: broker:9092"),
                "kafka (line 7)",
                "both embedded and bootstrap-servers");
    }

    @Test
    void aKeyThatIsNotSupportedIsRefusedAndNoneIsOffered() {
        assertProblem(
                VALID.replace("    schools:", "    reset-after-roll-over: true\n    schools:"),
                "feeds.destiny.reset-after-roll-over",
                "is not a key of feeds.destiny; there are: ");
        String said = problems(VALID.replace("    schools:", "    zzz: true\n    schools:"))
                .toString();
        for (String unsupported : List.of("reset-after-roll-over", "notices", "shared-with")) {
            assertFalse(said.contains(unsupported), said);
        }
    }

    @Test
    void aWebhookInClearIsRefusedWithoutShowingItsToken() {
        environment.put("NOTICE_WEBHOOK", "http://hooks.example/token-1234");
        List<ConfigurationProblem> problems =
                problems(VALID + "\nnotices: {webhook: {url: \"${env:NOTICE_WEBHOOK}\"}}\n");
        assertTrue(problems.toString().contains("must begin with https://"), problems.toString());
        assertFalse(problems.toString().contains("token-1234"), problems.toString());
    }

    @Test
    void everythingThatIsWrongIsReportedAtOnce() {
        environment.clear();
        String wrong = VALID.replace("district: eagle", "district: Eagle School")
                .replace("0 2,12 * * *", "sometimes")
                .replace(", 20: EAGLEMS", "")
                .replace("host: sis.eagle.example", "hots: sis.eagle.example")
                .replace("${file:destiny-password}", "${file:not-there}")
                .replace("SHA256:A", "MD5:A");

        List<String> paths =
                problems(wrong).stream().map(ConfigurationProblem::path).toList();

        assertTrue(
                paths.containsAll(List.of(
                        "district",
                        "sqlserver.host",
                        "sqlserver.hots",
                        "sqlserver.password",
                        "feeds.destiny.schedule",
                        "feeds.destiny.sites.20",
                        "feeds.destiny.destination.sftp.password")),
                paths.toString());
    }

    @Test
    void whatIsNotYamlIsReportedWithItsLineButWithoutTheText() {
        List<ConfigurationProblem> problems = problems("district: eagle\nsqlserver: {password: Summer-2026!\n");

        assertEquals(1, problems.size());
        assertTrue(problems.get(0).line().isPresent());
        assertFalse(problems.toString().contains("Summer"), problems.toString());
    }

    @Test
    void aMissingFileIsReportedWithTheCommandThatWritesOne() {
        InvalidConfigurationException thrown = assertThrows(
                InvalidConfigurationException.class,
                () -> ConfigurationReader.read(folder.resolve("none.yaml"), environment, Set.of()));

        assertTrue(thrown.getMessage().contains("patronstream init"), thrown.getMessage());
    }

    @Test
    void timesAndSharesHaveUnits() {
        Configuration configuration = read(VALID + "connector: {poll-interval: 250ms, mass-delete-above: 5%}\n");

        assertEquals(Duration.ofMillis(250), configuration.capture().limits().pollInterval());
        assertEquals(0.05, configuration.capture().limits().massDeleteAbove());
        assertProblem(VALID + "connector: {poll-interval: soon}\n", "connector.poll-interval", "500ms");
        assertProblem(VALID + "connector: {poll-interval: 30d}\n", "connector.poll-interval", "must be at most 1d");
    }

    @Test
    void whatInitWritesIsValidOnceThePasswordsAreThere() throws IOException {
        environment.put("DESTINY_PASSWORD", "secret");
        try (InputStream template =
                ConfigurationReader.class.getResourceAsStream("/dev/patronstream/cli/command/patronstream.yaml")) {
            assertEquals(
                    "eagle",
                    read(new String(template.readAllBytes(), UTF_8)).district().name());
        }
    }

    @Test
    void aPauseOfAllFeedsIsAKeyWithoutFeeds() {
        String none = VALID.substring(0, VALID.indexOf("feeds:"));

        read(none + "pause: 2026-12-21 to 2027-01-04\n");
        assertProblem(none + "pause: in winter\n", "pause (line 9)", "'in winter' is not a pause");
        environment.put("PATRONSTREAM_PAUSE", "2026-12-21 to 2027-01-04");
        read(none);
    }

    @Test
    void everyEncodingIsWrittenInOneWay() {
        assertProblem(
                VALID + "    encoding: utf-8\n", "feeds.destiny.encoding (line 21)", "is none of: UTF-8, windows-1252");
        assertProblem(
                VALID + "layouts:\n  reading:\n    encoding: utf-8\n    columns: {Name: \"{lastName}\"}\n",
                "layouts.reading.encoding (line 23)",
                "is none of: UTF-8, windows-1252");
    }
}
