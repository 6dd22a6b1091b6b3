package dev.patronstream.snapshotter.destination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.destination.HabitServer.Habit;
import dev.patronstream.snapshotter.destination.HabitServer.Kind;
import dev.patronstream.snapshotter.destination.HabitServer.Refusal;
import dev.patronstream.snapshotter.destination.HabitServer.Request;
import dev.patronstream.snapshotter.destination.VendorFiles.Choice;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.file.FileFolder;
import dev.patronstream.snapshotter.file.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.PasswordChangeRequiredException;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.common.SftpConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Habits that vendors' servers have; what becomes of a delivery stands in {@code docs/upload-faults.md}. */
class ServerHabitsTest {

    private static final Path PAGE = Path.of("..", "docs", "upload-faults.md");
    static final String TITLE = "## Habits of servers\n";
    private static final String WRITE = "patronstream.upload-faults.write";
    private static final String PATH = "feeds.destiny.destination.sftp";
    private static final String FEED = "destiny";
    private static final String PROPERTIES = VendorFiles.DEFAULT_PROPERTIES_FILE;
    private static final String CSV = VendorFiles.DEFAULT_FILE;
    private static final List<String> FINAL = List.of(PROPERTIES, CSV);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Map<String, String> OLD = Map.of(PROPERTIES, "old properties\n", CSV, "old\r\n".repeat(9_000));
    private static final Map<String, String> NEW = Map.of(PROPERTIES, "the new ones\n", CSV, "new\r\n".repeat(15_000));

    @TempDir
    private Path temporary;

    private final List<String> lines = new ArrayList<>();
    private KeyPair hostKey;
    private int cases;

    private static Refusal failure(String text) {
        return new Refusal(SftpConstants.SSH_FX_FAILURE, text);
    }

    private static Refusal denied() {
        return new Refusal(SftpConstants.SSH_FX_PERMISSION_DENIED, "Permission denied");
    }

    /** Refuses what is asked where the condition holds. */
    private static Habit refusing(Predicate<Request> when, Refusal refusal) {
        return new Habit() {
            @Override
            Optional<Refusal> refusal(Request request) {
                return when.test(request) ? Optional.of(refusal) : Optional.empty();
            }
        };
    }

    private static Habit refusing(Kind kind, Refusal refusal) {
        return refusing(request -> request.kind() == kind, refusal);
    }

    /** Two habits of one server. */
    private static final class Both extends Habit {

        private final Habit first;
        private final Habit second;

        Both(Habit first, Habit second) {
            this.first = first;
            this.second = second;
        }

        @Override
        Optional<Refusal> refusal(Request request) throws IOException {
            Optional<Refusal> refusal = first.refusal(request);
            return refusal.isPresent() ? refusal : second.refusal(request);
        }
    }

    private interface Preparation {
        void of(SshServer server) throws Exception;
    }

