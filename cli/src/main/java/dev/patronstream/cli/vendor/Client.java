package dev.patronstream.cli.vendor;

import dev.patronstream.cli.json.AvroJson;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The clients for which a vendor gets ready settings. */
public enum Client {
    /** Properties of {@code KafkaConsumer}. */
    JAVA("#") {
        @Override
        List<String> settings(VendorLogin login, String topic) {
            return Stream.of(
                            common(login),
                            Stream.of(
                                    "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required"
                                            + " username=\"" + login.vendor() + "\" password=\"" + login.password()
                                            + "\";",
                                    "group.id=" + login.vendor(),
                                    "auto.offset.reset=earliest",
                                    "schema.registry.url=" + login.registry()))
                    .flatMap(lines -> lines)
                    .toList();
        }
    },
    /** A module with the settings of {@code confluent-kafka}. */
    PYTHON("#") {
        @Override
        List<String> settings(VendorLogin login, String topic) {
            Stream<String> entries = Stream.of(
                            common(login),
                            user(login),
                            Stream.of("group.id=" + login.vendor(), "auto.offset.reset=earliest"))
                    .flatMap(lines -> lines)
                    .map(line -> "    \"" + line.replaceFirst("=", "\": \"") + "\",");
            return Stream.of(
                            Stream.of("kafka = {"),
                            entries,
                            Stream.of("}", "registry = {\"url\": \"" + login.registry() + "\"}"))
                    .flatMap(lines -> lines)
                    .toList();
        }
    },
    /** A module with the settings of {@code kafkajs}, which reads what is committed unless it is told otherwise. */
    JAVASCRIPT("//") {
        @Override
        List<String> settings(VendorLogin login, String topic) {
            String brokers =
                    Stream.of(login.servers().split(",")).map(String::strip).collect(Collectors.joining("', '"));
            return List.of(
                    "module.exports = {",
                    "  kafka: {",
                    "    brokers: ['" + brokers + "'],",
                    "    ssl: " + login.isEncrypted() + ",",
                    "    sasl: {",
                    "      mechanism: '" + login.mechanism().toLowerCase(Locale.ROOT) + "',",
                    "      username: '" + login.vendor() + "',",
                    "      password: '" + login.password() + "',",
                    "    },",
                    "  },",
                    "  groupId: '" + login.vendor() + "',",
                    "  registry: '" + login.registry() + "',",
                    "}");
        }
    },
    /** A file for {@code kcat -F}. */
    KCAT("#") {
        @Override
        List<String> settings(VendorLogin login, String topic) {
            return Stream.of(
                            Stream.of("# kcat -F FILE -C -t " + topic + " -r " + login.registry() + " -s value=avro"),
                            common(login),
                            user(login))
                    .flatMap(lines -> lines)
                    .toList();
        }
    };

    private final String comment;

    Client(String comment) {
        this.comment = comment;
    }

    /** Returns the lines of a file that is complete, with what the account may do in front. */
    public List<String> lines(VendorRights rights, VendorLogin login) {
        return Stream.concat(
                        Stream.of(
                                comment + " " + rights.words(),
                                comment + " The password is shown once; `vendor add` again makes a new one."),
                        settings(login, rights.topics().get(0)).stream())
                .toList();
    }

    abstract List<String> settings(VendorLogin login, String topic);

    private static Stream<String> common(VendorLogin login) {
        return Stream.of(
                "bootstrap.servers=" + login.servers(),
                "security.protocol=" + login.protocol(),
                "sasl.mechanism=" + login.mechanism(),
                "isolation.level=read_committed");
    }

    private static Stream<String> user(VendorLogin login) {
        return Stream.of("sasl.username=" + login.vendor(), "sasl.password=" + login.password());
    }

    @Override
    public String toString() {
        return AvroJson.word(this);
    }
}
