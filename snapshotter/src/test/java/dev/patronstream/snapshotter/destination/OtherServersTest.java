package dev.patronstream.snapshotter.destination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.file.FileFolder;
import dev.patronstream.snapshotter.file.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Deliveries over IPv6, and to OpenSSH's own server, where the machine has them; what comes of them stands in {@code
 * docs/upload-faults.md}, which {@link UploadFaultsTest} writes from the lines here.
 */
class OtherServersTest {

    private static final String PATH = "feeds.destiny.destination.sftp";
    private static final String FEED = "destiny";
    private static final String OLD = "old file\r\n".repeat(10_000);
    private static final String NEW = "new file\r\n".repeat(20_000);
    private static final List<String> NAMES = List.of("students.csv", "schools.csv");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static final List<String> IPV6 = List.of(
            "| its host key is pinned | new + new | delivered |",
            "| its host key is in known-hosts as OpenSSH writes it, `[::1]:PORT` | new + new | delivered |",
            "| the address stands in brackets, its host key in known-hosts | new + new | delivered |",
            "| it shows another host key than the pinned one | old + old | failed: The server of"
                    + " sftp://eagle@[::1]:PORT/ showed another host key than the configured one: seen SHA256:... |",
            "| the server does not run | old + old | retried: [::1]:PORT cannot be reached |");

    static final List<String> OPENSSH = List.of(
            "| its host key is pinned | new + new | delivered |",
            "| its host key is in known-hosts | new + new | delivered |",
            "| over IPv6 | new + new | delivered |",
            "| the key is not known there | old + old | failed: The server of sftp://eagle@127.0.0.1:PORT/vendor refused"
                    + " the user or the key |",
            "| the folder is missing | old + old | failed: The folder of sftp://eagle@127.0.0.1:PORT/vendor/Inbox does"
                    + " not exist, or the account cannot see it |",
            "| the old file is read-only | new + new | delivered |",
            "| a half file of an earlier attempt lies there | new + new | delivered |",
            "| the connection breaks in the first file | old + old, part | retried: The connection to"
                    + " sftp://eagle@127.0.0.1:PORT/vendor broke off while writing .students.csv.ID.part |",
            "| the connection breaks in the second file | old + old, part | retried: The connection to"
                    + " sftp://eagle@127.0.0.1:PORT/vendor broke off while writing .schools.csv.ID.part |");

    @TempDir
    private Path temporary;

    private Path vendor;
    private String account = "eagle";
    private int deliveries;
    private final List<String> lines = new ArrayList<>();

    @Test
    void aServerAtAnIpv6AddressIsLikeAnyOther() throws Exception {
        assumeTrue(hasIpv6(), "no IPv6 on this machine: there is no ::1 to listen at");
        vendor = Files.createDirectories(temporary.resolve("vendor"));
        SftpSettings settings = SftpSettings.of(
                        temporary.resolve("host-key"), SftpUser.withPassword("eagle", vendor, "right-secret"))
                .withAddress("::1");
        SftpDestination there;
        SftpServer running = SftpServer.start(settings);
        Path known = Files.writeString(
                temporary.resolve("known_hosts"),
                "[::1]:" + running.port() + " " + TestKey.publicLineOf(temporary.resolve("host-key")) + "\n");
        try (running) {
            there = destination(
                    "::1",
                    running.port(),
                    new Credentials.Password(Secret.of("right-secret")),
                    pinned(running.hostKeyFingerprint()),
                    "/");
            judge("its host key is pinned", there, there);
            judge(
                    "its host key is in known-hosts as OpenSSH writes it, `[::1]:PORT`",
                    with(there, "::1", new HostKeys.KnownHosts(known)),
                    there);
            judge(
                    "the address stands in brackets, its host key in known-hosts",
                    with(there, "[::1]", new HostKeys.KnownHosts(known)),
                    there);
            judge(
                    "it shows another host key than the pinned one",
                    with(there, "::1", pinned("SHA256:" + "B".repeat(43))),
                    there);
        }
        judge("the server does not run", there, () -> SftpServer.start(settings.withPort(there.port())), there);
        assertEquals(IPV6, lines);
    }

