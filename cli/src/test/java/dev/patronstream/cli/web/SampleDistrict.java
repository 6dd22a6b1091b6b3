package dev.patronstream.cli.web;

import dev.patronstream.cli.web.StatusReport.Feed;
import dev.patronstream.cli.web.StatusReport.Freshness;
import dev.patronstream.cli.web.StatusReport.FreshnessState;
import dev.patronstream.cli.web.StatusReport.Instance;
import dev.patronstream.cli.web.StatusReport.Notice;
import dev.patronstream.cli.web.StatusReport.Role;
import dev.patronstream.cli.web.StatusReport.Stage;
import dev.patronstream.cli.web.StatusReport.StageName;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.serde.AvroSerializer;
import dev.patronstream.snapshotter.SnapshotOptions;
import io.javalin.http.ConflictResponse;
import io.javalin.http.ServiceUnavailableResponse;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
        SPARE,
        NOT_HEARD_OF,
        UNKNOWN
    }

    static final String FEED = "destiny";
    static final int STUDENT = 99400001;
    static final int STAFF_MEMBER = 1203;
    static final int ENTRIES = 150;
    static final String AWKWARD_NAME = "<script>alert('O\"Brien')</script>";

    final AtomicReference<SnapshotOptions> asked = new AtomicReference<>();
    private final Situation situation;
    private final Instant now;
    private final Instant started;

    SampleDistrict(Situation situation, Instant now) {
        // Avro copies the parts of a record only after it was told to trust the contracts, which every serde does.
        new AvroSerializer<Patron>().close();
        this.situation = situation;
        this.now = now;
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
                                        : situation == Situation.NOT_HEARD_OF ? StageState.SILENT : StageState.RUNNING,
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
                        StageState.RUNNING,
                        "In this process, 9 topics.",
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
            case WELL, WRITTEN_ONLY, FAILED_DELIVERY, STOPPED, STOPPED_ELSEWHERE, DELIVERING, HELD, SPARE ->
                new Freshness(FreshnessState.KNOWN, Optional.of(now.minusSeconds(2)), "");
        };
    }

    private Feed feed() {
        boolean failed = situation == Situation.FAILED_DELIVERY;
        List<Delivery> receipts = deliveries();
        return new Feed(
                FEED,
                List.of("EAGLEHS", "EAGLEMS", "OAKELEM"),
                situation == Situation.STARTING ? OptionalLong.empty() : OptionalLong.of(1932),
                situation == Situation.DELIVERING,
                new StatusReport.Times(
                        situation == Situation.SPARE,
                        situation == Situation.SPARE ? Optional.empty() : Optional.of(now.plusSeconds(26_000)),
                        Optional.empty()),
                receipts.stream().findFirst(),
                receipts.stream()
                        .filter(receipt -> receipt.getResult() == DeliveryResult.DELIVERED)
                        .findFirst(),
                failed || situation == Situation.HELD ? receipts.get(0).getMessage() : Optional.empty());
    }

    private List<Delivery> deliveries() {
        return switch (situation) {
            case STARTING -> List.of();
            case FAILED_DELIVERY ->
                List.of(
                        receipt(
                                DeliveryResult.FAILED,
                                240,
                                "sftp.follett.example refused the login of eagle after 3 attempts; Destiny still has its"
                                        + " old file. Check the password under feeds.destiny.destination.",
                                1932),
                        receipt(DeliveryResult.DELIVERED, 43_000, null, 1931),
                        receipt(DeliveryResult.UNCHANGED, 79_000, null, 1929));
            case WRITTEN_ONLY -> List.of(receipt(DeliveryResult.WRITTEN, 240, null, 1932));
            case DELIVERING ->
                List.of(
                        receipt(DeliveryResult.SENDING, 20, null, 1932),
                        receipt(DeliveryResult.DELIVERED, 43_000, null, 1931));
            case HELD ->
                List.of(
                        receipt(
                                DeliveryResult.HELD,
                                240,
                                "41 of 1932 patrons would leave the file, more than 2 percent; patronstream deliveries show"
                                        + " says who",
                                1891),
                        receipt(DeliveryResult.DELIVERED, 43_000, null, 1932));
            case WELL, STALLED, STOPPED, STOPPED_ELSEWHERE, SPARE, NOT_HEARD_OF, UNKNOWN ->
                List.of(
                        receipt(DeliveryResult.DELIVERED, 240, null, 1932),
                        receipt(DeliveryResult.UNCHANGED, 43_000, null, 1929),
                        receipt(DeliveryResult.DELIVERED, 79_000, null, 1929));
        };
    }

    private Delivery receipt(DeliveryResult result, long secondsAgo, @Nullable String message, long rows) {
        Instant time = now.minusSeconds(secondsAgo).truncatedTo(ChronoUnit.MILLIS);
        return Delivery.newBuilder()
                .setId(FEED + "-" + time.getEpochSecond() + "-19344")
                .setFeed(FEED)
                .setResult(result)
                .setMessage(message)
                .setFileName("patrons.csv")
                .setBytes(rows * 71)
                .setRows(rows)
                .setProblems(3)
                .setBusinessDate(LocalDate.of(2026, 11, 24))
                .setStartedAt(time)
                .setDurationMillis(1412)
                .setAttempts(1)
                .setHolds(List.of())
                .build();
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
    public Delivery snapshot(String feed, SnapshotOptions request) {
        if (situation == Situation.STOPPED) {
            throw new ConflictResponse("A snapshot of destiny is under way already");
        }
        asked.set(request);
        return receipt(DeliveryResult.DELIVERED, 0, null, 1932);
    }
}
