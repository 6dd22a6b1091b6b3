package dev.patronstream.cli.vendor;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The commands by which the administrator of a cluster that exists makes a vendor's account or takes it away, with the
 * tools that come with Kafka. Immutable.
 *
 * @param servers addresses of Kafka's brokers
 * @param rights what the account may do
 */
public record ClusterScript(String servers, VendorRights rights) {

    private static final String HEADING =
            "# For the administrator of the Kafka cluster, in bash; admin.properties signs the tools in.";

    /** Returns the lines that make the account. The tool gets the password by a pipe: others see its arguments. */
    public List<String> add(VendorLogin login) {
        return List.of(
                HEADING,
                user() + "--add-config-file <(echo '" + login.mechanism() + "=password=" + login.password() + "')",
                acls("--add"),
                "# For that of the registry: " + rights.vendor() + " reads the subjects "
                        + rights.topics().stream()
                                .map(topic -> topic + "-value")
                                .collect(Collectors.joining(" and "))
                        + ".");
    }

    /**
     * Returns the lines that take it away.
     *
     * @param kafka properties of the district's own clients
     */
    public List<String> remove(Map<String, String> kafka) {
        return List.of(HEADING, acls("--remove --force"), user() + "--delete-config " + VendorLogin.mechanism(kafka));
    }

    private String user() {
        return tool("kafka-configs.sh") + "--alter --entity-type users --entity-name " + rights.vendor() + " ";
    }

    private String acls(String what) {
        return tool("kafka-acls.sh") + what + " --allow-principal " + VendorRights.principal(rights.vendor())
                + " --operation Read "
                + Stream.concat(
                                rights.topics().stream().map(topic -> "--topic " + topic),
                                Stream.of("--group " + rights.vendor()))
                        .collect(Collectors.joining(" "));
    }

    private String tool(String name) {
        return name + " --bootstrap-server " + servers + " --command-config admin.properties ";
    }
}
