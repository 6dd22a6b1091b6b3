package dev.patronstream.benchmarks.endurance.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.benchmarks.endurance.judge.FileJudge.Arrival;
import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.schemas.secret.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That each kind of wrong file is seen, and a right one is not accused. */
class FileJudgeTest {

    private static final List<String> HEADER =
            List.of("Barcode", "District ID", "Last Name", "Patron Type", "Status", "User Name");

    private static final List<String> NAMES = List.of("Ann", "Bob", "Cid");

    private final Findings findings = new Findings();
    private final FileJudge judge = new FileJudge(findings);

    @TempDir
    Path folder;

    private int written;

    /** The file holds what the oracle says, then one without Bob, who is sent as inactive. */
    private void deliver(List<String> names, Map<String, String> file, Arrival arrival) throws IOException {
        judge.judge(expected(names), write(file), arrival);
    }

    @Test
    void aLeaverWhoIsSentAsInactiveIsRight() throws IOException {
        deliver(List.of("Ann", "Bob"), Map.of("Ann", "A", "Bob", "A"), Arrival.ARRIVED);
        deliver(List.of("Ann"), Map.of("Ann", "A", "Bob", "I"), Arrival.ARRIVED);
        assertTrue(findings.isEmpty());
    }

    @Test
    void aStaleNameIsWrong() throws IOException {
        deliver(List.of("Ann"), Map.of("Ann", "A"), Arrival.ARRIVED);
        deliver(List.of("Bob"), Map.of("Ann", "A"), Arrival.ARRIVED);
        assertEquals(1, findings.count(Kind.WRONG_FILE));
    }

    @Test
    void aLeaverWhoIsForgottenIsWrong() throws IOException {
        deliver(List.of("Ann", "Bob"), Map.of("Ann", "A", "Bob", "A"), Arrival.ARRIVED);
        deliver(List.of("Ann"), Map.of("Ann", "A"), Arrival.ARRIVED);
        assertEquals(1, findings.count(Kind.WRONG_FILE));
    }

    @Test
    void aLeaverWhomTheVendorWasNeverSentIsWrong() throws IOException {
        deliver(List.of("Ann", "Bob"), Map.of("Ann", "A", "Bob", "A"), Arrival.NOT);
        deliver(List.of("Ann"), Map.of("Ann", "A", "Bob", "I"), Arrival.ARRIVED);
        assertEquals(1, findings.count(Kind.WRONG_FILE));
    }

    @Test
    void whoWasInAFileThatMayHaveArrivedMayLeaveOrNotButNotBoth() throws IOException {
        deliver(List.of("Ann", "Bob"), Map.of("Ann", "A", "Bob", "A"), Arrival.UNKNOWN);
        deliver(List.of("Ann"), Map.of("Ann", "A", "Bob", "I"), Arrival.ARRIVED);
        assertTrue(findings.isEmpty());
        deliver(List.of("Ann"), Map.of("Ann", "A"), Arrival.ARRIVED);
        assertEquals(1, findings.count(Kind.WRONG_FILE));
    }

    @ParameterizedTest
    @EnumSource(
            value = Arrival.class,
            names = {"ARRIVED", "SEEN", "UNKNOWN"})
    void aFileThatIsNotKeptCountsAsWellAsAnother(Arrival arrival) throws IOException {
        deliver(List.of("Ann"), Map.of("Ann", "A"), Arrival.ARRIVED);
        judge.judge(expected(List.of("Ann", "Bob")), "destiny-2", hash(Map.of("Ann", "A", "Bob", "A")), arrival);
        deliver(List.of("Ann"), Map.of("Ann", "A", "Bob", "I"), Arrival.ARRIVED);
        assertEquals(List.of(), findings.examples(Kind.WRONG_FILE));
    }

    @Test
    void aFileThatIsNotKeptIsWrongByItsHash() throws IOException {
        deliver(List.of("Ann"), Map.of("Ann", "A"), Arrival.ARRIVED);
        judge.judge(expected(List.of("Ann", "Bob")), "destiny-2", hash(Map.of("Bob", "A")), Arrival.ARRIVED);
        deliver(List.of("Ann"), Map.of("Ann", "A", "Bob", "I"), Arrival.ARRIVED);
        assertEquals(1, findings.count(Kind.WRONG_FILE), "the next file is right again");
    }