    private static Habit server(Preparation change) {
        return new Habit() {
            @Override
            void prepare(SshServer server) {
                try {
                    change.of(server);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    private static Habit showing(boolean inListOnly, Consumer<Map<String, Object>> change) {
        return new Habit() {
            @Override
            void show(Map<String, Object> attributes, boolean inList) {
                if (inList || !inListOnly) {
                    change.accept(attributes);
                }
            }
        };
    }

    /** Offers posix-rename or not, and refuses to put a file over another. */
    private Habit keepingOldFiles(boolean advertises) {
        return new Habit() {
            @Override
            boolean advertisesPosixRename() {
                return advertises;
            }

            @Override
            Optional<Refusal> refusal(Request request) {
                boolean taken = request.renames() && Files.exists(vendor().resolve(request.other()));
                return taken ? Optional.of(failure("File exists")) : Optional.empty();
            }
        };
    }

    private Habit taking(Predicate<String> names, Kind... when) {
        return new Habit() {
            @Override
            void answered(Request request) throws IOException {
                boolean awaited = request.other().isEmpty() || names.test(request.other());
                if (!List.of(when).contains(request.kind()) || !awaited) {
                    return;
                }
                Files.createDirectories(taken());
                try (Stream<Path> files = Files.list(vendor())) {
                    for (Path file : files.filter(
                                    there -> names.test(there.getFileName().toString()))
                            .toList()) {
                        Files.move(file, taken().resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        };
    }

    private Path vendor() {
        return temporary.resolve("case-" + cases).resolve("vendor");
    }

    private Path taken() {
        return temporary.resolve("case-" + cases).resolve("taken");
    }

    @Test
    void aDeliveryArrivesOrSaysWhatToDo() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        hostKey = generator.generateKeyPair();
        keys();
        renaming();
        looking();
        writing();
        connections();
        loggingIn();
        assertTrue(cases >= 50, "habits: " + cases);
        requirePage();
    }

    private void renaming() throws Exception {
        section("Renaming");
        habit("posix-rename is offered, and refuses to overwrite", keepingOldFiles(true))
                .advice("allow-non-atomic-rename: true", with(Choice.ALLOW_NON_ATOMIC_RENAME))
                .judge();
        habit("posix-rename is not offered, and a rename refuses to overwrite", keepingOldFiles(false))
                .advice("allow-non-atomic-rename: true", with(Choice.ALLOW_NON_ATOMIC_RENAME))
                .judge();
        habit(
                        "as before, without the right to delete",
                        new Both(keepingOldFiles(true), refusing(Kind.REMOVE, denied())))
                .advice("allow-non-atomic-rename: true", with(Choice.ALLOW_NON_ATOMIC_RENAME))
                .judge();
        habit("no right to rename", refusing(Request::renames, denied()))
                .cured("the right to rename")
                .judge();
        habit(
                        "new files are not let in, in spite of allow-non-atomic-rename",
                        refusing(
                                request -> request.renames()
                                        && FINAL.contains(request.other())
                                        && !request.name().contains("-old"),
                                failure("Invalid cross-device link")))
                .destination(with(Choice.ALLOW_NON_ATOMIC_RENAME))
                .unseenByCheck()
                .cured("the right to rename")
                .judge();
        habit("a rename is one across file systems", refusing(Request::renames, failure("Invalid cross-device link")))
                .cured("the right to rename")
                .judge();
        habit("a job takes the files as soon as they have their names", taking(FINAL::contains, Kind.REPLACE))
                .unseenByCheck()
                .advice("acknowledged-is-delivered: true", with(Choice.ACKNOWLEDGED_IS_DELIVERED))
                .judge();
        habit("a job takes hidden files", taking(name -> name.startsWith("."), Kind.OTHER))
                .advice("temporary-name", there -> there.temporaryName("{file}.{id}.tmp"))
                .judge();
    }

    private void looking() throws Exception {
        section("Looking");
        habit("STAT is refused", refusing(Kind.STAT, denied())).judge();
        habit("STAT is not supported", refusing(Kind.STAT, new Refusal(SftpConstants.SSH_FX_OP_UNSUPPORTED, "no")))
                .judge();
        habit("STAT comes without size", showing(false, shown -> shown.remove("size")))
                .judge();
        habit("STAT comes without type", showing(false, shown -> shown.remove("permissions")))
                .judge();
        Predicate<Request> ofMissing =
                request -> !request.name().isEmpty() && !Files.exists(vendor().resolve(request.name()));
        habit(
                        "STAT of a missing file is a FAILURE",
                        refusing(request -> request.kind() == Kind.STAT && ofMissing.test(request), failure("Failure")))
                .folder(vendor -> Files.delete(vendor.resolve(CSV)))
                .judge();
        habit(
                        "as before, and so is reading one",
                        refusing(
                                request -> List.of(Kind.STAT, Kind.READ).contains(request.kind())
                                        && ofMissing.test(request),
                                failure("Failure")))
                .folder(vendor -> Files.delete(vendor.resolve(CSV)))
                .judge();
        habit("reading is refused", refusing(Kind.READ, failure("Failure"))).judge();
        habit("reading is refused, and read-back is configured", refusing(Kind.READ, failure("Failure")))
                .destination(with(Choice.READ_BACK))
                .cured("the right to read")
                .judge();
        habit(
                        "nothing is shown: neither STAT nor list nor reading",
                        refusing(
                                request ->
                                        List.of(Kind.STAT, Kind.LIST, Kind.READ).contains(request.kind()),
                                denied()))
                .keepsParts()
                .advice("acknowledged-is-delivered: true", with(Choice.ACKNOWLEDGED_IS_DELIVERED))
                .judge();
        habit("no right to list", refusing(Kind.LIST, denied())).keepsParts().judge();
        habit("a list without sizes and types", showing(true, Map::clear)).judge();
        habit("a list with wrong sizes", showing(true, shown -> shown.put("size", 7L)))
                .judge();
        habit("upper and lower case are one, names are in capitals", new Habit() {
                    @Override
                    boolean mindsCase() {
                        return false;
                    }
                })
                .shouted()
                .judge();
    }

    private void writing() throws Exception {
        section("Writing");
        UnaryOperator<SftpDestinationBuilder> visible = there -> there.temporaryName("{id}-{file}");
        habit(
                        "hidden names are refused",
                        refusing(
                                request -> request.kind() == Kind.WRITE
                                        && request.name().startsWith("."),
                                denied()))
                .advice("temporary-name", visible)
                .judge();
        habit(
                        "only *.csv and *.properties are taken",
                        refusing(
                                request -> request.kind() == Kind.WRITE
                                        && !request.name().matches(".*\\.(csv|properties)"),
                                failure("File type not allowed")))
                .advice("temporary-name", visible)
                .judge();
        habit("no right to delete", refusing(Kind.REMOVE, denied()))
                .keepsParts()
                .judge();
        habit("no right to set permissions, none are configured", refusing(Kind.PERMIT, denied()))
                .judge();
        habit(
                        "no right to set permissions, some are configured",
                        refusing(Kind.PERMIT, failure("Operation not permitted")))
                .destination(there -> there.permissions(Optional.of(PosixFilePermissions.fromString("rw-r-----"))))
                .advice("Leave out " + PATH + ".permissions", there -> there.permissions(Optional.empty()))
                .judge();
        habit("the quota is used up", refusing(Kind.CHUNK, failure("Quota exceeded")))
                .cured("Show the vendor this answer")
                .judge();
        habit("a FAILURE without a word", refusing(Kind.CHUNK, failure("")))
                .cured("Show the vendor this answer")
                .judge();
        habit(
                        "a code of later versions says that the disk is full",
                        refusing(Kind.CHUNK, new Refusal(SftpConstants.SSH_FX_NO_SPACE_ON_FILESYSTEM, "")))
                .cured("Show the vendor this answer")
                .judge();
        habit("an answer that would color a terminal", refusing(Kind.CHUNK, failure("\u001b[31mno\r\nway\u202e")))
                .cured("Show the vendor this answer")
                .judge();
        habit("the folder is a link", new Habit())
                .folder(vendor -> Files.createSymbolicLink(vendor.resolve("in"), vendor))
                .destination(there -> there.directory("/in"))
                .judge();
        habit(
                        "the folder is missing, and STAT of it is a FAILURE",
                        refusing(request -> request.name().equals("Inbox"), failure("Failure")))
                .destination(there -> there.directory("/Inbox"))
                .advice(PATH + ".directory", there -> there.directory("/"))
                .judge();
    }

    private void connections() throws Exception {
        section("Packets and connections");
        habit(
                        "writes of more than 16 KiB are refused",
                        refusing(request -> request.bytes() > 16_384, failure("too long")))
                .judge();
        habit("short packets and reads, long handles, one open at a time", new Habit() {
                    @Override
                    void prepare(SshServer server) {
                        CoreModuleProperties.MAX_PACKET_SIZE.set(server, 2048L);
                        SftpModuleProperties.FILE_HANDLE_SIZE.set(server, 64);
                        SftpModuleProperties.MAX_OPEN_HANDLES_PER_SESSION.set(server, 1);
                    }

                    @Override
                    int longestRead() {
                        return 700;
                    }
                })
                .destination(with(Choice.READ_BACK))
                .judge();
        for (Kind kind : List.of(Kind.CHUNK, Kind.LIST, Kind.REPLACE)) {
            String when = Map.of(Kind.CHUNK, "it is written", Kind.LIST, "it lists", Kind.REPLACE, "it renames")
                    .get(kind);
            habit("it closes the channel and not the connection when " + when, new Habit() {
                        @Override
                        Optional<Refusal> refusal(Request request) {
                            if (request.kind() == kind) {
                                request.channel().close(false);
                            }
                            return Optional.empty();
                        }
                    })
                    .cured("broke off")
                    .judge();
        }
        habit("each answer takes 10 ms", new Habit() {
                    @Override
                    Optional<Refusal> refusal(Request request) {
                        LockSupport.parkNanos(10_000_000);
                        return Optional.empty();
                    }
                })
                .judge();
    }

    @SuppressWarnings("deprecation") // Old algorithms are what it is about.
    private void loggingIn() throws Exception {
        section("Logging in");
        habit("a banner", server(server -> CoreModuleProperties.WELCOME_BANNER.set(server, "Authorized use only.\r\n")))
                .judge();
        habit("it asks for the password in other words", asking(List.of(List.of("Kennwort? "))))
                .judge();
        habit(
                        "it asks in Japanese, between two rounds without a prompt",
                        asking(List.of(List.of(), List.of("パスワード："), List.of())))
                .judge();
        habit(
                        "it asks for the user, which it echoes, and twice for the password",
                        asking(List.of(List.of("+User: ", "Password"), List.of("Again"))))
                .judge();
        habit(
                        "it asks without an end",
                        server(server -> server.setUserAuthFactories(
                                List.of(new Rounds(Collections.nCopies(100, List.of("Again:")))))))
                .cured("ask the vendor whether the account is active")
                .judge();
        habit(
                        "the password has expired",
                        server(server -> server.setPasswordAuthenticator((user, password, session) -> {
                            throw new PasswordChangeRequiredException("expired", "Choose a new one", "en");
                        })))
                .cured("Choose one at the vendor's")
                .judge();
        TestKey key = TestKey.generate(temporary, "");
        Credentials keyOnly = new Credentials.KeyFile(key.file(), Optional.empty(), Optional.empty());
        Credentials both =
                new Credentials.KeyFile(key.file(), Optional.empty(), Optional.of(Secret.of(HabitServer.PASSWORD)));
        for (String methods : List.of("publickey,password", "publickey,keyboard-interactive", "password,publickey")) {
            habit("it wants " + methods.replace(",", " and then "), server(server -> {
                        server.setPublickeyAuthenticator((user, shown, session) ->
                                PublicKeyEntry.toString(shown).equals(key.publicLine()));
                        CoreModuleProperties.AUTH_METHODS.set(server, methods);
                    }))
                    .destination(there -> there.credentials(keyOnly))
                    .advice(PATH + ".password", there -> there.credentials(both))
                    .judge();
        }
        habit("it takes keys only", server(server -> {
                    server.setPublickeyAuthenticator((user, shown, session) ->
                            PublicKeyEntry.toString(shown).equals(key.publicLine()));
                    CoreModuleProperties.AUTH_METHODS.set(server, "publickey");
                }))
                .advice(PATH + ".key-file", there -> there.credentials(keyOnly))
                .judge();
        UnaryOperator<SftpDestinationBuilder> old = SftpDestinationBuilder::allowOldAlgorithms;
        habit(
                        "only old key exchanges are offered",
                        server(server -> server.setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                                true,
                                List.of(BuiltinDHFactories.dhg1, BuiltinDHFactories.dhg14),
                                ServerBuilder.DH2KEX))))
                .advice("allow-old-algorithms: true", old)
                .judge();
        habit(
                        "only old ciphers are offered",
                        server(server -> server.setCipherFactories(List.of(BuiltinCiphers.aes128cbc))))
                .advice("allow-old-algorithms: true", old)
                .judge();
        habit(
                        "only old message digests are offered",
                        server(server -> server.setMacFactories(List.of(BuiltinMacs.hmacmd5))))
                .advice("allow-old-algorithms: true", old)
                .judge();
    }

    private void keys() throws Exception {
        section("Forms of private keys");
        for (KeyForm key : KeyForm.all()) {
            Path file = Files.writeString(temporary.resolve("key-" + cases), key.text());
            habit(
                            key.form(),
                            server(server -> server.setPublickeyAuthenticator(
                                    (user, shown, session) -> KeyUtils.compareKeys(shown, key.publicKey()))))
                    .destination(there -> there.credentials(
                            new Credentials.KeyFile(file, key.secret().map(Secret::of), Optional.empty())))
                    .arrives();
        }
    }

    private static UnaryOperator<SftpDestinationBuilder> with(Choice choice) {
        return there -> there.with(choice);
    }

    private static Habit asking(List<List<String>> rounds) {
        return server(server -> server.setUserAuthFactories(List.of(new Rounds(rounds))));
    }

    private void requirePage() throws IOException {
        String part = TITLE + """

                `ServerHabitsTest` writes this part. The vendor holds old files and a part of an interrupted \
                delivery. `check` and one delivery run; if they fail, the advice of the message is followed and \
                both succeed. Another delivery the next night finds everything unchanged. `check` leaves the final \
                names alone, so it passes where only they fail.

                """ + cases + " habits.\n" + String.join("\n", UploadFaultsTest.grouped(lines)) + "\n";
        String page = Files.readString(PAGE);
        String before = page.contains(TITLE) ? page.substring(0, page.indexOf(TITLE)) : page + "\n";
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, before + part);
        }
        assertEquals(Files.readString(PAGE), before + part, "docs/upload-faults.md; -D" + WRITE + "=true writes it");
    }

    private void section(String title) {
        lines.addAll(List.of("", "### " + title, "", "| habit | `check` | what is said |", "| --- | --- | --- |"));
    }

    private Case habit(String name, Habit habit) {
        cases++;
        return new Case(name, habit);
    }

    private interface FolderChange {
        void of(Path vendor) throws IOException;
    }

    /** A habit, and what is tried with it. */
    private final class Case {

        private final String name;
        private final Habit habit;
        private UnaryOperator<SftpDestinationBuilder> destination = there -> there;
        private UnaryOperator<SftpDestinationBuilder> advice = there -> there;
        private String advised = "";
        private Optional<Habit> cure = Optional.empty();
        private FolderChange folder = vendor -> {};
        private boolean unseenByCheck;
        private boolean keepsParts;
        private boolean shouted;
        private int deliveries;

        Case(String name, Habit habit) {
            this.name = name;
            this.habit = habit;
        }

        Case destination(UnaryOperator<SftpDestinationBuilder> change) {
            destination = change;
            return this;
        }

        /** What the message says, and it is done to the configuration. */
        Case advice(String words, UnaryOperator<SftpDestinationBuilder> change) {
            advised = words;
            advice = change;
            return this;
        }

        /** What the message says, and the vendor does it. */
        Case cured(String words) {
            advised = words;
            cure = Optional.of(new Habit());
            return this;
        }

        Case folder(FolderChange change) {
            folder = change;
            return this;
        }

        Case unseenByCheck() {
            unseenByCheck = true;
            return this;
        }

        Case keepsParts() {
            keepsParts = true;
            return this;
        }

        /** The server shows names in capitals. */
        Case shouted() {
            shouted = true;
            return this;
        }

        void judge() throws Exception {
            prepare();
            String check;
            String said;
            String night;
            try (HabitServer server = HabitServer.start(vendor(), hostKey, habit)) {
                SftpDestination there = destination.apply(plain(server)).build();
                check = check(there);
                said = deliver(there, false);
                if (advised.isEmpty()) {
                    assertEquals("delivered", said, name);
                }
                if (cure.isEmpty()) {
                    SftpDestination next =
                            advice.apply(SftpDestinationBuilder.like(there)).build();
                    if (!advised.isEmpty()) {
                        requireArrival(next);
                    }
                    night = deliver(next, true);
                } else {
                    night = "";
                }
            }
            if (cure.isPresent()) {
                try (HabitServer server = HabitServer.start(vendor(), hostKey, cure.get())) {
                    SftpDestination there = destination.apply(plain(server)).build();
                    requireArrival(there);
                    night = deliver(there, true);
                }
            }
            assertEquals("unchanged", night, name);
            requireNew();
            lines.add("| " + name + " | " + check + " | " + said + " |");
        }

        /** For what is about the log-in only: it arrives. */
        void arrives() throws Exception {
            prepare();
            try (HabitServer server = HabitServer.start(vendor(), hostKey, habit)) {
                assertEquals(
                        "delivered", deliver(destination.apply(plain(server)).build(), false), name);
            }
            requireNew();
            lines.add("| " + name + " | | delivered |");
        }

        /** The advice was followed. */
        private void requireArrival(SftpDestination there) throws Exception {
            assertEquals("passes", check(there), name);
            String then = deliver(there, false);
            assertTrue(then.matches("delivered( with gap)?|arrived before"), name + ": " + then);
        }

        private void prepare() throws IOException {
            Files.createDirectories(vendor());
            for (Map.Entry<String, String> file : OLD.entrySet()) {
                Files.writeString(vendor().resolve(inCase(file.getKey())), file.getValue());
            }
            Files.writeString(vendor().resolve(inCase("." + CSV + "." + id() + ".part")), "half");
            folder.of(vendor());
        }

        private String inCase(String file) {
            return shouted ? file.toUpperCase(Locale.ROOT) : file;
        }

        /** It leaves nothing that was not there, but where nothing may be deleted, and touches no file of the vendor's. */
        private String check(SftpDestination there) throws IOException {
            Map<String, String> before = files();
            List<DestinationTrial.Step> steps = DestinationTrial.run(there, FEED, List.of(PROPERTIES, CSV), PATH);
            Map<String, String> after = files();
            if (keepsParts || name.contains("right to delete")) {
                after.keySet().removeIf(file -> file.endsWith(".part") && !before.containsKey(file));
            }
            if (name.contains("a job takes") || name.contains("closes the channel")) {
                before.keySet().removeIf(file -> file.endsWith(".part"));
                after.keySet().removeIf(file -> file.endsWith(".part"));
            }
            assertEquals(before, after, name);
            DestinationTrial.Step last = steps.get(steps.size() - 1);
            lastCheck = last.found();
            return last.passed() ? "passes" : last.what();
        }

        private String lastCheck = "";

        private String deliver(SftpDestination there, boolean known) throws Exception {
            List<StoredFile> files = new ArrayList<>();
            Map<String, String> held = new HashMap<>();
            FileFolder local = new FileFolder(temporary.resolve("local"));
            for (String file : List.of(PROPERTIES, CSV)) {
                StoredFile stored =
                        local.write(file, out -> out.write(NEW.get(file).getBytes(StandardCharsets.UTF_8)));
                files.add(stored);
                held.put(file, stored.sha256());
            }
            Upload.Order order = new Upload.Order(FEED, id(), files, known ? held : Map.of(), false);
            try {
                return new Upload(there, PATH, order, progress -> {})
                        .run()
                        .name()
                        .toLowerCase(Locale.ROOT)
                        .replace('_', ' ');
            } catch (UploadFailedException e) {
                assertTrue(e.getMessage().contains(advised) && !advised.isEmpty(), name + ": " + e.getMessage());
                if (!unseenByCheck) {
                    assertTrue(lastCheck.contains(advised), name + ": " + lastCheck);
                }
                assertEquals(Text.printable(e.getMessage()), e.getMessage());
                requireWhole();
                return (e.isRetryable() ? "retried: " : "failed: ") + UploadFaultsTest.firstSentence(e.getMessage());
            }
        }

        private void requireWhole() throws IOException {
            Map<String, String> there = files();
            for (String file : FINAL) {
                // What a job took it took whole.
                String text = there.getOrDefault(file, name.contains("a job takes") ? OLD.get(file) : "none");
                assertTrue(List.of(OLD.get(file), NEW.get(file)).contains(text), name + ": " + file);
            }
        }

        /** The vendor has the new files, and nothing of ours is left. */
        private void requireNew() throws IOException {
            Map<String, String> there = files();
            if (Files.exists(taken())) {
                for (String file : FINAL) {
                    if (Files.exists(taken().resolve(file))) {
                        there.put(file, Files.readString(taken().resolve(file)));
                    }
                }
            }
            if (keepsParts || name.contains("right to delete")) {
                there.keySet().removeIf(file -> file.endsWith(".part"));
            }
            Map<String, String> expected = new TreeMap<>();
            NEW.forEach((file, text) -> expected.put(inCase(file), text));
            assertEquals(expected, there, name);
        }

        private String id() {
            return DeliveryId.of(FEED, Instant.parse("2026-11-24T02:00:00Z"), ++deliveries);
        }

        private Map<String, String> files() throws IOException {
            Map<String, String> files = new TreeMap<>();
            try (Stream<Path> children = Files.list(vendor())) {
                for (Path child : children.filter(Files::isRegularFile).toList()) {
                    files.put(child.getFileName().toString(), Files.readString(child));
                }
            }
            return files;
        }
    }

    private static SftpDestinationBuilder plain(HabitServer server) {
        return SftpDestinationBuilder.of(
                        "127.0.0.1",
                        HabitServer.USER,
                        new Credentials.Password(Secret.of(HabitServer.PASSWORD)),
                        new HostKeys.Pinned(List.of(server.fingerprint())))
                .port(server.port())
                .connectTimeout(PATIENCE)
                .readTimeout(PATIENCE);
    }
}