    @Test
    void opensshsServerIsLikeAnyOther() throws Exception {
        Path sshd = Path.of("/usr/sbin/sshd");
        assumeTrue(Files.isExecutable(sshd), "no OpenSSH server on this machine: there is no " + sshd);
        assumeTrue(
                !System.getProperty("user.name").equals("root") || Files.isDirectory(Path.of("/run/sshd")),
                "OpenSSH's server as root needs the folder /run/sshd, which is missing: mkdir /run/sshd");
        vendor = Files.createDirectories(temporary.resolve("vendor"));
        account = System.getProperty("user.name");
        TestKey key = TestKey.generate(temporary, "pass phrase");
        TestKey hostKey = TestKey.generate(temporary, "");
        try (OpenSsh server = OpenSsh.start(sshd, temporary, hostKey, key)) {
            SftpDestination there = destination(
                    "127.0.0.1",
                    server.port,
                    new Credentials.KeyFile(key.file(), Optional.of(Secret.of("pass phrase")), Optional.empty()),
                    pinned(fingerprint(hostKey)),
                    vendor.toString());
            judge("its host key is pinned", there, there);
            Path known = Files.writeString(
                    temporary.resolve("known_hosts"), "[127.0.0.1]:" + server.port + " " + hostKey.publicLine() + "\n");
            judge("its host key is in known-hosts", with(there, "127.0.0.1", new HostKeys.KnownHosts(known)), there);
            if (hasIpv6()) {
                judge("over IPv6", with(there, "::1", there.hostKeys()), there);
            } else {
                lines.add(OPENSSH.get(lines.size()));
            }
            Credentials stranger =
                    new Credentials.KeyFile(TestKey.generate(temporary, "").file(), Optional.empty(), Optional.empty());
            judge(
                    "the key is not known there",
                    destination("127.0.0.1", server.port, stranger, there.hostKeys(), there.directory()),
                    there);
            judge(
                    "the folder is missing",
                    destination("127.0.0.1", server.port, there.credentials(), there.hostKeys(), vendor + "/Inbox"),
                    there);
            prepare();
            for (String name : NAMES) {
                Files.setPosixFilePermissions(vendor.resolve(name), PosixFilePermissions.fromString("r--r--r--"));
            }
            judgePrepared("the old file is read-only", there, there);
            prepare();
            Files.writeString(vendor.resolve(".students.csv." + id(0) + ".part"), "half");
            judgePrepared("a half file of an earlier attempt lies there", there, there);
            try (CuttingRelay relay = new CuttingRelay(server.port, NEW.length() / 2)) {
                judge("the connection breaks in the first file", port(there, relay.port()), there);
            }
            try (CuttingRelay relay = new CuttingRelay(server.port, NEW.length() * 3L / 2)) {
                judge("the connection breaks in the second file", port(there, relay.port()), there);
            }
        }
        assertEquals(OPENSSH, lines);
    }

    private interface Opening {
        AutoCloseable open();
    }

    private void judge(String name, SftpDestination first, SftpDestination then) throws Exception {
        judge(name, first, () -> () -> {}, then);
    }

    private void judge(String name, SftpDestination first, Opening healing, SftpDestination then) throws Exception {
        prepare();
        judgePrepared(name, first, healing, then);
    }

    private void judgePrepared(String name, SftpDestination first, SftpDestination then) throws Exception {
        judgePrepared(name, first, () -> () -> {}, then);
    }

    private void judgePrepared(String name, SftpDestination first, Opening healing, SftpDestination then)
            throws Exception {
        String said = outcome(first);
        String after = state();
        String healed;
        try (AutoCloseable open = healing.open()) {
            healed = outcome(then);
        }
        assertEquals("new + new", state(), name + ": " + healed);
        UploadFaultsTest.requireArrival(name, after, healed);
        lines.add("| " + name + " | " + after + " | " + said + " |");
    }

    private void prepare() throws IOException {
        try (Stream<Path> children = Files.list(vendor)) {
            for (Path child : children.toList()) {
                Files.delete(child);
            }
        }
        for (String name : NAMES) {
            Files.writeString(vendor.resolve(name), OLD);
        }
    }

    private String outcome(SftpDestination there) throws IOException {
        FileFolder local = new FileFolder(temporary.resolve("local"));
        List<StoredFile> files = new ArrayList<>();
        for (String name : NAMES) {
            files.add(local.write(name, out -> out.write(NEW.getBytes(StandardCharsets.UTF_8))));
        }
        Upload upload =
                new Upload(there, PATH, new Upload.Order(FEED, id(++deliveries), files, Map.of(), false), told -> {});
        try {
            return upload.run().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        } catch (UploadFailedException e) {
            return (e.isRetryable() ? "retried: " : "failed: ")
                    + UploadFaultsTest.firstSentence(String.valueOf(e.getMessage())
                            .replace(vendor.toString(), "/vendor")
                            .replace("//" + account + "@", "//eagle@"));
        }
    }

