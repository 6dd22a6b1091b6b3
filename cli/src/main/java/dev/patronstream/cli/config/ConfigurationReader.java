package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.ClientProperties;
import dev.patronstream.cli.config.setting.ConfigurationProblem;
import dev.patronstream.cli.config.setting.ConfigurationText;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.config.setting.Reading;
import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.cli.config.setting.Suggestion;
import dev.patronstream.cli.config.setting.TextFile;
import dev.patronstream.cli.config.setting.Values;
import dev.patronstream.cli.logging.LogFormat;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.start.SchoolYear;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.serde.RegistryClient;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.destination.folder.FolderDestination;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.SnapshotterSettings;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads the configuration file and the environment, and reports everything that is wrong at once.
 *
 * <p>Connects to nothing. Not thread-safe.
 */
public final class ConfigurationReader {

    private static final Pattern REGISTRY_URL = Pattern.compile("https?://[^\\s@?,]+(\\s*,\\s*https?://[^\\s@?,]+)*");

    private final Path file;
    private final Reading reading;
    private final Section top;

    private ConfigurationReader(Path file, Reading reading, Section top) {
        this.file = file;
        this.reading = reading;
        this.top = top;
    }

    /**
     * Reads a configuration.
     *
     * @param file the YAML file
     * @param environment the environment variables
     * @param parts the parts whose secrets have to be there
     * @throws InvalidConfigurationException if anything is wrong, with every problem
     */
    public static Configuration read(Path file, Map<String, String> environment, Set<Part> parts) {
        Path absolute = file.toAbsolutePath().normalize();
        return of(absolute, parse(absolute), environment, parts).configuration();
    }

    static ConfigurationReader of(Path file, ConfigurationText text, Map<String, String> environment, Set<Part> parts) {
        Path folder = file.toAbsolutePath().getParent();
        Reading reading = new Reading(text, environment, folder, parts);
        return new ConfigurationReader(file, reading, Section.top(reading, text.root()));
    }

    Configuration configuration() {
        String district = top.text("district");
        if (!district.isEmpty()) {
            try {
                new Topics(district);
            } catch (IllegalArgumentException e) {
                top.wrong("district", String.valueOf(e.getMessage()));
            }
        }
        Path directory = top.folder("directory", reading.folder().resolve("data"));
        LogFormat logFormat = top.choice("log-format", Values.constant(LogFormat.class));
        Section database = top.section("sqlserver");
        Optional<DatabaseSettings> databaseSettings = new DatabaseReader(database, reading.needs(Part.DATABASE)).read();
        int schoolYear = schoolYear(databaseSettings.map(DatabaseSettings::database));
        Optional<Configuration.Kafka> kafka = kafka(directory);
        Optional<Configuration.Registry> registry = registry();
        Optional<Configuration.Streams> streams = streams(directory);
        PatronRules rules = rules();
        ZoneId timeZone = timeZone();
        LayoutReader layouts = new LayoutReader(schoolYear, new LayoutsReader(schoolYear).read(top));
        FeedReader reader = new FeedReader(reading, top, layouts, rules, timeZone);
        List<FeedSettings> feeds = feeds(reader);
        SnapshotterSettings.sharedFiles(feeds).forEach(problem -> reading.problem(problem.path(), problem.message()));
        Optional<CaptureSettings> capture = new CaptureReader(database, top.section("connector"))
                .read(databaseSettings, reader.neededColumns(), timeZone);
        Optional<Configuration.Status> status = status(capture);
        Optional<Configuration.Deliveries> deliveries =
                deliveries(directory, feeds, new NoticesReader(reading).read(top));
        List<Path> own = new ArrayList<>(List.of(directory));
        kafka.filter(Configuration.Kafka::isEmbedded).ifPresent(broker -> own.add(broker.directory()));
        streams.ifPresent(stage -> own.add(stage.state()));
        deliveries.ifPresent(all -> own.add(all.archive()));
        keepOut(feeds, own);
        top.finish();
        reading.reportUnknownVariables();
        if (!reading.problems().isEmpty()) {
            throw new InvalidConfigurationException(file, reading.problems());
        }
        return new Configuration(
                new Configuration.Installation(file, directory, logFormat, reading.secretFiles()),
                new Configuration.District(district, timeZone, schoolYear, rules),
                capture.orElseThrow(),
                kafka.orElseThrow(),
                registry.orElseThrow(),
                status.orElseThrow(),
                streams.orElseThrow(),
                deliveries.orElseThrow());
    }

