package dev.patronstream.schemas.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.Phase;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.Source;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.StageReport;
import dev.patronstream.schemas.Teacher;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ContractsTest {

    private static final List<Schema> CONTRACTS = List.of(
            Enrollment.getClassSchema(),
            School.getClassSchema(),
            StaffMember.getClassSchema(),
            Teacher.getClassSchema(),
            Progress.getClassSchema(),
            Patron.getClassSchema(),
            FeedEntry.getClassSchema(),
            EpochApplied.getClassSchema(),
            Delivery.getClassSchema(),
            DeliveredRow.getClassSchema(),
            StageReport.getClassSchema());

    @TestFactory
    Stream<DynamicTest> everyFieldSaysWhatItHolds() {
        return CONTRACTS.stream()
                .map(contract -> DynamicTest.dynamicTest(contract.getName(), () -> {
                    assertFalse(contract.getDoc() == null || contract.getDoc().isBlank());
                    for (Schema.Field field : contract.getFields()) {
                        assertFalse(field.doc() == null || field.doc().isBlank(), field.name());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> publishedSchemaHasNothingOfJavaAndReadsTheSame() {
        return CONTRACTS.stream()
                .map(contract -> DynamicTest.dynamicTest(contract.getName(), () -> {
                    Schema published = JavaProperties.removed(contract);

                    assertTrue(contract.toString().contains("avro.java.string"));
                    assertFalse(published.toString().contains("avro.java"), published.toString());
                    assertEquals(SchemaCompatibilityType.COMPATIBLE, readable(contract, published));
                    assertEquals(SchemaCompatibilityType.COMPATIBLE, readable(published, contract));
                }));
    }

    /** As the records of a delivery do, each with a serializer of its own. */
    @Test
    void aContractIsMadeOnceHoweverManySerializersWriteIt() {
        assertSame(
                JavaProperties.removed(Delivery.getClassSchema()), JavaProperties.removed(Delivery.getClassSchema()));
    }

    @Test
    void rowReadAgainElsewhereInTheLogIsTheSameRow() {
        School first = school("Eagle High", "00000027:00000758:0005");

        assertEquals(first, school("Eagle High", "00000031:00000001:0001"));
        assertNotEquals(first, school("Eagle Middle", "00000027:00000758:0005"));
    }

    private static School school(String name, String lsn) {
        Source source = Source.newBuilder()
                .setIncarnation("one")
                .setCommitLsn(lsn)
                .setCommittedAt(Instant.EPOCH)
                .setPhase(Phase.STREAM)
                .build();
        return School.newBuilder()
                .setCode(10)
                .setName(name)
                .setExtra(Map.of("U1", "x"))
                .setSource(source)
                .build();
    }

    private static SchemaCompatibilityType readable(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getType();
    }
}