    private String state() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> children = Files.list(vendor)) {
            for (Path child : children.toList()) {
                files.put(child.getFileName().toString(), Files.readString(child));
            }
        }
        List<String> states = NAMES.stream()
                .map(name -> files.getOrDefault(name, ""))
                .map(text -> text.equals(OLD) ? "old" : text.equals(NEW) ? "new" : "HALF")
                .toList();
        boolean part = files.keySet().stream().anyMatch(name -> name.endsWith(".part"));
        return String.join(" + ", states) + (part ? ", part" : "");
    }

    private static String id(int delivery) {
        return DeliveryId.of(FEED, Instant.parse("2026-11-24T02:00:00Z"), delivery);
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("::1", 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static HostKeys pinned(String fingerprint) {
        return new HostKeys.Pinned(List.of(fingerprint));
    }

    private static String fingerprint(TestKey key) throws Exception {
        byte[] encoded = Base64.getDecoder().decode(key.publicLine().split(" ", 3)[1]);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(encoded);
        return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
    }

    private SftpDestination destination(
            String host, int port, Credentials credentials, HostKeys keys, String directory) {
        return SftpDestinationBuilder.of(host, account, credentials, keys)
                .port(port)
                .directory(directory)
                .file("")
                .propertiesFile("")
                .connectTimeout(PATIENCE)
                .readTimeout(PATIENCE)
                .build();
    }

    private SftpDestination with(SftpDestination there, String host, HostKeys keys) {
        return SftpDestinationBuilder.like(there).host(host).hostKeys(keys).build();
    }

    private SftpDestination port(SftpDestination there, int port) {
        return SftpDestinationBuilder.like(there).port(port).build();
    }

    /** OpenSSH's server in a process of its own, for the account that runs it, with keys and {@code internal-sftp} only. */
    private static final class OpenSsh implements AutoCloseable {

        private final Process process;
        private final int port;

        private OpenSsh(Process process, int port) {
            this.process = process;
            this.port = port;
        }

        static OpenSsh start(Path sshd, Path folder, TestKey hostKey, TestKey key) throws IOException {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Files.setPosixFilePermissions(hostKey.file(), PosixFilePermissions.fromString("rw-------"));
            Path authorized = Files.writeString(folder.resolve("authorized_keys"), key.publicLine() + "\n");
            Path configuration = Files.writeString(folder.resolve("sshd_config"), """
                    Port %d
                    ListenAddress 127.0.0.1
                    %sHostKey %s
                    AuthorizedKeysFile %s
                    StrictModes no
                    PermitRootLogin prohibit-password
                    PasswordAuthentication no
                    KbdInteractiveAuthentication no
                    PidFile none
                    Subsystem sftp internal-sftp
                    ForceCommand internal-sftp
                    """.formatted(
                            port, hasIpv6() ? "ListenAddress ::1\n" : "", hostKey.file(), authorized));
            Process process = new ProcessBuilder(sshd.toString(), "-D", "-e", "-f", configuration.toString())
                    .redirectErrorStream(true)
                    .start();
            OpenSsh started = new OpenSsh(process, port);
            started.awaitListening();
            return started;
        }

        /** Reads what it says up to the line that it listens, and the rest away. */
        private void awaitListening() throws IOException {
            var out = process.inputReader();
            StringBuilder said = new StringBuilder();
            String line = out.readLine();
            while (line != null && !line.startsWith("Server listening on 127.0.0.1")) {
                said.append(line).append('\n');
                line = out.readLine();
            }
            assertTrue(line != null, said::toString);
            Thread rest = new Thread(() -> {
                try {
                    out.transferTo(Writer.nullWriter());
                } catch (IOException closed) {
                    // It has ended.
                    return;
                }
            });
            rest.setDaemon(true);
            rest.start();
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        }
    }

    /** Passes one connection on, until so many bytes have come from the client. */
    private static final class CuttingRelay implements AutoCloseable {

        private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        private final int target;
        private final long limit;

        CuttingRelay(int target, long limit) throws IOException {
            this.target = target;
            this.limit = limit;
            Thread relay = new Thread(this::relay);
            relay.setDaemon(true);
            relay.start();
        }

        int port() {
            return listening.getLocalPort();
        }

        private void relay() {
            try (Socket client = listening.accept();
                    Socket server = new Socket("127.0.0.1", target)) {
                Thread back = new Thread(() -> {
                    try {
                        server.getInputStream().transferTo(client.getOutputStream());
                    } catch (IOException cut) {
                        // As it is meant to be.
                        return;
                    }
                });
                back.setDaemon(true);
                back.start();
                byte[] buffer = new byte[8192];
                long passed = 0;
                while (passed < limit) {
                    int read = client.getInputStream().read(buffer);
                    if (read < 0) {
                        return;
                    }
                    server.getOutputStream().write(buffer, 0, read);
                    passed += read;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}
