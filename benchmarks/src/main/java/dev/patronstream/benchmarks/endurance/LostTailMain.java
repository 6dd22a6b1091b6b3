package dev.patronstream.benchmarks.endurance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.benchmarks.endurance.process.Child;
import dev.patronstream.cli.logging.LogFormat;
import dev.patronstream.cli.logging.Logging;
import dev.patronstream.sandbox.kafka.LostTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/lost-tail}: exit code 0 when the vendor holds the right names in the end and the audit is clean. */
@Command(
        name = "lost-tail",
        mixinStandardHelpOptions = true,
        description = {
            "Real processes, sandbox and run. First: kill -9, the last transaction cut off the log of a contract topic,",
            "start, another change. Second: the topics of progress and position deleted, what is printed then is done.",
            "Both end with the vendor's file, the status and the audit."
        })
final class LostTailMain implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int WRONG_USAGE = 2;
    private static final int STUDENTS = 4;
    private static final String MAIN = "dev.patronstream.cli.Patronstream";
    private static final Pattern ADVICE = Pattern.compile("patronstream (rebuild(?: --all)?)\\b");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Child> started = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private int commands;
    private Path folder = Path.of("");
    private Child sandbox;
    private Child run;

    @Option(names = "--dir", description = "A new folder for everything (default: a temporary one).")
    private Path directory = Path.of("");

    @Option(names = "--at-most", paramLabel = "MINUTES", description = "It is red after this time (default: 30).")
    private int minutes = 30;

    @Option(names = "--topic", description = "Whose last transaction is cut (default: eagle.aeries.stu).")
    private String topic = "eagle.aeries.stu";

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LostTailMain()).execute(arguments));
    }

    private record Student(int id, String lastName) {}

    @Override
    public Integer call() throws Exception {
        folder = (directory.toString().isEmpty() ? Files.createTempDirectory("lost-tail-") : directory)
                .toAbsolutePath()
                .normalize();
        if (Files.isDirectory(folder) && !isEmpty(folder)) {
            say("The folder " + folder + " is not empty; every run needs a new one");
            return WRONG_USAGE;
        }
        Logging.toFile(folder.resolve("logs"), LogFormat.TEXT);
        endInTime();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly), "stop"));
        try {
            sandbox = child("sandbox", List.of("sandbox", "--students", "300", "--dir", eagle().toString()));
            run = child("run", List.of("run", "--config", configuration()));
            start();
            List<Student> students = delivered();
            if (students.size() < STUDENTS) {
                say("RED; the first file did not come; all logs: " + folder.resolve("logs"));
                return 1;
            }
            lostTail(students.get(0), students.get(1));
            lostNumbers(students.get(2), students.get(3));
        } finally {
            started.forEach(Child::kill);
        }
        findings.forEach(finding -> say("WRONG: " + finding));
        say((findings.isEmpty() ? "GREEN" : "RED") + "; all logs: " + folder.resolve("logs"));
        return findings.isEmpty() ? 0 : 1;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private void endInTime() {
        Thread watch = new Thread(
                () -> {
                    try {
                        Thread.sleep(Duration.ofMinutes(minutes).toMillis());
                        say("RED; not done after " + minutes + " minutes; all logs: " + folder.resolve("logs"));
                        System.exit(1);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "deadline");
        watch.setDaemon(true);
        watch.start();
    }

    private void lostTail(Student first, Student second) throws Exception {
        say("1. kill -9, and the last transaction of " + topic + " is gone");
        rename(first, "Lostname");
        expect(Map.of(first, "Lostname"), "before the power failure");
        started.forEach(Child::kill);
        say("   cut off: " + LostTail.cut(eagle().resolve("kafka"), topic) + " bytes");
        start();
        rename(first, "Foundname");
        rename(second, "Othername");
        expect(Map.of(first, "Foundname", second, "Othername"), "after the power failure");
        audit();
    }

    private void lostNumbers(Student first, Student second) throws Exception {
        say("2. eagle.progress and the connector's position are deleted");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port("kafka")))) {
            admin.deleteTopics(List.of("eagle.progress", "eagle.connector.offsets"))
                    .all()
                    .get();
        }
        rename(first, "Newname");
        followAdvice();
        expect(Map.of(first, "Newname"), "after what was printed was done");
        audit();
        say("   the same, and only the connector runs");
        run.stop(PATIENCE);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port("kafka")))) {
            admin.deleteTopics(List.of("eagle.progress", "eagle.connector.offsets"))
                    .all()
                    .get();
        }
        Child connector = child("connector", List.of("run", "--only", "connector", "--config", configuration()));
        connector.start();
        awaitTopic("eagle.progress");
        rename(second, "Latename");
        int code = command("snapshot", "destiny", "--wait", "30s");
        if (code == 0 && !holds(Map.of(second, "Latename"))) {
            findings.add("a snapshot was delivered without the streams application, and it holds an old name");
        }
        say("   snapshot without the streams application: exit code " + code);
        connector.stop(PATIENCE);
        run.start();
        followAdvice();
        expect(Map.of(first, "Newname", second, "Latename"), "in the end");
        audit();
    }

    /** Does what a stage says that ends or stands still; nothing where it goes on by itself. */
    private void followAdvice() throws IOException, InterruptedException {
        for (int times = 0; times < 3; times++) {
            long deadline = System.nanoTime() + Duration.ofSeconds(45).toNanos();
            Matcher advice = ADVICE.matcher("");
            while (System.nanoTime() < deadline && run.isAlive()) {
                Thread.sleep(500);
            }
            if (run.isAlive()) {
                command("status");
                advice = ADVICE.matcher(Files.readString(logOf(commands)));
                if (!advice.find()) {
                    return;
                }
            } else {
                String words = run.lastWords();
                say("   run ended with exit code " + run.exitCode() + ": " + words);
                advice = ADVICE.matcher(words);
                if (!advice.find()) {
                    run.start();
                    continue;
                }
            }
            say("   doing what is printed: " + advice.group());
            run.stop(PATIENCE);
            List<String> line = new ArrayList<>(List.of(advice.group(1).split(" ")));
            line.add("--yes");
            say("   exit code " + command(line.toArray(String[]::new)));
            run.start();
        }
        findings.add("run does not go on, though three times everything was done that it said");
    }

    private void start() throws IOException, InterruptedException {
        sandbox.start();
        await(sandbox, "Ctrl-C stops the sandbox");
        run.start();
        await(run, "Status page");
    }

    private static void await(Child child, String words) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.readString(child.log()).contains(words)) {
            if (System.nanoTime() > deadline || !child.isAlive()) {
                throw new IllegalStateException("The process " + child.name() + " did not come up; see " + child.log());
            }
            Thread.sleep(100);
        }
    }

    private void awaitTopic(String name) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port("kafka")))) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            Set<String> names = admin.listTopics().names().get();
            while (!names.contains(name) && System.nanoTime() < deadline) {
                Thread.sleep(200);
                names = admin.listTopics().names().get();
            }
        }
    }

    /** Four active students that the vendor holds under the name that they have. */
    private List<Student> delivered() throws Exception {
        snapshot("at the start");
        List<Student> students = new ArrayList<>();
        try (Connection connection = connect();
                PreparedStatement all = connection.prepareStatement(
                        "SELECT ID, LN FROM dbo.STU WHERE SC = 10 AND TG = ' ' ORDER BY SN");
                ResultSet rows = all.executeQuery()) {
            while (rows.next() && students.size() < STUDENTS) {
                Student student = new Student(rows.getInt(1), String.valueOf(rows.getString(2)));
                if (student.lastName().matches("[A-Z][a-z]+") && holds(Map.of(student, student.lastName()))) {
                    students.add(student);
                }
            }
        }
        return students;
    }

    private void rename(Student student, String lastName) throws SQLException, IOException {
        try (Connection connection = connect();
                PreparedStatement update = connection.prepareStatement("UPDATE dbo.STU SET LN = ? WHERE ID = ?")) {
            update.setString(1, lastName);
            update.setInt(2, student.id());
            update.executeUpdate();
        }
    }

    private Connection connect() throws SQLException, IOException {
        return DriverManager.getConnection(
                "jdbc:sqlserver://127.0.0.1:" + port("sqlserver")
                        + ";databaseName=DST26000EAGLE;encrypt=false;sendStringParametersAsUnicode=true",
                "sa",
                Files.readString(eagle().resolve("secrets/sqlserver-password")).strip());
    }

    /** Once the status says that every change is in, a snapshot holds every change, and then all is good. */
    private void expect(Map<Student, String> names, String when) throws IOException, InterruptedException {
        Instant asked = Instant.now();
        awaitStatus("does not say that every change is in " + when, status -> {
            String asOf = status.at("/freshness/asOf").asText();
            return !asOf.isEmpty() && !Instant.parse(asOf).isBefore(asked);
        });
        snapshot(when);
        if (!holds(names)) {
            findings.add("the vendor's file holds an old name " + when);
        } else {
            say("   the vendor holds the right names " + when);
        }
        awaitStatus(
                "is not good " + when,
                status -> status.at("/headline/level").asText().equals("good"));
    }

    private void awaitStatus(String otherwise, Predicate<JsonNode> wanted) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!wanted.test(status())) {
            if (System.nanoTime() > deadline) {
                findings.add("the status " + otherwise);
                return;
            }
            Thread.sleep(1_000);
        }
    }

    /** Empty while nothing answers. */
    private JsonNode status() throws IOException, InterruptedException {
        return command("status", "--json") == 0 ? JSON.readTree(logOf(commands).toFile()) : JSON.createObjectNode();
    }

    /** Tried again, as a person would where a busy broker did not answer in time. */
    private void snapshot(String when) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int code = command("snapshot", "destiny", "--wait", "120s");
        while (code != 0 && System.nanoTime() < deadline) {
            say("   snapshot ended with exit code " + code + " " + when + "; once more");
            code = command("snapshot", "destiny", "--wait", "120s");
        }
        if (code != 0) {
            findings.add("snapshot ended with exit code " + code + " " + when);
        }
    }

    private boolean holds(Map<Student, String> names) throws IOException {
        Path file = eagle().resolve("sftp/patrons.csv");
        List<List<String>> rows = Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(line -> Arrays.asList(line.replace("\"", "").split(",")))
                        .toList()
                : List.of();
        return names.entrySet().stream().allMatch(name -> rows.stream()
                .anyMatch(row -> row.contains(Integer.toString(name.getKey().id())) && row.contains(name.getValue())));
    }

    private void audit() throws IOException, InterruptedException {
        int code = command("audit");
        String words = Files.readAllLines(logOf(commands)).stream()
                .filter(line -> !line.isBlank())
                .reduce("", (before, line) -> line);
        say("   audit: exit code " + code + ", " + words);
        if (code != 0) {
            findings.add("the audit is not clean: " + words);
        }
    }

    private int command(String... words) throws InterruptedException {
        commands++;
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--config", configuration()));
        Child child = child("command-" + commands, line);
        child.start();
        if (!child.awaitEnd(PATIENCE)) {
            findings.add(words[0] + " did not end");
            child.kill();
        }
        return child.exitCode();
    }

    private Path logOf(int command) {
        return folder.resolve("logs/command-" + command + "-1.log");
    }

    private Child child(String name, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of("-Xmx384m", MAIN));
        line.addAll(arguments);
        Child child = new Child(
                name,
                line,
                Map.of("PATRONSTREAM_DIRECTORY", folder.resolve("data").toString(), "PATRONSTREAM_STATUS_PORT", "0"),
                folder.resolve("logs"));
        started.add(child);
        return child;
    }

    private Path eagle() {
        return folder.resolve("eagle");
    }

    private String configuration() {
        return eagle().resolve("patronstream.yaml").toString();
    }

    private String port(String part) {
        Properties remembered = new Properties();
        try (var reader = Files.newBufferedReader(eagle().resolve("sandbox.properties"))) {
            remembered.load(reader);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return remembered.getProperty(part + ".port");
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
