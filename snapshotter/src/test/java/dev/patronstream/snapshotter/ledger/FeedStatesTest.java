package dev.patronstream.snapshotter.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.DecisionKind;
import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryFile;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.Hold;
import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.file.StoredFile;
import dev.patronstream.snapshotter.layout.Entries;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What receipts make of the state of a feed. A receipt is a line such as {@code 2 FAILED a=A/UNKNOWN b=B/OLD !removed
 * +APPROVED}: sequence, result, files with hash and state, checks that hold it, the decision; {@code resend} where it
 * sends an earlier one.
 */
class FeedStatesTest {

    @BeforeAll
    static void contracts() {
        Entries.student(1, e -> {});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                // What arrived, or was there already, is what the vendor has.
                "1 DELIVERED a=A/NEW | seq 1, last d1 DELIVERED, held d1 sent 1, {a=A}",
                "1 DELIVERED a=A/NEW; 2 UNCHANGED a=A/OLD | seq 2, last d2 UNCHANGED, held d2 sent 1, {a=A}",
                "1 UNCHANGED a=A/OLD | seq 1, last d1 UNCHANGED, held d1 sent never, {a=A}",
                "1 DELIVERED a=A/NEW; 2 DELIVERED a=B/NEW b=C/NEW | seq 2, last d2 DELIVERED, held d2 sent 2, {a=B, b=C}",
                // The higher number counts, whatever comes last.
                "2 DELIVERED a=B/NEW; 1 DELIVERED a=A/NEW | seq 2, last d1 DELIVERED, held d1 sent 1, {a=A}",
                // Nothing of what was only written or superseded reaches the vendor.
                "1 WRITTEN a=A/OLD | seq 1, last d1 WRITTEN, {}",
                "1 SUPERSEDED a=A/OLD !x | seq 1, {}",
                "1 HELD a=A/OLD !x; 1 SUPERSEDED a=A/OLD !x | seq 1, last d1 HELD, {}",
                // An attempt under way leaves what the vendor has under a name open once a file may have its place.
                "1 DELIVERED a=A/NEW b=B/NEW; 2 SENDING a=C/OLD b=D/OLD "
                        + "| seq 2, last d1 DELIVERED, held d1 sent 1, {a=A, b=B}",
                "1 DELIVERED a=A/NEW b=B/NEW; 2 SENDING a=C/UNKNOWN b=D/OLD "
                        + "| seq 2, last d1 DELIVERED, held d1 sent 1, {b=B}",
                "1 DELIVERED a=A/NEW b=B/NEW; 2 FAILED a=C/NEW b=D/UNKNOWN "
                        + "| seq 2, last d2 FAILED, held d1 sent 1, {}, pending d2 b D 7",
                "1 FAILED a=C/NEW; 2 DELIVERED a=D/NEW | seq 2, last d2 DELIVERED, held d2 sent 2, {a=D}",
                "1 FAILED a=C/NEW; 2 UNCHANGED a=C/OLD | seq 2, last d2 UNCHANGED, held d2 sent never, {a=C}",
                "1 FAILED | seq 1, last d1 FAILED, {}",
                // Questions: asked once, answered, gone once the vendor has a file.
                "1 HELD a=A/OLD !x !y | seq 1, last d1 HELD, {}, d1 WAITING [a A] [x, y]",
                "1 HELD a=A/OLD !x; 2 HELD a=B/OLD !y "
                        + "| seq 2, last d2 HELD, {}, d1 WAITING [a A] [x], d2 WAITING [a B] [y]",
                "1 HELD a=A/OLD !x; 1 HELD a=A/OLD !x | seq 1, last d1 HELD, {}, d1 WAITING [a A] [x]",
                "1 HELD a=A/OLD !x; 1 REJECTED a=A/OLD !x +REJECTED "
                        + "| seq 1, last d1 REJECTED, {}, d1 REJECTED [a A] [x]",
                "1 REJECTED a=A/OLD !x +REJECTED; 1 REJECTED a=A/OLD !x +REJECTED "
                        + "| seq 1, last d1 REJECTED, {}, d1 REJECTED [a A] [x]",
                "1 HELD a=A/OLD !x; 2 DELIVERED a=B/NEW | seq 2, last d2 DELIVERED, held d2 sent 2, {a=B}",
                "1 REJECTED a=A/OLD !x +REJECTED; 1 SENDING a=A/OLD "
                        + "| seq 1, last d1 REJECTED, {}, d1 REJECTED [a A] [x]",
                // An approved file that did not arrive stays approved; a later rejection of the same file takes that
                // back.
                "1 HELD a=A/OLD !x; 1 SENDING a=A/OLD !x +APPROVED; 1 FAILED a=A/OLD !x +APPROVED "
                        + "| seq 1, last d1 FAILED, {}, d1 APPROVED [a A] [x]",
                "1 FAILED a=A/OLD !x +APPROVED; 2 REJECTED a=A/OLD !x +REJECTED "
                        + "| seq 2, last d2 REJECTED, {}, d2 REJECTED [a A] [x]",
                "1 FAILED a=A/OLD !x +APPROVED; 2 REJECTED a=B/OLD !x +REJECTED "
                        + "| seq 2, last d2 REJECTED, {}, d1 APPROVED [a A] [x], d2 REJECTED [a B] [x]",
                "1 FAILED a=A/OLD !x +APPROVED; 2 HELD a=A/OLD !y "
                        + "| seq 2, last d2 HELD, {}, d1 APPROVED [a A] [x], d2 WAITING [a A] [y]",
                "1 FAILED a=A/OLD !x +APPROVED resend | seq 1, last d1 FAILED, {}",
                "1 FAILED a=A/OLD !x | seq 1, last d1 FAILED, {}",
                // What waited before another file was to be sent is asked about again, a rejected one never.
                "1 HELD a=A/OLD !x; 2 SENDING a=B/OLD | seq 2, last d1 HELD, {}",
                "1 HELD a=A/OLD !x; 2 SENDING a=A/OLD | seq 2, last d1 HELD, {}, d1 WAITING [a A] [x]",
                "1 HELD a=A/OLD !x; 2 FAILED | seq 2, last d2 FAILED, {}, d1 WAITING [a A] [x]",
                "1 REJECTED a=A/OLD !x +REJECTED; 2 SENDING a=B/OLD "
                        + "| seq 2, last d1 REJECTED, {}, d1 REJECTED [a A] [x]",
            })
    void whatReceiptsMakeOfAFeed(String receipts, String state) {
        assertEquals(state, words(after(receipts)));
    }

    @Test
    void theStateSaysWhatTheVendorHolds() {
        Delivery delivered = Delivery.newBuilder(receipt("1 DELIVERED a=A/NEW"))
                .setEpoch(7L)
                .setIncarnation("EAGLE@1")
                .setColumns(List.of("ID"))
                .setDescription("hash")
                .build();
        var held = FeedStates.after(empty(), delivered).getHeld().orElseThrow();
        assertEquals(
                List.of(Optional.of(7L), Optional.of("EAGLE@1"), List.of("ID"), Optional.of("hash")),
                List.of(held.getEpoch(), held.getIncarnation(), held.getColumns(), held.getDescription()));
    }

    @Test
    void aHundredQuestionsAreKept() {
        String many = IntStream.rangeClosed(1, 102)
                .mapToObj(i -> i + " REJECTED a=A" + i + "/OLD !x +REJECTED")
                .collect(Collectors.joining("; "));
        FeedState state = after(many);
        assertEquals(100, state.getQuestions().size());
        assertEquals("d3", state.getQuestions().get(0).getDeliveryId());
        assertEquals("d102", state.getQuestions().get(99).getDeliveryId());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                // receipts | files now | what holds them now | questions about them | who has approved them
                "1 HELD a=A/OLD !x            | a=A | x   | d1    | ''",
                "1 HELD a=A/OLD !x            | a=A | y   | ''    | ''",
                "1 HELD a=A/OLD !x            | a=B | x   | ''    | ''",
                "1 REJECTED a=A/OLD !x        | a=A | y   | d1    | ''",
                "1 HELD a=A/OLD !x; 2 HELD a=A/OLD !x | a=A | x | d2,d1 | ''",
                "1 FAILED a=A/OLD !x +APPROVED | a=A | x   | ''   | d1",
                "1 FAILED a=A/OLD !x +APPROVED | a=A | ''  | ''   | d1",
                "1 FAILED a=A/OLD !x +APPROVED | a=A | x,y | ''   | ''",
                "1 FAILED a=A/OLD !x +APPROVED | a=B | x   | ''   | ''",
                "1 FAILED a=A/OLD !never +APPROVED | a=A | never | '' | ''",
                "1 FAILED a=A/OLD !x +APPROVED; 2 FAILED a=A/OLD !y +APPROVED | a=A | x,y | '' | d2",
                "1 HELD a=A/OLD !x +APPROVED  | a=A | x   | d1    | ''",
            })
    void anAnswerIsForTheseFilesAndTheseReasons(
            String receipts, String files, String checks, String asked, String approved) {
        FeedState state = after(receipts);
        List<StoredFile> now = List.of(new StoredFile(Path.of(files.split("=")[0]), 7, files.split("=")[1]));
        List<Hold> holds = Stream.of(checks.split(","))
                .filter(check -> !check.isEmpty())
                .map(FeedStatesTest::hold)
                .toList();
        assertEquals(asked, String.join(",", FeedStates.asked(state, now, holds)));
        assertEquals(
                approved,
                FeedStates.approval(state, now, holds, Set.of("never"))
                        .map(DeliveryDecision::getBy)
                        .orElse(""));
    }

    @Test
    void theOldestReceiptsMayGoButNoneThatIsNeeded() {
        List<Delivery> receipts = IntStream.rangeClosed(1, Receipts.KEPT + 3)
                .mapToObj(i -> receipt(i + " DELIVERED"))
                .toList();
        assertEquals(
                List.of("d1", "d3"),
                Receipts.old(receipts, Set.of("d2", "d9")).stream()
                        .map(Delivery::getId)
                        .toList());
        assertEquals(List.of(), Receipts.old(receipts.subList(3, receipts.size()), Set.of()));
        assertEquals(List.of(), Receipts.old(receipts.subList(0, 5), Set.of()));
    }

    @Test
    void receiptsAreInTheOrderOfTheTopicAndThoseThatWaitAreFound() {
        Delivery two = receipt("2 HELD a=A/OLD");
        Delivery ten = receipt("10 DELIVERED a=A/NEW b=B/NEW");
        assertEquals(
                List.of(two, ten), Stream.of(ten, two).sorted(Receipts.ORDER).toList());
        assertEquals(List.of(two), Receipts.waiting(List.of(two, ten)));
        assertTrue(Receipts.haveTheSameFiles(two, receipt("3 FAILED a=A/NEW")));
        assertFalse(Receipts.haveTheSameFiles(two, receipt("3 FAILED a=B/NEW")));
        assertFalse(Receipts.haveTheSameFiles(two, ten));
    }

    @Test
    void theFileThatDecidesIsTheLastOneUnderWay() {
        assertEquals("b", deciding("10 DELIVERED a=A/NEW b=B/NEW"));
        assertEquals("none", deciding("1 FAILED"));
        assertEquals("none", deciding("2 FAILED a=A/NEW b=B/OLD"));
        assertEquals("b", deciding("3 FAILED a=A/NEW b=B/UNKNOWN"));
        assertEquals("a", deciding("4 SENDING a=A/UNKNOWN b=B/NEW"), "the other one did not change");
        assertEquals("none", deciding("5 SENDING a=A/OLD b=B/NEW"));
    }

    private static String deciding(String receipt) {
        return FeedStates.decidingFile(receipt(receipt))
                .map(DeliveryFile::getName)
                .orElse("none");
    }

    @Test
    void anIdSaysFeedTimeAndSequence() {
        String id = DeliveryId.of("destiny", Instant.parse("2026-11-24T02:00:00.123Z"), 4711);
        assertEquals("destiny-20261124T020000123Z-4711", id);
        assertEquals(4711, DeliveryId.sequence(id));
        assertTrue(DeliveryId.isOf("destiny", id));
        assertFalse(DeliveryId.isOf("destiny-2", id));
        assertFalse(DeliveryId.isOf("dest.ny", id));
        assertFalse(DeliveryId.isOf("destiny", id + "x"));
    }

    /** The first half is of the identifiers, the second of all else; the order of the columns does not matter. */
    @Test
    void aFingerprintIsOfTheColumnsThatCount() {
        Set<String> identifiers = Set.of("ID");
        RowFingerprint row = RowFingerprint.of(Map.of("ID", "1", "Name", "Lee"), Optional.empty(), identifiers);
        RowFingerprint renamed = RowFingerprint.of(Map.of("ID", "1", "Name", "Le"), Optional.empty(), identifiers);
        RowFingerprint renumbered = RowFingerprint.of(Map.of("ID", "2", "Name", "Lee"), Optional.empty(), identifiers);
        assertEquals(row.high(), renamed.high());
        assertNotEquals(row.low(), renamed.low());
        assertEquals(row.low(), renumbered.low());
        assertNotEquals(row.high(), renumbered.high());
        assertEquals(
                RowFingerprint.of(Map.of("Name", "Lee"), Optional.empty(), identifiers),
                RowFingerprint.of(Map.of("Name", "Lee", "X", "1"), Optional.of(Set.of("Name")), identifiers));
        assertNotEquals(
                RowFingerprint.of(Map.of("A", "bc"), Optional.empty(), identifiers),
                RowFingerprint.of(Map.of("Ab", "c"), Optional.empty(), identifiers));
        DeliveredRow.Builder held = DeliveredRow.newBuilder()
                .setDeliveryId("d1")
                .setDeliveredAt(Instant.EPOCH)
                .setSite("EHS")
                .setStatus("A")
                .setValues(Map.of("ID", "1"));
        RowFingerprint there = RowFingerprint.of(held.build());
        assertNotEquals(0, there.high());
        assertNotEquals(0, there.low());
        assertNotEquals(there, RowFingerprint.of(held.setLeftAt(Instant.EPOCH).build()));
        assertNotEquals(
                there,
                RowFingerprint.of(
                        held.setLeftAt(null).setValues(Map.of("ID", "2")).build()));
    }

    private static FeedState empty() {
        return FeedState.newBuilder()
                .setFeed("destiny")
                .setVersion(0)
                .setSequence(-1)
                .build();
    }

    private static FeedState after(String receipts) {
        FeedState state = empty();
        for (String line : receipts.split(";")) {
            state = FeedStates.after(state, receipt(line.strip()));
        }
        return state;
    }

    private static Hold hold(String check) {
        return Hold.newBuilder().setCheck(check).setMessage("").build();
    }

    private static Delivery receipt(String line) {
        List<String> words = List.of(line.split(" "));
        String id = "d" + words.get(0);
        Delivery.Builder receipt = Delivery.newBuilder()
                .setId(id)
                .setFeed("destiny")
                .setSequence(Long.parseLong(words.get(0)))
                .setResult(DeliveryResult.valueOf(words.get(1)))
                .setFileName("a")
                .setBytes(7)
                .setRows(0)
                .setProblems(0)
                .setStartedAt(Instant.ofEpochSecond(Long.parseLong(words.get(0))))
                .setDurationMillis(0)
                .setAttempts(0)
                .setFiles(words.stream()
                        .filter(word -> word.contains("="))
                        .map(word -> new DeliveryFile(
                                word.split("[=/]")[0],
                                word.split("[=/]")[1],
                                7L,
                                DeliveryFileState.valueOf(word.split("[=/]")[2])))
                        .toList())
                .setHolds(words.stream()
                        .filter(word -> word.startsWith("!"))
                        .map(word -> hold(word.substring(1)))
                        .toList());
        words.stream()
                .filter(word -> word.startsWith("+"))
                .forEach(word -> receipt.setDecision(DeliveryDecision.newBuilder()
                        .setKind(DecisionKind.valueOf(word.substring(1)))
                        .setBy(id)
                        .setAt(Instant.EPOCH)
                        .build()));
        return receipt.setResendOf(words.contains("resend") ? "d0" : null).build();
    }

    private static String words(FeedState state) {
        return "seq " + state.getSequence()
                + state.getLastDelivery()
                        .map(id -> ", last " + id + " " + state.getLastResult().orElseThrow())
                        .orElse("")
                + state.getHeld()
                        .map(held -> ", held " + held.getDeliveryId() + " sent "
                                + held.getSentAt()
                                        .map(at -> "" + at.getEpochSecond())
                                        .orElse("never"))
                        .orElse("")
                + ", " + new TreeMap<>(state.getFiles())
                + state.getPending()
                        .map(file -> ", pending " + file.getDeliveryId() + " " + file.getFile() + " " + file.getSha256()
                                + " " + file.getBytes())
                        .orElse("")
                + state.getQuestions().stream()
                        .map(asked -> ", " + asked.getDeliveryId() + " " + asked.getAnswer() + " " + asked.getFiles()
                                + " " + asked.getChecks())
                        .collect(Collectors.joining());
    }
}
