package dev.patronstream.snapshotter.destination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.patronstream.snapshotter.ledger.Archive;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a vendor's folder holds after each of many faults, against a real server; written down in
 * {@code docs/upload-faults.md}, which this test holds to what happens.
 */
class UploadFaultsTest {

    private static final Path PAGE = Path.of("..", "docs", "upload-faults.md");
    private static final String WRITE = "patronstream.upload-faults.write";
    private static final String FEED = "destiny";
    private static final String OLD = "old file\r\n".repeat(10_000);
    private static final String NEW = "new file\r\n".repeat(20_000);
    private static final String OLD_PROPERTIES = "field_type_total=16\n";
    private static final String NEW_PROPERTIES = "field_type_total=17\nfield_userName={17,omit}\n";
    private static final String CSV = VendorFiles.DEFAULT_FILE;
    private static final List<String> DESTINY = List.of(VendorFiles.DEFAULT_PROPERTIES_FILE, CSV);
    private static final List<String> SEVERAL = List.of("students.csv", "schools.csv");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration IMPATIENCE = Duration.ofSeconds(1);

    @TempDir
    private Path temporary;

    private final List<String> lines = new ArrayList<>();
    private int cases;

    @Test
    void theVendorHoldsAWholeFileAfterEachFault() throws Exception {
        lines.add("### Getting there");
        head();
        fault("the server does not run")
                .destination(there -> port(there, freePort()))
                .attempt();
        fault("its name is not known")
                .destination(there -> host(there, "no-such-host.invalid"))
                .attempt();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            fault("it takes the connection and says nothing")
                    .destination(there -> impatient(port(there, silent.getLocalPort())))
                    .attempt();
        }
        answering("it closes the connection at once", "", 0);
        answering("something that is no SSH server answers", "HTTP/1.1 400 Bad Request\r\n\r\n", 0);
        answering("its greeting comes later than the time-out", "SSH-2.0-late\r\n", 3000);
        fault("it shows another host key than the pinned one")
                .destination(there -> hostKeys(there, new HostKeys.Pinned(List.of("SHA256:" + "B".repeat(43)))))
                .attempt();
        Path known = Files.writeString(temporary.resolve("known_hosts"), "");
        fault("its host key is not in known-hosts")
                .destination(there -> hostKeys(there, new HostKeys.KnownHosts(known)))
                .attempt();
        fault("the password is wrong")
                .destination(there -> credentials(there, new Credentials.Password(Secret.of("wrong"))))
                .attempt();
        TestKey key = TestKey.generate(temporary, "pass phrase");
        fault("the key is not known there")
                .destination(there -> credentials(
                        there,
                        new Credentials.KeyFile(key.file(), Optional.of(Secret.of("pass phrase")), Optional.empty())))
                .attempt();
        fault("the key's passphrase is wrong")
                .destination(there -> credentials(
                        there,
                        new Credentials.KeyFile(key.file(), Optional.of(Secret.of("another")), Optional.empty())))
                .attempt();

        lines.add("");
        lines.add("### The folder");
        head();
        fault("the folder is missing")
                .destination(there -> directory(there, "/Inbox"))
                .attempt();
        fault("the folder is a file")
                .destination(there -> directory(there, "/note.txt"))
                .attempt();
        fault("the old file is read-only")
                .folder(vendor -> Files.setPosixFilePermissions(
                        vendor.resolve(CSV), PosixFilePermissions.fromString("r--r--r--")))
                .attempt();
        fault("a half file of an earlier attempt lies there")
                .folder(vendor -> Files.writeString(vendor.resolve("." + CSV + "." + id(0) + ".part"), "half"))
                .attempt();
        fault("there is no old file")
                .folder(vendor -> Files.delete(vendor.resolve(CSV)))
                .attempt();
        fault("writing is refused").at(Step.OPEN, Harm.DENIED).attempt();
        fault("the disk is full from the start").at(Step.FIRST_WRITE, Harm.FULL).attempt();
        fault("the disk is full in the middle").at(Step.LATER_WRITE, Harm.FULL).attempt();
        fault("less is stored than was sent").at(Step.CLOSED, Harm.SHORT).attempt();
        fault("other bytes are stored, read back")
                .destination(UploadFaultsTest::readBack)
                .at(Step.CLOSED, Harm.CHANGED)
                .attempt();
        fault("the rename is refused").at(Step.RENAMING, Harm.DENIED).attempt();
        fault("permissions are configured, and may not be set")
                .destination(there -> SftpDestinationBuilder.like(there)
                        .permissions(Optional.of(PosixFilePermissions.fromString("rw-r-----")))
                        .build())
                .at(Step.PERMITTING, Harm.DENIED)
                .attempt();
        fault("a server without posix-rename")
                .server(SftpSettings::withoutPosixRename)
                .attempt();
        fault("the same, and allow-non-atomic-rename")
                .server(SftpSettings::withoutPosixRename)
                .destination(UploadFaultsTest::allowingGaps)
                .attempt();

