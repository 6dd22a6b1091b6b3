package dev.patronstream.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.cli.config.setting.Part;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The file itself, the environment and secrets as editors, clouds and people make them. */
class ConfigurationFileTest {

    private static final String GOOD = """
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
            """;

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>(Map.of("SQLSERVER_PASSWORD", "one"));

    @Test
    void theFileMayBeAsEditorsSaveIt() throws IOException {
        Map<String, byte[]> files = Map.of(
                "BOM", ("\uFEFF" + GOOD).getBytes(StandardCharsets.UTF_8),
                "CRLF", GOOD.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8),
                "UTF-16BE", ("\uFEFF" + GOOD).getBytes(StandardCharsets.UTF_16BE),
                "UTF-16LE", ("\uFEFF" + GOOD.replace("\n", "\r\n")).getBytes(StandardCharsets.UTF_16LE));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(folder.resolve("patronstream.yaml"), file.getValue());
            assertEquals("", sql(0), file.getKey());
        }
    }

    static Stream<Arguments> files() {
        String aliases = "a: &a [x]\nb: [" + "*a, ".repeat(60) + "*a]\n";
        return Stream.of(
                file("too many aliases", yaml -> aliases + yaml, "too many aliases"),
                file("too deep", yaml -> yaml + "x: " + "[".repeat(90) + "]".repeat(90), "nested too deep"),
                file("as deep as memory", yaml -> yaml + "x: " + "[".repeat(100_000), "nested too deep"),
                file("too big", yaml -> yaml + "# " + "x".repeat(1_100_000), "larger than 1 MB"),
                file("an anchor within itself", yaml -> yaml + "x: &x [*x]", "x (line 13)"),
                file("two documents", yaml -> yaml + "---\n" + yaml, "line 13;several documents"),
                file("a key twice", yaml -> yaml + "district: hawk\n", "district;given twice"),
                file("a tab as indentation", yaml -> yaml.replace("  host:", "\thost:"), "line 3;tab"),
                file("a no-break space as indentation", yaml -> yaml.replace("  host:", "\u00a0\u00a0host:"), "line 3"),
                file("an escape sequence", yaml -> yaml.replace("eagle\n", "eagle\u001b[2J\n"), "line 1;U+001B"),
                file("an undefined alias", yaml -> yaml + "x: *Hunter2", "line 13;needs quotes"),
                file("a schedule without quotes", yaml -> yaml + "    schedule: */15 * * * *", "line 13;needs quotes"),
                file(
                        "typographic quotes",
                        yaml -> yaml.replace("sis.eagle.example", "“sis”"),
                        "host (line 3);typographic"),
                file("only a word", yaml -> "Hunter2", "district: is missing"),
                file("nothing", yaml -> "", "district: is missing"),
                file("only a list", yaml -> "[Hunter2]", "must be a section"),
                file(
                        "no blank behind the colon",
                        yaml -> yaml.replace("{directory:", "{password:Hunter2, directory:"),
                        "kafka.embedded.password"),
                file(
                        "010 beside 10",
                        yaml -> yaml.replace("{10:", "{010: OTHER, 10:"),
                        "feeds.destiny.sites.10;means '10'"),
                file(
                        "\"010\" beside 10",
                        yaml -> yaml.replace("{10:", "{\"010\": OTHER, 10:"),
                        "feeds.destiny.sites.10"),
                file(
                        "10 twice in a list",
                        yaml -> yaml.replace("[10,", "[010, 10,"),
                        "feeds.destiny.schools;school 10 twice"),
                file(
                        "numbers of other notations",
                        yaml -> yaml.replace("{10:", "{1_0: A, 0xA: B, 1e1: C, 10:"),
                        "sites.1_0;sites.0xA;sites.1e1"),
                file(
                        "an empty value in a map",
                        yaml -> yaml + "    genders: {N: , X: M}",
                        "feeds.destiny.genders.N;empty"),
                file("sections merged", yaml -> yaml + "statuses: {<<: {R: active}}", "statuses.<<;cannot be merged"),
                file(
                        "a password in place of a port",
                        yaml -> yaml + "status: {port: \"${env:SQLSERVER_PASSWORD}\"}",
                        "status.port;${env:SQLSERVER_PASSWORD} is not a whole number"),
                file(
                        "user and password before a host",
                        yaml -> yaml.replace("sis.", "me:Hunter2@sis."),
                        "sqlserver.host"),
                file(
                        "a JDBC address as host",
                        yaml -> yaml.replace("sis.", "jdbc:sqlserver://h;user=x;password=Hunter2;"),
                        "sqlserver.host"),
                file(
                        "user and password before a broker",
                        yaml -> yaml.replace(
                                "embedded: {directory: ./data/kafka}", "bootstrap-servers: me:Hunter2@b:9092"),
                        "kafka.bootstrap-servers"),
                file(
                        "a registry without scheme",
                        yaml -> yaml + "registry: {url: \"me:Hunter2@registry:8081\"}",
                        "registry.url;https://"),
                file(
                        "a second registry",
                        yaml -> yaml + "registry: {url: \"http://a:1,http://me:Hunter2@b:2\"}",
                        "registry.url"),
                file("a query", yaml -> yaml + "registry: {url: \"http://a:1/?x=Hunter2\"}", "registry.url;query"),
                file(
                        "a misspelled secret property",
                        yaml -> yaml.replace(
                                "kafka:", "kafka:\n  properties: {sasl.jaas.confg: 'x password=\"Hunter2\";'}"),
                        "kafka.properties.sasl.jaas.confg;did you mean sasl.jaas.config"),
                file(
                        "a secret under any name",
                        yaml -> yaml.replace("kafka:", "kafka:\n  properties: {my.login: 'user=x password=Hunter2'}"),
                        "kafka.properties.my.login;seems to hold a password"),
                file(
                        "a misspelled property of the driver",
                        yaml -> yaml.replace("  user:", "  driver: {trustStorePasword: Hunter2}\n  user:"),
                        "sqlserver.driver.trustStorePasword;did you mean trustStorePassword"));
    }

    private static Arguments file(String what, UnaryOperator<String> change, String said) {
        return Arguments.of(what, change, said);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void whatIsWrongWithTheFileIsSaidInWords(String what, UnaryOperator<String> change, String said)
            throws IOException {
        environment.put("SQLSERVER_PASSWORD", "Hunter2");
        Files.writeString(folder.resolve("patronstream.yaml"), change.apply(GOOD));
        String error = sql(2);
        for (String part : said.split(";")) {
            assertTrue(error.contains(part), "'" + part + "' is missing in: " + error);
        }
    }

    @Test
    void aFileThatCannotBeReadIsSaidInWords() throws IOException {
        Path file = folder.resolve("patronstream.yaml");
        Files.write(file, GOOD.replace("20: EAGLEMS", "20: Cañada").getBytes(Charset.forName("ISO-8859-1")));
        assertTrue(sql(2).contains("line 12: the file is not text in UTF-8"), sql(2));
        Files.delete(file);
        Files.createSymbolicLink(file, folder.resolve("gone"));
        assertTrue(sql(2).contains("link to something that is not there"), sql(2));
        Files.delete(file);
        Files.createSymbolicLink(file, file);
        assertTrue(sql(2).contains("cannot be read (Too many levels of symbolic links"), sql(2));
        Files.delete(file);
        Files.createDirectory(file);
        assertTrue(sql(2).contains("is a folder"), sql(2));
    }

    /** Opening a pipe that nobody writes to waits for ever. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeOrADeviceIsNoFileForAnything() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path file = folder.resolve("patronstream.yaml");
        String sftp = GOOD + "    destination: {sftp: {host: h, user: u, key-file: ./pipe, known-hosts: ./pipe}}\n";
        Files.writeString(file, sftp.replace("{env:SQLSERVER_PASSWORD}", "{file:./pipe}"));
        List<String> wrong = assertThrows(
                        InvalidConfigurationException.class,
                        () -> ConfigurationReader.read(file, environment, EnumSet.allOf(Part.class)))
                .getMessage()
                .lines()
                .filter(line -> line.contains("is a pipe or a device; name a file"))
                .toList();
        assertEquals(3, wrong.size(), wrong::toString);
        Files.delete(file);
        Files.createSymbolicLink(file, pipe);
        assertTrue(sql(2).contains("is a pipe or a device"), sql(2));
    }

    @Test
    void variablesOfServicesOfKubernetesAreNoSettings() throws IOException {
        Files.writeString(folder.resolve("patronstream.yaml"), GOOD);
        for (String service : List.of(
                "",
                "_STATUS",
                "_REGISTRY",
                "_SQLSERVER",
                "_KAFKA_EMBEDDED",
                "_NOTICES_EMAIL",
                "_FEEDS_DESTINY_DESTINATION_SFTP",
                "_OTHER_APP")) {
            String name = "PATRONSTREAM" + service;
            environment.putAll(Map.of(
                    name + "_SERVICE_HOST", "10.0.0.5",
                    name + "_SERVICE_PORT", "8085",
                    name + "_SERVICE_PORT_HTTP_METRICS", "8085",
                    name + "_PORT", "tcp://10.0.0.5:8085",
                    name + "_PORT_8085_TCP", "tcp://10.0.0.5:8085",
                    name + "_PORT_8085_TCP_PROTO", "tcp",
                    name + "_PORT_8085_TCP_PORT", "8085",
                    name + "_PORT_8085_TCP_ADDR", "10.0.0.5"));
        }
        assertEquals("", sql(0));
        environment.put("PATRONSTREAM_STATUS_PORT", "8086");
        environment.put("PATRONSTREAM_DISTRICT", "${env:PATRONSTREAM_SERVICE_HOST}");
        assertTrue(sql(2).contains("district (line 1)"), sql(2));
        environment.remove("PATRONSTREAM_DISTRICT");
        assertEquals(8086, read().status().port());
    }

    @Test
    void variablesOfLinkedContainersAreNoSettings() throws IOException {
        Files.writeString(folder.resolve("patronstream.yaml"), GOOD);
        for (String container : List.of("PATRONSTREAM", "PATRONSTREAM_WEB", "PATRONSTREAM_NOTICES_EMAIL")) {
            environment.putAll(Map.of(
                    container + "_NAME", "/library/patronstream",
                    container + "_PORT", "tcp://172.17.0.5:8085",
                    container + "_PORT_8085_TCP_ADDR", "172.17.0.5",
                    container + "_ENV_JAVA_HOME", "/opt/java",
                    container + "_ENV_PATRONSTREAM_DISTRICT", "falcon"));
        }
        assertEquals("", sql(0));
        environment.put("PATRONSTREAM_OTHER_ENV_PATH", "/bin");
        environment.put("PATRONSTREAM_STATUS_NAME", "eagle");
        assertTrue(sql(2).contains("PATRONSTREAM_OTHER_ENV_PATH stands for no key"), sql(2));
        assertTrue(sql(2).contains("PATRONSTREAM_STATUS_NAME stands for no key"), sql(2));
    }

    @Test
    void aVariableThatWouldGiveTwoKeysIsRefused() throws IOException {
        Files.writeString(
                folder.resolve("patronstream.yaml"), GOOD + "statuses: {\" \": active, \"*\": pre-enrolled}\n");
        assertEquals("", sql(0));
        environment.put("PATRONSTREAM_STATUSES__", "inactive");
        assertTrue(sql(2).contains("PATRONSTREAM_STATUSES__ stands for statuses.  as well"), sql(2));
    }

    @Test
    void aSecretIsTakenWithoutTheMarksThatEditorsAndShellsLeave() throws IOException {
        Files.writeString(
                folder.resolve("patronstream.yaml"), GOOD.replace("{env:SQLSERVER_PASSWORD}", "{file:secret}"));
        for (byte[] bytes : List.of(
                "\uFEFFs3cret\r\n".getBytes(StandardCharsets.UTF_8),
                "\uFEFFs3cret\r\n".getBytes(StandardCharsets.UTF_16LE),
                "\uFEFFs3cret".getBytes(StandardCharsets.UTF_16BE),
                "s3cret\n\n".getBytes(StandardCharsets.UTF_8),
                "s3cret \t\r\n".getBytes(StandardCharsets.UTF_8),
                "s3cret \t".getBytes(StandardCharsets.UTF_8))) {
            Files.write(folder.resolve("secret"), bytes);
            assertEquals(
                    "s3cret",
                    read().capture()
                            .database()
                            .signIn()
                            .password()
                            .orElseThrow()
                            .reveal());
        }
        Files.writeString(folder.resolve("patronstream.yaml"), GOOD);
        environment.put("SQLSERVER_PASSWORD", "s3cret\n");
        assertEquals(
                "s3cret",
                read().capture().database().signIn().password().orElseThrow().reveal());
        environment.put("SQLSERVER_PASSWORD", "s3cret ");
        assertEquals(
                "s3cret",
                read().capture().database().signIn().password().orElseThrow().reveal());
        environment.put("PATRONSTREAM_SQLSERVER_PASSWORD", "s3cret ");
        assertEquals(
                "s3cret",
                read().capture().database().signIn().password().orElseThrow().reveal());
        environment.put("PATRONSTREAM_SQLSERVER_PASSWORD", "\uFEFFs3cret\n");
        assertEquals(
                "s3cret",
                read().capture().database().signIn().password().orElseThrow().reveal());
    }

    private Configuration read() {
        return ConfigurationReader.read(folder.resolve("patronstream.yaml"), environment, EnumSet.of(Part.DATABASE));
    }

    /** Returns what the command says on standard error. */
    private String sql(int exit) {
        CapturedTerminal terminal = new CapturedTerminal(environment);
        int ended = terminal.run(
                "sql", "--config", folder.resolve("patronstream.yaml").toString());
        String said = terminal.error();
        assertEquals(exit, ended, said);
        assertFalse(said.contains("unexpected") || said.contains("Exception") || said.contains("Hunter2"), said);
        return said;
    }
}