    @Test
    void manyFilesThatMayHaveArrivedLeaveWhatIsPossibleCountable() throws IOException {
        deliver(List.of("Ann"), Map.of("Ann", "A"), Arrival.ARRIVED);
        for (int i = 0; i < 5; i++) {
            deliver(List.of("Ann"), Map.of("Ann", "A"), Arrival.UNKNOWN);
        }
        deliver(List.of("Ann", "Bob"), Map.of("Ann", "A", "Bob", "A"), Arrival.UNKNOWN);
        deliver(List.of("Ann"), Map.of("Ann", "A", "Bob", "I"), Arrival.ARRIVED);
        assertEquals(List.of(), findings.examples(Kind.WRONG_FILE));
    }

    /** What has become of Ann is not known; who looks later cannot look, or finds another file. */
    @Test
    void whoChangedInAFileThatNobodyCouldLookForLeavesAsBefore() throws IOException {
        deliver(List.of("Ann", "Cid"), Map.of("Ann", "A", "Cid", "A"), Arrival.ARRIVED);
        ExpectedFile changed =
                new ExpectedFile(HEADER, List.of(row("Ann", "A"), row("Bob", "A"), row("3", "Sid", "A")), Map.of());
        judge.judge(changed, "destiny-2", Sha256.of(changed.csv()), Arrival.SEEN);
        deliver(List.of("Ann"), Map.of("Ann", "A", "Bob", "I", "Cid", "I"), Arrival.ARRIVED);
        assertEquals(List.of(), findings.examples(Kind.WRONG_FILE));
    }

    /** An attempt that failed has written down nothing of what it took for true. */
    @Test
    void whatAnAttemptTookForTrueThatFailedBindsNoLaterOne() throws IOException {
        deliver(List.of("Ann", "Bob"), Map.of("Ann", "A", "Bob", "A"), Arrival.UNKNOWN);
        deliver(List.of("Ann"), Map.of("Ann", "A", "Bob", "I"), Arrival.NOT);
        deliver(List.of("Ann"), Map.of("Ann", "A"), Arrival.ARRIVED);
        assertEquals(List.of(), findings.examples(Kind.WRONG_FILE));
    }

    @Test
    void moreThanCanBeKeptIsSaid() {
        for (int i = 1; i < 128; i++) {
            mayBringNobodyBut(i);
        }
        assertEquals(List.of(), findings.examples(Kind.WRONG_FILE));
        mayBringNobodyBut(128);
        assertTrue(findings.examples(Kind.WRONG_FILE).get(0).contains("129 things are possible"));
    }

    private void mayBringNobodyBut(int id) {
        ExpectedFile file = new ExpectedFile(HEADER, List.of(row(Integer.toString(id), "Ann", "A")), Map.of());
        judge.judge(file, "destiny-" + id, Sha256.of(file.csv()), Arrival.UNKNOWN);
    }

    @Test
    void anAttemptWithoutACopyIsInItsPlace() {
        assertEquals(
                List.of("destiny-1", "destiny-2", "destiny-3"),
                List.copyOf(FeedReview.inOrder(Set.of("destiny-1", "destiny-3"), Set.of("destiny-2", "destiny-3"))));
    }

    @Test
    void aFileIsReadBackAsItWasWritten() throws IOException {
        ExpectedFile.Row row = new ExpectedFile.Row("staff/7", List.of("T7", "7", "O\"Neill, Jr.", "Faculty", "A", ""));
        Path csv = folder.resolve("one.csv");
        Files.write(csv, new ExpectedFile(HEADER, List.of(row), Map.of()).csv());
        assertEquals(List.of(row), WrittenFile.read(csv).rows());
    }

    private Path write(Map<String, String> statusByName) throws IOException {
        Path csv =
                Files.createDirectories(folder.resolve("destiny-" + ++written)).resolve("patrons.csv");
        return Files.write(csv, csv(statusByName));
    }

    private static byte[] csv(Map<String, String> statusByName) {
        List<ExpectedFile.Row> rows = NAMES.stream()
                .filter(statusByName::containsKey)
                .map(name -> row(name, statusByName.get(name)))
                .toList();
        return new ExpectedFile(HEADER, rows, Map.of()).csv();
    }

    private static String hash(Map<String, String> statusByName) {
        return Sha256.of(csv(statusByName));
    }

    private static ExpectedFile expected(List<String> names) {
        return new ExpectedFile(
                HEADER, names.stream().map(name -> row(name, "A")).toList(), Map.of());
    }

    private static ExpectedFile.Row row(String name, String status) {
        return row(Integer.toString(NAMES.indexOf(name) + 1), name, status);
    }

    private static ExpectedFile.Row row(String id, String name, String status) {
        return new ExpectedFile.Row("student/" + id, List.of(id, id, name, "Student", status, ""));
    }
}
