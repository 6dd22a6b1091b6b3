package dev.patronstream.cli.web;

import dev.patronstream.cli.web.StatusReport.Feed;
import dev.patronstream.cli.web.StatusReport.Freshness;
import dev.patronstream.cli.web.StatusReport.FreshnessState;
import dev.patronstream.cli.web.StatusReport.Instance;
import dev.patronstream.cli.web.StatusReport.Notice;
import dev.patronstream.cli.web.StatusReport.Role;
import dev.patronstream.cli.web.StatusReport.School;
import dev.patronstream.cli.web.StatusReport.Stage;
import dev.patronstream.cli.web.StatusReport.StageName;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.Counted;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.Removal;
import dev.patronstream.schemas.serde.AvroSerializer;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.ServiceUnavailableResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** A small district in memory, in any of the situations a page has to show. */
final class SampleDistrict implements StatusSource {

    /** A situation. */
    enum Situation {
        STARTING,
        WELL,
        STALLED,
        FAILED_DELIVERY,
        WRITTEN_ONLY,
        STOPPED,
        STOPPED_ELSEWHERE,
        DELIVERING,
        HELD,
        REJECTED,
        UNCHANGED,
        PAUSED,
        CAPTURE_HELD,
        SPARE,
        NOT_HEARD_OF,
        BROKER_DOWN,
        UNKNOWN
    }

    static final String FEED = "destiny";
    static final int STUDENT = 99400001;
    static final int STAFF_MEMBER = 1203;
    static final int ENTRIES = 150;
    static final String AWKWARD_NAME = "<script>alert('O\"Brien')</script>";

    static final String HOLD = "5f2c9a17";

    final SampleOrders orders;
    private final SampleReceipts receipts;
    private final Situation situation;
    private final Instant now;
    private final Instant started;

    SampleDistrict(Situation situation, Instant now) {
        // Avro copies the parts of a record only after it was told to trust the contracts, which every serde does.
        new AvroSerializer<Patron>().close();
        this.situation = situation;
        this.now = now;
        this.receipts = new SampleReceipts(now);
        this.orders = new SampleOrders(situation, receipts);
        this.started = now.minusSeconds(situation == Situation.STARTING ? 6 : 97_000);
    }

    @Override
    public StatusReport report() {
        boolean starting = situation == Situation.STARTING;
        return new StatusReport(
                new StatusReport.Origin("eagle", "0.1.0", started, ZoneId.of("America/Los_Angeles")),
                now,
                stages(),
                freshness(),
                starting ? OptionalLong.empty() : OptionalLong.of(2247),
                List.of(feed()),
                deliveries(),
                Map.of("rowsPublished", starting ? 812L : 48_211L, "epochs", 19_344L, "retries", 2L));
    }

    private List<Stage> stages() {
        boolean starting = situation == Situation.STARTING;
        Map<String, String> progress = new LinkedHashMap<>();
        progress.put("Epoch", "19344");
        progress.put("Watermark", "0000002f:00001a58:0004");
        return List.of(
                new Stage(
                        StageName.CAPTURE,
                        starting
                                ? StageState.WORKING
                                : isStopped()
                                        ? StageState.FAILED
                                        : situation == Situation.NOT_HEARD_OF
                                                ? StageState.SILENT
                                                : situation == Situation.CAPTURE_HELD
                                                        ? StageState.HELD
                                                        : StageState.RUNNING,
                        starting
                                ? "Reading all tables for the first time, 812 rows so far."
                                : isStopped()
                                        ? "The database refuses the login of patronstream; check user and password under"
                                                + " sqlserver, then start again."
                                        : "Takes every change from Aeries as it is committed.",
                        started.plusSeconds(4),
                        progress,
                        List.of(new Notice(
                                Optional.of(now.minusSeconds(900)), "The tables were read again: 3 rows differed")),
                        instances()),
                new Stage(
                        StageName.PATRONS,
                        starting ? StageState.STARTING : StageState.RUNNING,
                        starting ? "Waits for the first students." : "Keeps every patron and one feed up to date.",
                        started.plusSeconds(5),
                        starting ? Map.of() : progress),
                new Stage(
                        StageName.DELIVERIES,
                        starting
                                ? StageState.STARTING
                                : situation == Situation.HELD ? StageState.HELD : StageState.RUNNING,
                        starting ? "Waits for the patron table." : "Delivers one feed by its schedule.",
                        started.plusSeconds(5),
                        Map.of()),
                new Stage(
                        StageName.KAFKA,
                        situation == Situation.BROKER_DOWN ? StageState.RETRYING : StageState.RUNNING,
                        situation == Situation.BROKER_DOWN
                                ? "Kafka at kafka1:9092 cannot be reached (no answer within 10 s). Start it, correct the"
                                        + " address, or check kafka.properties for security settings"
                                : "In this process, 9 topics.",
                        started,
                        Map.of("Address", "127.0.0.1:39092", "Folder", "data/kafka")),
                new Stage(
                        StageName.REGISTRY,
                        StageState.RUNNING,
                        "In this process.",
                        started,
                        Map.of("Address", "http://127.0.0.1:38081")));
    }

