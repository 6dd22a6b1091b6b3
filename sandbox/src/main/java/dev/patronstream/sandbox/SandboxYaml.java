package dev.patronstream.sandbox;

import dev.patronstream.sandbox.district.District;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The configuration of a sandbox, written again at each start. */
final class SandboxYaml {

    private static final String HOLD_WHEN = "removed-above: 12%, added-above: 12%, transferred-above: 12%,"
            + " changed-above: off, per-site-removed-above: 30%, problems-above: off, max-age: off";

    private final Sandbox sandbox;

    SandboxYaml(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    String text() {
        SortedMap<Integer, String> sites = sandbox.sites();
        String schools = sites.keySet().stream().map(String::valueOf).collect(Collectors.joining(", "));
        String names = sites.entrySet().stream()
                .map(site -> site.getKey() + ": " + site.getValue())
                .collect(Collectors.joining(", "));
        return """
                # The sandbox writes this file at each start; to change something, copy it and use the copy.
                district: eagle
                directory: ./data
                time-zone: %s
                sqlserver:
                  host: 127.0.0.1
                  port: %d
                  database: %s
                  user: %s
                  password: ${file:%s}
                  encrypt: false                       # the stand-in speaks no TLS; never do this with a real server
                kafka:
                  bootstrap-servers: %s
                  replication-factor: 1
                registry:
                  url: %s
                connector: {freshness-interval: 2s}
                status: {address: 127.0.0.1, port: %d}
                feeds:
                  destiny:
                    schools: [%s]
                    statuses: [active, pre-enrolled]
                    patrons: [students, staff]
                    sites: {%s}
                    layout: destiny
                    time-zone: %s
                    # A sandbox lives faster than a district, and its own life must not be held. A real feed does without
                    # these two keys: its first file waits for a person, and the usual thresholds are narrower.
                    first: send
                    hold-when: {%s}
                    destination:
                      sftp:
                        host: 127.0.0.1
                        port: %d
                        user: %s
                        password: ${file:%s}
                        host-key: "%s"
                        directory: /
                        file: patrons.csv
                """.formatted(
                        District.TIME_ZONE,
                        sandbox.sqlServer().port(),
                        sandbox.sqlServer().database(),
                        sandbox.sqlServer().user(),
                        sandbox.sqlServerPasswordFile(),
                        sandbox.bootstrapServers(),
                        sandbox.registryUrl(),
                        sandbox.statusPort(),
                        schools,
                        names,
                        District.TIME_ZONE,
                        HOLD_WHEN,
                        sandbox.sftpPort(),
                        sandbox.sftpUser(),
                        sandbox.sftpPasswordFile(),
                        sandbox.hostKeyFingerprint());
    }
}
