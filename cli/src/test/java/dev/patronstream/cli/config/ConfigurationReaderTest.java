package dev.patronstream.cli.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.config.setting.ConfigurationProblem;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.connector.row.ColumnGroup;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.snapshotter.FeedSettings;
import dev.patronstream.snapshotter.delivery.Credentials;
import dev.patronstream.snapshotter.layout.FreeLayoutSettings;
import dev.patronstream.snapshotter.layout.Rule;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationReaderTest {

    private static final String VALID = """
            district: eagle
            sqlserver:
              host: sis.eagle.example
              database: DST26000EAGLE
              user: patronstream
              password: ${env:SQLSERVER_PASSWORD}
            kafka:
              embedded: {directory: ./data/kafka}
            feeds:
              destiny:
                schools: [10, 20]
                sites: {10: EAGLEHS, 20: EAGLEMS}
                schedule: "0 2,12 * * *"
                time-zone: America/Los_Angeles
                destination:
                  sftp:
                    host: sftp.follett.example
                    user: eagle
                    password: ${file:destiny-password}
                    host-key: "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            """;

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>(Map.of("SQLSERVER_PASSWORD", "secret-one"));

    @BeforeEach
    void writeSecret() throws IOException {
        Files.writeString(folder.resolve("destiny-password"), "secret-two\n");
    }

    @Test
    void whatIsNotGivenHasItsDefault() {
        Configuration configuration = read(VALID);

        assertEquals(2026, configuration.schoolYear());
        assertEquals(folder.resolve("data"), configuration.directory());
        assertEquals(ZoneId.of("America/Los_Angeles"), configuration.timeZone());
        assertEquals(1433, configuration.database().port());
        assertEquals("secret-one", configuration.database().password().reveal());
        assertEquals(
                new KafkaSettings.Embedded(folder.resolve("data/kafka"), 0),
                configuration.kafka().broker());
        assertEquals(new RegistrySettings.Embedded(0), configuration.registry().place());
        assertEquals(8085, configuration.status().port());
        assertEquals(PatronStatus.PRE_ENROLLED, configuration.rules().status(Optional.of("* ")));
        assertEquals(
                Optional.of("0 2,12 * * *"),
                configuration
                        .feeds()
                        .get(0)
                        .schedule()
                        .map(ScheduleSettings::cron)
                        .orElseThrow());
    }

    @Test
    void aPasswordInAFileIsReadAgainWhenItIsNeeded() throws IOException {
        Configuration configuration = read(VALID);
        Credentials.Password credentials = (Credentials.Password)
                configuration.feeds().get(0).destination().orElseThrow().credentials();

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
                        .feeds()
                        .get(0)
                        .schedule()
                        .map(ScheduleSettings::cron)
                        .orElseThrow());
        assertEquals(0, configuration.status().port());
        assertEquals("other: #secret", configuration.database().password().reveal());
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
            Credentials.Password credentials = (Credentials.Password)
                    read(VALID).feeds().get(0).destination().orElseThrow().credentials();
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
                        + "registry: {url: \"https://registry:8081\", properties: {schema.registry.ssl.truststore.locatoin: x}}\n",
                "registry.properties",
                "did you mean schema.registry.ssl.truststore.location?");
    }

    @Test
    void aSecretOfAPartThatIsNotNeededMayBeMissing() {
        environment.remove("SQLSERVER_PASSWORD");

        Configuration configuration = ConfigurationReader.read(write(VALID), environment, EnumSet.of(Part.KAFKA));

        assertEquals("eagle", configuration.district());
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
    void aKeyOfALaterVersionIsNotSilentlyIgnored() {
        assertProblem(
                VALID.replace("    schools:", "    reset-after-roll-over: true\n    schools:"),
                "feeds.destiny.reset-after-roll-over",
                "is not supported yet");
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
    void columnsThatAFeedNeedsAreCapturedForIt() {
        Configuration configuration = read(VALID.replace(
                "    schools:", "    names: preferred\n    homeroom: {schools: [20], source: U5}\n    schools:"));

        assertEquals(
                Set.of(ColumnGroup.PREFERRED_NAMES),
                configuration.capture().columns().groups());
        assertEquals(
                Map.of(SourceTable.STU, Set.of("U5")),
                configuration.capture().columns().extra());
    }

    @Test
    void teachersAreCapturedWhereAFeedNeedsTheirNamesOrTheyAreAskedFor() {
        assertFalse(read(VALID).topics().hasTeachers());
        Configuration homeroom =
                read(VALID.replace("    schools:", "    homeroom: {schools: [20], source: tch.te}\n    schools:"));
        assertTrue(homeroom.topics().hasTeachers());
        assertEquals(Set.of(ColumnGroup.TEACHERS), homeroom.capture().columns().groups());
        assertEquals(Map.of(), homeroom.capture().columns().extra());
        assertTrue(read(READING.replace("{STU.U7}", "{counselorName}") + VALID + READING_FEED)
                .topics()
                .hasTeachers());
        Configuration asked =
                read(VALID.replace("\n  user:", "\n  columns: [teachers]\n  extra-columns: {TCH: [EM]}\n  user:"));
        assertTrue(asked.topics().hasTeachers());
        assertEquals(
                Map.of(SourceTable.TCH, Set.of("EM")), asked.capture().columns().extra());
    }

    @Test
    void columnsOfATableThatIsNotCapturedAreRefused() {
        assertProblem(
                VALID.replace("\n  user:", "\n  extra-columns: {TCH: [EM]}\n  user:"),
                "sqlserver.extra-columns.TCH",
                "table TCH is not captured: no feed needs it; to capture it all the same, add teachers to"
                        + " sqlserver.columns");
        assertProblem(
                VALID.replace("    schools:", "    homeroom: {schools: [20], source: TCH.EM}\n    schools:"),
                "feeds.destiny.homeroom.source",
                "'TCH.EM' is neither CU (the counselor's number) nor TCH.TE");
    }

    private static final String READING = """
            layouts:
              reading:
                columns:
                  ID: {template: "{id}", required: true, unique: true}
                  Born: "{birthDate|date:MM/dd/yyyy}"
                  Bus: "{STU.U7}"
            """;

    @Test
    void aLayoutOfSeveralFilesNamesThemAndTheDestinationMustNot() {
        String layouts = """
                layouts:
                  roster:
                    files:
                      students: {columns: {ID: "{id}"}}
                      schools: {rows: schools, file: sites.txt, columns: {Code: "{schoolCode}"}}
                """;
        String feed = """
                  roster:
                    schools: [20]
                    layout: roster
                    destination:
                      sftp: {host: sftp.example, user: eagle, password: "${file:destiny-password}", host-key: "SHA256:%s"%s}
                """;
        String key = "A".repeat(43);
        FeedSettings roster =
                read(layouts + VALID + feed.formatted(key, "")).feeds().get(1);
        assertEquals(List.of("students.csv", "sites.txt"), roster.fileNames());
        assertProblem(
                layouts + VALID + feed.formatted(key, ", file: roster.csv"),
                "feeds.roster.destination.sftp.file (line 30)",
                "names a file that has its name from the layout already: students.csv, sites.txt");
        assertEquals(
                List.of("patrons.zip"),
                read(layouts + "    zip: true\n" + VALID + feed.formatted(key, ""))
                        .feeds()
                        .get(1)
                        .fileNames());
    }

    @Test
    void permissionsAreWrittenAsTheyAreListed() {
        assertEquals(
                Optional.of(PosixFilePermissions.fromString("rw-r-----")),
                read(VALID.replace("        host-key:", "        permissions: rw-r-----\n        host-key:"))
                        .feeds()
                        .get(0)
                        .destination()
                        .orElseThrow()
                        .permissions());
        assertProblem(
                VALID.replace("        host-key:", "        permissions: 640\n        host-key:"),
                "feeds.destiny.destination.sftp.permissions",
                "'640' says no permissions; write them as `ls -l` shows them, like rw-r-----");
    }

    private static final String READING_FEED = """
              reading:
                schools: [20]
                layout: reading
                rules: {duplicate-value: hold-delivery}
            """;

    @Test
    void aLayoutOfItsOwnNeedsNoSitesAndCapturesWhatItsTemplatesName() {
        Configuration configuration = read(READING + VALID + READING_FEED);

        FreeLayoutSettings layout =
                (FreeLayoutSettings) configuration.feeds().get(1).layout();
        assertEquals(3, layout.files().get(0).columns().size());
        assertTrue(layout.rules().holdsDelivery(Rule.DUPLICATE_VALUE));
        assertEquals(
                Set.of(ColumnGroup.BIRTH_DATE),
                configuration.capture().columns().groups());
        assertEquals(
                Map.of(SourceTable.STU, Set.of("U7")),
                configuration.capture().columns().extra());
    }

    @Test
    void aLayoutOfItsOwnHasNoPropertiesFileToDeliver() {
        Configuration configuration = read(READING + VALID.replace("    sites:", "    layout: reading\n    sites:"));

        assertEquals(
                "", configuration.feeds().get(0).destination().orElseThrow().propertiesFile());
    }

    @Test
    void aWrongTemplateIsNamedWithLineColumnAndPosition() {
        List<ConfigurationProblem> problems =
                problems(READING.replace("{birthDate|date", "{birthday|date") + VALID + READING_FEED);

        assertEquals(1, problems.size(), problems.toString());
        assertTrue(
                problems.get(0)
                        .toString()
                        .startsWith("layouts.reading.columns.Born (line 5): column 2, at character 2: there is no field"
                                + " 'birthday'; there are: id, kind"),
                problems.toString());
    }

    @Test
    void aLayoutThatDoesNotExistAndColumnsThatDestinyDoesNotHaveAreNamed() {
        assertProblem(
                READING + VALID.replace("    sites:", "    layout: riding\n    sites:"),
                "feeds.destiny.layout",
                "there are: destiny, reading");
        assertProblem(
                VALID.replace("    sites:", "    columns: {Shoe Size: '{id}'}\n    sites:"),
                "feeds.destiny.columns.Shoe Size",
                "User Defined 1");
    }

    @Test
    void twoFeedsThatWouldWriteOneFileAtTheVendorAreNamed() {
        String annex = VALID.substring(VALID.indexOf("  destiny:"))
                .replace("destiny:", "annex:")
                .replace("[10, 20]", "[30]")
                .replace("{10: EAGLEHS, 20: EAGLEMS}", "{30: ANNEX}");
        assertProblem(
                VALID + annex + "        properties-file: \"\"\n",
                "feeds.annex.destination.sftp",
                "'patrons.csv' would be written by feeds.destiny as well");
        assertEquals(
                2, read(VALID + annex + "        directory: /annex\n").feeds().size());
    }

    @Test
    void anActionThatARuleDoesNotOfferIsRefused() {
        assertProblem(
                VALID.replace("    sites:", "    rules: {barcode-too-long: warn}\n    sites:"),
                "feeds.destiny.rules.barcode-too-long",
                "choose one of: reject-row, hold-delivery");
        assertProblem(
                VALID.replace("    sites:", "    rules: {invalid-mail: warn}\n    sites:"),
                "feeds.destiny.rules.invalid-mail",
                "did you mean invalid-email");
    }

    @Test
    void timesAndSharesHaveUnits() {
        Configuration configuration = read(VALID + "connector: {poll-interval: 250ms, sweep-above: 5%}\n");

        assertEquals(Duration.ofMillis(250), configuration.capture().limits().pollInterval());
        assertEquals(0.05, configuration.capture().limits().sweepAbove());
        assertProblem(VALID + "connector: {poll-interval: soon}\n", "connector.poll-interval", "500ms");
    }

    @Test
    void whatInitWritesIsValidOnceThePasswordsAreThere() throws IOException {
        environment.put("DESTINY_PASSWORD", "secret");
        try (InputStream template =
                ConfigurationReader.class.getResourceAsStream("/dev/patronstream/cli/command/patronstream.yaml")) {
            assertEquals(
                    "eagle", read(new String(template.readAllBytes(), UTF_8)).district());
        }
    }

    private Configuration read(String yaml) {
        return ConfigurationReader.read(write(yaml), environment, EnumSet.allOf(Part.class));
    }

    private List<ConfigurationProblem> problems(String yaml) {
        return assertThrows(InvalidConfigurationException.class, () -> read(yaml))
                .problems();
    }

    private void assertProblem(String yaml, String where, String what) {
        List<ConfigurationProblem> problems = problems(yaml);
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).toString().contains(where), problems.toString());
        assertTrue(problems.get(0).toString().contains(what), problems.toString());
    }

    private Path write(String yaml) {
        Path file = folder.resolve("patronstream.yaml");
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return file;
    }
}