    private static ConfigurationText parse(Path file) {
        String text;
        try {
            text = TextFile.read(file);
        } catch (TextFile.UnreadableException e) {
            boolean none = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            throw invalid(
                    file,
                    e.line(),
                    none
                            ? "there is no such file; `patronstream init` writes one, and --config FILE names another"
                            : "the file " + e.getMessage());
        }
        try {
            return ConfigurationText.parse(text);
        } catch (YAMLException e) {
            int strange = ConfigurationText.strangelyIndented(text);
            if (strange > 0) {
                throw invalid(
                        file,
                        OptionalInt.of(strange),
                        "the file is not YAML, and this line begins with a tab or with a space that is none; write"
                                + " blanks");
            }
            throw invalid(file, ConfigurationText.line(e, text), "the file " + ConfigurationText.words(e));
        }
    }

    private static InvalidConfigurationException invalid(Path file, OptionalInt line, String message) {
        return new InvalidConfigurationException(file, List.of(new ConfigurationProblem("", line, message)));
    }

    /** The database's name says the school year; saying another one beside it means that one of the two is wrong. */
    private int schoolYear(Optional<String> database) {
        Optional<Integer> configured = top.optionalInteger("school-year");
        Optional<Integer> named =
                database.map(SchoolYear::of).filter(OptionalInt::isPresent).map(OptionalInt::getAsInt);
        if (configured.isPresent() && named.isPresent() && !configured.equals(named)) {
            top.wrong(
                    "school-year",
                    configured.get() + " contradicts the database " + database.get() + ", which is of "
                            + SchoolYear.span(named.get())
                            + "; correct sqlserver.database, or leave school-year out");
        }
        if (configured.isEmpty() && named.isEmpty() && database.isPresent()) {
            top.wrong(
                    "school-year",
                    "is missing, and the database's name " + database.get()
                            + " does not say it, as DST26000EAGLE would; write the year in which the school year"
                            + " begins, like 2026 for 2026-27");
        }
        return configured.or(() -> named).orElse(2026);
    }

    private Optional<Configuration.Kafka> kafka(Path directory) {
        Section section = top.section("kafka");
        Optional<Section> embedded = section.optionalSection("embedded");
        Optional<String> servers = section.optionalAddress("bootstrap-servers");
        if (embedded.isPresent() == servers.isPresent()) {
            section.wrong(
                    section.path(),
                    (servers.isPresent() ? "has both embedded and bootstrap-servers; keep one of them" : "is missing")
                            + ": embedded: {directory: ./data/kafka} for a broker in this process, or"
                            + " bootstrap-servers: broker:9092 for a cluster that exists");
        }
        Path usual = directory.resolve("kafka");
        Path folder = embedded.map(below -> below.folder("directory", usual)).orElse(usual);
        int port = embedded.map(below -> below.integer("port")).orElse(0);
        embedded.ifPresent(Section::finish);
        Map<String, String> properties = section.properties("properties", Part.KAFKA, () -> ClientProperties.OF_KAFKA);
        int replication = section.optionalInteger("replication-factor").orElse(servers.isPresent() ? 3 : 1);
        int insync = section.value("min-insync-replicas", Values.whole(1, replication))
                .orElse(Math.max(1, replication - 1));
        section.finish();
        return section.build(() -> new Configuration.Kafka(
                servers, folder, port, properties, new TopicSettings((short) replication, insync)));
    }

