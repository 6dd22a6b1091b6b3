package dev.patronstream.benchmarks.endurance.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.benchmarks.endurance.judge.FileJudge.Arrival;
import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That each kind of wrong file is seen, and a right one is not accused. */
class FileJudgeTest {

    private static final List<String> HEADER =
            List.of("Barcode", "District ID", "Last Name", "Patron Type", "Status", "User Name");

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

    @Test
    void aFileIsReadBackAsItWasWritten() throws IOException {
        ExpectedFile.Row row = new ExpectedFile.Row("staff/7", List.of("T7", "7", "O\"Neill, Jr.", "Faculty", "A", ""));
        Path csv = folder.resolve("one.csv");
        Files.write(csv, new ExpectedFile(HEADER, List.of(row), Map.of()).csv());
        assertEquals(List.of(row), WrittenFile.read(csv).rows());
    }

    private Path write(Map<String, String> statusByName) throws IOException {
        List<ExpectedFile.Row> rows = List.of("Ann", "Bob").stream()
                .filter(statusByName::containsKey)
                .map(name -> row(name, statusByName.get(name)))
                .toList();
        Path csv =
                Files.createDirectories(folder.resolve("destiny-" + ++written)).resolve("patrons.csv");
        return Files.write(csv, new ExpectedFile(HEADER, rows, Map.of()).csv());
    }

    private static ExpectedFile expected(List<String> names) {
        return new ExpectedFile(
                HEADER, names.stream().map(name -> row(name, "A")).toList(), Map.of());
    }

    private static ExpectedFile.Row row(String name, String status) {
        String id = name.equals("Ann") ? "1" : "2";
        return new ExpectedFile.Row("student/" + id, List.of(id, id, name, "Student", status, ""));
    }
}