    private List<Instance> instances() {
        boolean silent = situation == Situation.NOT_HEARD_OF;
        Instance leader = new Instance(
                "process 4711 on sis1",
                situation != Situation.STOPPED_ELSEWHERE && situation != Situation.SPARE && !silent,
                isStopped() ? StageState.FAILED : silent ? StageState.SILENT : StageState.RUNNING,
                "Takes every change from Aeries as it is committed.",
                Role.LEADS,
                started,
                silent ? now.minusSeconds(190) : now,
                Optional.empty());
        Instance spare = new Instance(
                "process 812 on sis2",
                true,
                StageState.RUNNING,
                "waits: process 4711 on sis1 captures",
                Role.WAITS,
                now.minusSeconds(700),
                now,
                Optional.empty());
        return situation == Situation.SPARE ? List.of(leader, spare) : List.of(leader);
    }

    private boolean isStopped() {
        return situation == Situation.STOPPED || situation == Situation.STOPPED_ELSEWHERE;
    }

    private Freshness freshness() {
        return switch (situation) {
            case STARTING -> Freshness.NOT_YET;
            case STALLED ->
                new Freshness(
                        FreshnessState.STALLED,
                        Optional.of(now.minusSeconds(1260)),
                        "The database's capture job has finished no scan since then; ask the DBA whether SQL Server Agent"
                                + " runs");
            case UNKNOWN ->
                new Freshness(
                        FreshnessState.UNKNOWN,
                        Optional.of(now.minusSeconds(40)),
                        "The database has not answered since " + now.minusSeconds(40));
            case NOT_HEARD_OF -> new Freshness(FreshnessState.STALE, Optional.of(now.minusSeconds(190)), "");
            default -> new Freshness(FreshnessState.KNOWN, Optional.of(now.minusSeconds(2)), "");
        };
    }

    private Feed feed() {
        boolean failed = situation == Situation.FAILED_DELIVERY;
        List<Delivery> own = deliveries();
        return new Feed(
                FEED,
                List.of(
                        new School(10, Optional.of("EAGLEHS"), "Eagle High School"),
                        new School(20, Optional.of("EAGLEMS"), "Eagle Middle School"),
                        new School(30, Optional.of("OAKELEM"), "Oak Elementary School")),
                situation == Situation.STARTING ? OptionalLong.empty() : OptionalLong.of(1932),
                situation == Situation.DELIVERING,
                new StatusReport.Times(
                        situation == Situation.SPARE,
                        situation == Situation.SPARE ? Optional.empty() : Optional.of(now.plusSeconds(26_000)),
                        situation == Situation.PAUSED ? Optional.of(now.plusSeconds(700_000)) : Optional.empty()),
                own.stream().findFirst(),
                own.stream()
                        .filter(receipt -> receipt.getResult() == DeliveryResult.DELIVERED)
                        .findFirst(),
                failed || situation == Situation.HELD || situation == Situation.REJECTED
                        ? own.get(0).getMessage()
                        : Optional.empty());
    }

    private List<Delivery> deliveries() {
        return receipts.of(situation);
    }