        lines.add("");
        lines.add("### The connection breaks");
        head();
        fault("in the properties file").at(Step.PROPERTIES_WRITE, Harm.CUT).attempt();
        fault("at the first bytes of the CSV").at(Step.FIRST_WRITE, Harm.CUT).attempt();
        fault("in the middle of the CSV").at(Step.LATER_WRITE, Harm.CUT).attempt();
        fault("after the last byte").at(Step.CLOSED, Harm.CUT).attempt();
        fault("before the rename").at(Step.RENAMING, Harm.CUT).attempt();
        fault("after the rename, before its answer").at(Step.RENAMED, Harm.CUT).attempt();
        fault("in the gap that allow-non-atomic-rename allows")
                .server(SftpSettings::withoutPosixRename)
                .destination(UploadFaultsTest::allowingGaps)
                .at(Step.RENAMING, Harm.CUT)
                .attempt();
        fault("the server falls silent in the middle")
                .destination(UploadFaultsTest::impatient)
                .at(Step.LATER_WRITE, Harm.SILENT)
                .attempt();
        fault("the server is slow, each write takes 0.1 s")
                .at(Step.LATER_WRITE, Harm.SLOW)
                .attempt();

        lines.add("");
        lines.add("### Several files with rows");
        head();
        fault("the disk is full in the second file")
                .of(SEVERAL)
                .at(Step.LATER_WRITE, Harm.FULL)
                .attempt();
        fault("the connection breaks in the second file")
                .of(SEVERAL)
                .at(Step.LATER_WRITE, Harm.CUT)
                .attempt();
        fault("the first rename is refused")
                .of(SEVERAL)
                .at(Step.FIRST_RENAMING, Harm.DENIED)
                .attempt();
        fault("the second rename is refused")
                .of(SEVERAL)
                .at(Step.RENAMING, Harm.DENIED)
                .attempt();
        fault("the connection breaks after the first rename, before its answer")
                .of(SEVERAL)
                .at(Step.FIRST_RENAMED, Harm.CUT)
                .attempt();
        fault("the connection breaks between the two renames")
                .of(SEVERAL)
                .at(Step.RENAMING, Harm.CUT)
                .attempt();
        fault("the connection breaks after the second rename, before its answer")
                .of(SEVERAL)
                .at(Step.RENAMED, Harm.CUT)
                .attempt();
        fault("our process is killed before the first rename").of(SEVERAL).killedAt(Step.FIRST_RENAMING);
        fault("our process is killed after the first rename, before it knows")
                .of(SEVERAL)
                .killedAt(Step.FIRST_RENAMED);
        fault("our process is killed between the two renames").of(SEVERAL).killedAt(Step.RENAMING);
        fault("our process is killed after the second rename, before it knows")
                .of(SEVERAL)
                .killedAt(Step.RENAMED);

        lines.add("");
        lines.add("### Our process is killed (SIGKILL)");
        head();
        for (Step step : EnumSet.complementOf(EnumSet.of(Step.PERMITTING, Step.FIRST_RENAMING, Step.FIRST_RENAMED))) {
            fault(step.words).killedAt(step);
        }
        fault("not killed, but fenced by another snapshotter before the last rename")
                .fencedBy();