    private Optional<Configuration.Registry> registry() {
        Section section = top.section("registry");
        Optional<String> url = section.optionalText("url");
        boolean embedded = section.value("embedded", Values.FLAG).orElse(url.isEmpty());
        int port = section.integer("port");
        if (url.isPresent() == embedded) {
            section.wrong(
                    section.path(),
                    embedded
                            ? "has both embedded and url; keep one of them"
                            : "needs embedded: true for a registry in this process, or url: http://registry:8081 for"
                                    + " one that exists");
        }
        // The address is not shown: what does not belong into it is a password or token most of the time.
        url.filter(address -> !REGISTRY_URL.matcher(address).matches())
                .ifPresent(address -> section.wrong(
                        section.at("url"),
                        "must begin with http:// or https://, and hold no user, password or query; write those as"
                                + " properties: {basic.auth.credentials.source: USER_INFO, basic.auth.user.info:"
                                + " \"${env:REGISTRY_USER_INFO}\"}"));
        Map<String, String> properties = section.properties("properties", Part.KAFKA, Set::of);
        properties.keySet().stream()
                .filter(name -> !RegistryClient.KEYS.contains(name))
                .forEach(name -> section.wrong(
                        section.at("properties"),
                        name + " is nothing that the registry's client knows"
                                + Suggestion.words(name, new TreeSet<>(RegistryClient.KEYS))));
        section.finish();
        return section.build(() -> new Configuration.Registry(url, port, properties));
    }

    private Optional<Configuration.Status> status(Optional<CaptureSettings> capture) {
        Section section = top.section("status");
        String address = section.address("address");
        int port = section.integer("port");
        var staleAfter = section.value("stale-after", Values.TIME)
                .orElse(capture.map(Configuration.Status::staleAfter).orElse(Configuration.Status.STALE_AFTER));
        section.finish();
        return section.build(() -> new Configuration.Status(address, port, staleAfter));
    }

    private Optional<Configuration.Streams> streams(Path directory) {
        Section section = top.section("streams");
        Path state = section.folder("state", directory.resolve("state"));
        int standby = section.integer("standby-replicas");
        section.finish();
        return section.build(() -> new Configuration.Streams(state, standby));
    }

    private Optional<Configuration.Deliveries> deliveries(
            Path directory, List<FeedSettings> feeds, Configuration.Notices notices) {
        Section section = top.section("deliveries");
        Path archive = section.folder("archive", directory.resolve("deliveries"));
        int generations = section.integer("generations");
        int megabytes = section.integer("megabytes");
        var limit = section.duration("cut-time-limit");
        section.finish();
        return section.build(
                () -> new Configuration.Deliveries(archive, generations, megabytes, limit, feeds, notices));
    }

    private PatronRules rules() {
        Map<String, PatronStatus> tags = new HashMap<>(PatronRules.DEFAULT.statusByTag());
        tags.putAll(top.chosenMap("statuses", Values.constant(PatronStatus.class)));
        Set<String> concurrent = Set.copyOf(top.texts("concurrent-programs"));
        Set<Integer> neverPrimary = Set.copyOf(top.schools("never-primary"));
        List<Integer> order = top.schools("school-order");
        return new PatronRules(tags, concurrent, neverPrimary, order);
    }

    /** The district's clock; the feeds' one, if they agree, where it is not given. */
    private ZoneId timeZone() {
        Section feeds = top.section("feeds");
        List<ZoneId> zones = new ArrayList<>();
        for (String name : feeds.names()) {
            feeds.section(name)
                    .optionalText("time-zone")
                    .flatMap(Values::timeZone)
                    .ifPresent(zones::add);
        }
        boolean agree = zones.stream().distinct().count() == 1;
        return top.value("time-zone", Values.TIME_ZONE).orElse(agree ? zones.get(0) : ZoneId.systemDefault());
    }

    private List<FeedSettings> feeds(FeedReader reader) {
        Section section = top.section("feeds");
        List<FeedSettings> feeds = new ArrayList<>();
        for (String name : section.names()) {
            reader.read(name, section.section(name)).ifPresent(feeds::add);
        }
        return feeds;
    }

    /** A vendor's script must not find, or clear away, what the stages keep. */
    private void keepOut(List<FeedSettings> feeds, List<Path> own) {
        for (FeedSettings feed : feeds) {
            feed.destination()
                    .filter(FolderDestination.class::isInstance)
                    .map(there -> ((FolderDestination) there).path())
                    .flatMap(path -> own.stream().filter(path::startsWith).findFirst())
                    .ifPresent(folder -> reading.problem(
                            feed.destinationPath() + ".path",
                            "is within " + folder + ", where patronstream keeps its own files; name a folder outside"));
        }
    }
}