    @Override
    public Optional<Patron> patron(PatronKind kind, int id) {
        refuseWhileStarting();
        boolean known = kind == PatronKind.STUDENT ? id == STUDENT : id == STAFF_MEMBER;
        return known
                ? Optional.of(Patron.newBuilder()
                        .setKind(kind)
                        .setId(id)
                        .setLastName(kind == PatronKind.STUDENT ? AWKWARD_NAME : "Ångström")
                        .setFirstName("María-José")
                        .setBirthDate(LocalDate.of(2011, 3, 9))
                        .setExtra(Map.of("U1", "locker 12"))
                        .setPrimary(affiliation(PatronStatus.ACTIVE, 10, "Eagle High School"))
                        .setOthers(List.of(affiliation(PatronStatus.PRE_ENROLLED, 20, "Eagle Middle School")))
                        .setEpoch(19344)
                        .setWatermark("0000002f:00001a58:0004")
                        .build())
                : Optional.empty();
    }

    @Override
    public List<String> sheet(String feed) {
        return List.of("Feed " + feed, "", "Who");
    }

    @Override
    public List<FeedEntry> feedEntries(
            String feed, Optional<Integer> school, Optional<PatronStatus> status, int limit) {
        refuseWhileStarting();
        return IntStream.range(0, ENTRIES)
                .mapToObj(number -> FeedEntry.newBuilder()
                        .setFeed(feed)
                        .setKind(PatronKind.STUDENT)
                        .setId(STUDENT + number)
                        .setPrimary(affiliation(
                                number % 3 == 0 ? PatronStatus.PRE_ENROLLED : PatronStatus.ACTIVE,
                                number % 2 == 0 ? 10 : 20,
                                "School"))
                        .setEpoch(19344)
                        .setWatermark("0000002f:00001a58:0004")
                        .build())
                .filter(entry ->
                        school.isEmpty() || school.equals(entry.getPrimary().getSchoolCode()))
                .filter(entry ->
                        status.isEmpty() || status.get() == entry.getPrimary().getStatus())
                .limit(limit)
                .toList();
    }

    private void refuseWhileStarting() {
        if (situation == Situation.STARTING) {
            throw new ServiceUnavailableResponse("The patron table is being rebuilt; ask again in a moment");
        }
    }

    private static Affiliation affiliation(PatronStatus status, int school, String name) {
        return Affiliation.newBuilder()
                .setSchoolCode(school)
                .setSchoolName(name)
                .setStudentNumber(1234)
                .setStatus(status)
                .setGrade(9)
                .setEnterDate(LocalDate.of(2026, 8, 12))
                .build();
    }

    @Override
    public Explained explain(String feed, PatronKind kind, int id) {
        refuseWhileStarting();
        if (id != STUDENT) {
            throw new NotFoundResponse("Neither Aeries nor the library has a student with ID " + id);
        }
        return new Explained(
                List.of(
                        "In the feed: yes, active at Eagle High School",
                        "In the file: yes",
                        "Last carried by destiny-1-19344 (2026-11-23 20:18 America/Los_Angeles), site EAGLEHS"),
                List.of("student/" + id + " in the feed " + feed, "", "Rules: none fired"));
    }

    @Override
    public List<BrokenRule> problems(String feed) {
        return List.of(new BrokenRule(
                "invalid-email", 3, List.of(new Found("student/99400007", "email", "the value was left out"))));
    }

    @Override
    public List<Delivery> month() {
        return receipts.month(situation);
    }

    @Override
    public Optional<Delivery> delivery(String id) {
        return month().stream().filter(receipt -> receipt.getId().equals(id)).findFirst();
    }

    @Override
    public List<Sample> freshnessOfTheDay() {
        return IntStream.range(0, 300)
                .mapToObj(minute -> new Sample(
                        now.minusSeconds(60L * (300 - minute)),
                        minute / 20 == 7
                                ? Optional.empty()
                                : Optional.of(Duration.ofSeconds(minute / 10 == 20 ? 400 : 2 + minute % 5))))
                .toList();
    }

    @Override
    public Optional<CaptureHold> captureHold() {
        return situation == Situation.CAPTURE_HELD
                ? Optional.of(CaptureHold.newBuilder()
                        .setId(HOLD)
                        .setReason("the database was restored")
                        .setIncarnation("DST26000EAGLE")
                        .setRemovals(Map.of("STU", new Removal(452L, 1932L, Counted.ROWS)))
                        .setHeldSince(started)
                        .setDecision(HoldDecision.WAITING)
                        .build())
                : Optional.empty();
    }

    @Override
    public DistrictOrders orders() {
        return orders;
    }
}