        others("Over IPv6", OtherServersTest.IPV6);
        others("OpenSSH's server", OtherServersTest.OPENSSH);

        assertTrue(cases >= 25, "faults: " + cases);
        String there = Files.readString(PAGE);
        int habits = there.indexOf(ServerHabitsTest.TITLE);
        String page = page() + (habits < 0 ? "" : "\n" + there.substring(habits));
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, page);
        }
        assertEquals(Files.readString(PAGE), page, "docs/upload-faults.md; -D" + WRITE + "=true writes it");
    }

    private String page() {
        return "# Upload faults, and what the vendor holds after each\n\n"
                + "`UploadFaultsTest` writes this page (`-D" + WRITE
                + "=true`) against a real SSH server. The vendor holds old files; new ones are delivered once,"
                + " without retries.\n\n"
                + "- *After* is what the folder holds under the two names, each file whole: `new + old` means that"
                + " the first was renamed and the second not. The files are Destiny's properties file and CSV,"
                + " unless the table says otherwise. The next delivery removes `part`, a temporary file.\n"
                + "- *What is said* is the first sentence of the receipt's message; schedules retry what is marked"
                + " `retried`. After a kill the receipt is `sending`, with `unknown` where a rename was under way. A"
                + " fenced attempt writes no receipt.\n"
                + "- The next delivery without the fault finds new files by their hash, and sends the rest.\n\n"
                + cases + " faults: a half file was never seen under the file's name.\n\n"
                + String.join("\n", grouped(lines)) + "\n";
    }

    /** The next delivery sends what is missing, and nothing else. */
    static void requireArrival(String name, String after, String healed) {
        String expected = after.startsWith("new + new") ? "arrived before" : "delivered( with gap)?";
        assertTrue(healed.matches(expected), name + ": " + healed);
    }

    /** Rows of a table with the same outcome share a line. */
    static List<String> grouped(List<String> lines) {
        List<String> shared = new ArrayList<>();
        Map<String, Integer> placeByOutcome = new HashMap<>();
        for (String line : lines) {
            int end = line.indexOf(" | ");
            if (end < 0) {
                placeByOutcome.clear();
                shared.add(line);
                continue;
            }
            String outcome = line.substring(end);
            if (placeByOutcome.containsKey(outcome)) {
                int place = placeByOutcome.get(outcome);
                String first = shared.get(place);
                String names = first.substring(0, first.length() - outcome.length());
                shared.set(place, names + "<br>" + line.substring(2, end) + outcome);
            } else {
                placeByOutcome.put(outcome, shared.size());
                shared.add(line);
            }
        }
        return shared;
    }

    /** What {@link OtherServersTest} sees where the machine has such a server. */
    private void others(String title, List<String> seen) {
        lines.add("");
        lines.add("### " + title);
        head();
        lines.addAll(seen);
        cases += seen.size();
    }

    private void head() {
        lines.add("");
        lines.add("| fault | after | what is said |");
        lines.add("| --- | --- | --- |");
    }

    private enum Step {
        PROPERTIES_WRITE("while it writes the properties file"),
        OPEN("when it begins to write the CSV"),
        FIRST_WRITE("at the first bytes of the CSV"),
        LATER_WRITE("in the middle of the CSV"),
        CLOSED("after the last byte"),
        PERMITTING("before it sets the permissions"),
        FIRST_RENAMING("before the first rename"),
        FIRST_RENAMED("after the first rename, before it knows"),
        RENAMING("before the rename"),
        RENAMED("after the rename, before it knows");

        private final String words;

        Step(String words) {
            this.words = words;
        }
    }

    private enum Harm {
        NONE,
        CUT,
        DENIED,
        FULL,
        SHORT,
        CHANGED,
        SILENT,
        SLOW,
        KILL
    }

    @FunctionalInterface
    private interface Preparation {
        void of(Path vendor) throws IOException;
    }

    private Fault fault(String name) throws IOException {
        cases++;
        return new Fault(name, Files.createDirectories(temporary.resolve("case-" + cases)));
    }

    private void answering(String name, String greeting, long delayMillis) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answer = new Thread(() -> {
                try {
                    while (true) {
                        try (Socket caller = other.accept()) {
                            caller.setSoTimeout((int) Math.max(1, delayMillis));
                            if (delayMillis > 0) {
                                waitForMore(caller);
                            }
                            caller.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
                        } catch (java.net.SocketException gone) {
                            if (other.isClosed()) {
                                return;
                            }
                        }
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            answer.setDaemon(true);
            answer.start();
            fault(name)
                    .destination(there -> impatient(port(there, other.getLocalPort())))
                    .attempt();
        }
    }

    /** Until the caller has given up, or the time is over. */
    private static void waitForMore(Socket caller) throws IOException {
        try {
            caller.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (java.net.SocketTimeoutException over) {
            // The delay is over.
            return;
        }
    }

    /** One case: an attempt with the fault, and the next one without. */
    private final class Fault implements SftpEventListener {

        private final String name;
        private final Path vendor;
        private final Path archive;
        private UnaryOperator<SftpSettings> server = settings -> settings;
        private UnaryOperator<SftpDestination> destination = there -> there;
        private Preparation folder = path -> {};
        private Step step = Step.OPEN;
        private volatile Harm harm = Harm.NONE;
        private volatile Optional<Process> process = Optional.empty();
        private List<String> names = DESTINY;
        private int lastWrites;

        Fault(String name, Path place) throws IOException {
            this.name = name;
            vendor = Files.createDirectories(place.resolve("vendor"));
            archive = place.resolve("archive");
            Files.writeString(vendor.resolve("note.txt"), "theirs");
        }

        Fault of(List<String> files) {
            names = files;
            return this;
        }

        Fault server(UnaryOperator<SftpSettings> change) {
            server = change;
            return this;
        }

        Fault destination(UnaryOperator<SftpDestination> change) {
            UnaryOperator<SftpDestination> before = destination;
            destination = there -> change.apply(before.apply(there));
            return this;
        }

        Fault folder(Preparation preparation) {
            folder = preparation;
            return this;
        }

        Fault at(Step where, Harm what) {
            step = where;
            harm = what;
            return this;
        }

        /** Tries once in this process, and writes the case down. */
        void attempt() throws Exception {
            judge((running, there) -> outcome(
                    new Upload(destination.apply(there), "feeds.destiny.destination.sftp", order(1), progress -> {})));
        }

        void fencedBy() throws Exception {
            int[] asked = {0};
            judge((running, there) ->
                    outcome(new Upload(there, "feeds.destiny.destination.sftp", order(1), progress -> {
                        if (++asked[0] == 3) {
                            throw new DeliveryLedger.FencedException(FEED, new ProducerFencedException("fenced"));
                        }
                    })));
        }

        void killedAt(Step where) throws Exception {
            step = where;
            harm = Harm.KILL;
            judge((running, there) -> {
                Process started =
                        UploadProcess.start(running.port(), running.hostKeyFingerprint(), archive, id(1), names);
                process = Optional.of(started);
                assertTrue(started.waitFor(60, TimeUnit.SECONDS), name);
                assertEquals(137, started.exitValue(), name);
                return "sending: " + Files.readString(archive.resolve(UploadProcess.RECEIPT));
            });
        }

        private interface Attempt {
            String run(SftpServer running, SftpDestination there) throws Exception;
        }

        private void judge(Attempt attempt) throws Exception {
            prepare();
            folder.of(vendor);
            SftpSettings settings = server.apply(SftpSettings.of(
                            temporary.resolve("host-key"), SftpUser.withPassword("eagle", vendor, "right-secret"))
                    .withListener(this));
            String said;
            String after;
            String healed;
            try (SftpServer running = SftpServer.start(settings)) {
                SftpDestination there = plain(running);
                said = attempt.run(running, there);
                harm = Harm.NONE;
                after = state();
                SftpDestination next = settings.posixRename() ? there : allowingGaps(there);
                healed = outcome(new Upload(next, "feeds.destiny.destination.sftp", order(2), progress -> {}));
            }
            assertEquals("new + new", state(), name + ": " + healed);
            assertTrue(after.matches("(old|new|none) \\+ (old|new|none)(, part)?"), name + ": " + after);
            assertEquals("theirs", Files.readString(vendor.resolve("note.txt")), name);
            requireArrival(name, after, healed);
            lines.add("| " + name + " | " + after + " | " + said + " |");
        }

        private Upload.Order order(int delivery) throws IOException {
            Archive local = new Archive(archive, 1, Long.MAX_VALUE);
            List<StoredFile> files = new ArrayList<>();
            for (String file : names) {
                files.add(local.stored(FEED, "files", file));
            }
            return new Upload.Order(FEED, id(delivery), files, Map.of(), false);
        }

        /** The new files here, and at the vendor the old ones. */
        private void prepare() throws IOException {
            FileFolder local = new Archive(archive, 1, Long.MAX_VALUE).open(FEED, "files");
            for (String file : names) {
                local.write(file, out -> out.write(newText(file).getBytes(StandardCharsets.UTF_8)));
                Files.writeString(vendor.resolve(file), oldText(file));
            }
        }

        private String outcome(Upload upload) throws IOException {
            try {
                return upload.run().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            } catch (UploadFailedException e) {
                return (e.isRetryable() ? "retried: " : "failed: ")
                        + firstSentence(e.getMessage())
                        + (names.equals(DESTINY) ? "" : ". " + UploadProcess.states(upload, order(1).files()));
            } catch (DeliveryLedger.FencedException e) {
                return "stopped: " + firstSentence(e.getMessage());
            }
        }

        /** What is in the folder, and whether it is whole. */
        private String state() throws IOException {
            Map<String, String> files = new TreeMap<>();
            try (Stream<Path> children = Files.list(vendor)) {
                for (Path child : children.filter(Files::isRegularFile).toList()) {
                    files.put(child.getFileName().toString(), Files.readString(child));
                }
            }
            String what = names.stream()
                    .map(file -> !files.containsKey(file)
                            ? "none"
                            : files.get(file).equals(oldText(file))
                                    ? "old"
                                    : files.get(file).equals(newText(file)) ? "new" : "HALF")
                    .collect(Collectors.joining(" + "));
            boolean part = files.keySet().stream().anyMatch(file -> file.endsWith(".part"));
            return what + (part ? ", part" : "");
        }

        private void harm(Step where, ServerSession session, Path file) throws IOException {
            if (where != step) {
                return;
            }
            Harm what = harm;
            if (what != Harm.SLOW) {
                harm = what == Harm.DENIED ? Harm.DENIED : Harm.NONE;
            }
            switch (what) {
                case NONE -> {}
                case CUT -> {
                    session.close(true);
                    throw new IOException("cut");
                }
                case DENIED -> throw new AccessDeniedException(file.toString());
                case FULL -> throw new IOException("No space left on device");
                case SHORT -> Files.writeString(file, NEW.substring(0, 5));
                case CHANGED -> Files.writeString(file, NEW.replace('n', 'm'));
                case SILENT -> rest(Duration.ofSeconds(3));
                case SLOW -> rest(Duration.ofMillis(100));
                case KILL -> kill(session);
            }
        }

        private void kill(ServerSession session) throws IOException {
            try {
                process.orElseThrow().destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            session.close(true);
            throw new IOException("killed");
        }

        @Override
        public void opening(ServerSession session, String handle, Handle local) throws IOException {
            if (isTemporary(local.getFile(), last())) {
                harm(Step.OPEN, session, local.getFile());
            }
        }

        @Override
        public void writing(
                ServerSession session, String handle, FileHandle local, long at, byte[] bytes, int from, int length)
                throws IOException {
            if (isTemporary(local.getFile(), last())) {
                lastWrites++;
                harm(lastWrites == 1 ? Step.FIRST_WRITE : Step.LATER_WRITE, session, local.getFile());
            } else {
                harm(Step.PROPERTIES_WRITE, session, local.getFile());
            }
        }

        @Override
        public void closed(ServerSession session, String handle, Handle local, Throwable failure) throws IOException {
            if (isTemporary(local.getFile(), last()) && lastWrites > 0) {
                harm(Step.CLOSED, session, local.getFile());
            }
        }

        @Override
        public void modifyingAttributes(ServerSession session, Path file, Map<String, ?> attributes)
                throws IOException {
            if (attributes.containsKey("permissions")) {
                harm(Step.PERMITTING, session, file);
            }
        }

        @Override
        public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how) throws IOException {
            harm(to.endsWith(last()) ? Step.RENAMING : Step.FIRST_RENAMING, session, to);
        }

        @Override
        public void moved(ServerSession session, Path from, Path to, Collection<CopyOption> how, Throwable failure)
                throws IOException {
            harm(to.endsWith(last()) ? Step.RENAMED : Step.FIRST_RENAMED, session, to);
        }

        private String last() {
            return names.get(names.size() - 1);
        }
    }

    private static String oldText(String file) {
        return file.equals(VendorFiles.DEFAULT_PROPERTIES_FILE) ? OLD_PROPERTIES : OLD;
    }

    private static String newText(String file) {
        return file.equals(VendorFiles.DEFAULT_PROPERTIES_FILE) ? NEW_PROPERTIES : NEW;
    }

    /** Without what differs from run to run. */
    static String firstSentence(String message) {
        return message.replaceAll(":\\d{4,5}", ":PORT")
                .replaceAll("SHA256:[A-Za-z0-9+/]{43}", "SHA256:...")
                .replaceAll("\\.(csv|properties)\\.destiny-[0-9TZ]+-[0-9]+", ".$1.ID")
                .replaceAll(" \\((?!seen|posix)[^)]*\\)", "")
                .split("[.;] ", 2)[0];
    }

    private static void rest(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isTemporary(Path file, String name) {
        return file.toString().contains("/." + name + ".");
    }

    private static String id(int delivery) {
        return DeliveryId.of(FEED, Instant.parse("2026-11-24T02:00:00Z"), delivery);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static SftpDestination plain(SftpServer running) {
        return SftpDestinationBuilder.of(
                        "127.0.0.1",
                        "eagle",
                        new Credentials.Password(Secret.of("right-secret")),
                        new HostKeys.Pinned(List.of(running.hostKeyFingerprint())))
                .port(running.port())
                .connectTimeout(PATIENCE)
                .readTimeout(PATIENCE)
                .build();
    }

    private static SftpDestination host(SftpDestination there, String host) {
        return SftpDestinationBuilder.like(there).host(host).build();
    }

    private static SftpDestination port(SftpDestination there, int port) {
        return SftpDestinationBuilder.like(there).port(port).build();
    }

    private static SftpDestination credentials(SftpDestination there, Credentials credentials) {
        return SftpDestinationBuilder.like(there).credentials(credentials).build();
    }

    private static SftpDestination hostKeys(SftpDestination there, HostKeys keys) {
        return SftpDestinationBuilder.like(there).hostKeys(keys).build();
    }

    private static SftpDestination directory(SftpDestination there, String directory) {
        return SftpDestinationBuilder.like(there).directory(directory).build();
    }

    private static SftpDestination impatient(SftpDestination there) {
        return SftpDestinationBuilder.like(there)
                .connectTimeout(IMPATIENCE)
                .readTimeout(IMPATIENCE)
                .build();
    }

    private static SftpDestination readBack(SftpDestination there) {
        return SftpDestinationBuilder.like(there)
                .with(VendorFiles.Choice.READ_BACK)
                .build();
    }

    private static SftpDestination allowingGaps(SftpDestination there) {
        return SftpDestinationBuilder.like(there)
                .with(VendorFiles.Choice.ALLOW_NON_ATOMIC_RENAME)
                .build();
    }
}
