package dev.patronstream.schemas.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.table.JoinedTable;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TopicsTest {

    private final Topics topics = new Topics("eagle");

    @Test
    void namesBeginWithTheDistrict() {
        assertEquals(List.of("eagle.aeries.stu", "eagle.aeries.loc", "eagle.aeries.stf"), topics.contracts());
        assertEquals(
                List.of("eagle.aeries.stu", "eagle.aeries.loc", "eagle.aeries.stf", "eagle.aeries.tch"),
                topics.with(JoinedTable.ALL).contracts());
        assertEquals("eagle.feed.destiny", topics.feed("destiny"));
        assertEquals("eagle.delivered.destiny", topics.delivered("destiny"));
        assertEquals("eagle.patrons", topics.patrons());
        assertEquals("eagle.progress", topics.progress());
        assertEquals("eagle.epochs", topics.epochs());
        assertEquals("eagle.deliveries", topics.deliveries());
        assertEquals("eagle.feed-states", topics.feedStates());
        assertEquals("eagle.stages", topics.stages());
        assertEquals("eagle.pauses", topics.pauses());
        assertEquals("eagle.connector.offsets", topics.offsets());
        assertEquals("eagle.connector.holds", topics.holds());
        assertEquals("eagle.connector.schema-history", topics.schemaHistory());
        assertEquals("eagle.streams", topics.streamsApplicationId());
        assertEquals("eagle.connector", topics.connectorTransactionalId());
        assertEquals("eagle.connector", topics.connectorGroup());
        assertEquals("eagle.snapshotter", topics.snapshotterGroup());
        assertEquals("eagle.snapshotter.destiny", topics.snapshotterTransactionalId("destiny"));
    }

    @Test
    void namesThatCannotBePartOfATopicAreRefusedWithTheRule() {
        assertThrows(IllegalArgumentException.class, () -> new Topics("Eagle"));
        assertThrows(IllegalArgumentException.class, () -> new Topics(""));
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> topics.feed("follett destiny"));
        assertTrue(refused.getMessage().contains("lower-case letters, digits and hyphens"), refused.getMessage());
    }

    @Test
    void keysAreReadableText() {
        assertEquals("10/1234", Keys.enrollment(10, 1234));
        assertEquals("0", Keys.school(0));
        assertEquals("1203", Keys.staffMember(1203));
        assertEquals("30/117", Keys.teacher(30, 117));
        assertEquals("student/99400001", Keys.person(PatronKind.STUDENT, 99400001));
        assertEquals("staff/1203", Keys.person(PatronKind.STAFF, 1203));
    }

    /** What a broker takes is ours to say for each of them, or a restart would not set it right either. */
    @Test
    void everyTopicSaysWhichRecordsItTakes() {
        TopicSettings settings = new TopicSettings((short) 3, 2);
        for (NewTopic topic : List.of(
                settings.compacted("a"),
                settings.forVendors("b"),
                settings.newestOfDay("c"),
                settings.permanent("d"))) {
            assertEquals("2", topic.configs().get("min.insync.replicas"), topic.name());
            assertEquals("1048588", topic.configs().get("max.message.bytes"), topic.name());
        }
    }

    @Test
    void replicationThatCannotWorkIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TopicSettings((short) 1, 2));
        assertThrows(IllegalArgumentException.class, () -> new TopicSettings((short) 0, 0));
    }

    @Test
    void othersMayShareThePrefixOfADistrict() {
        for (String own : List.of(
                topics.enrollments(),
                topics.progress(),
                topics.stages(),
                topics.feed("web"),
                topics.delivered("web"))) {
            assertTrue(topics.isOwn(own), own);
        }
        for (String other : List.of("eagle.web.clicks", "eagle.aeries.tch", "eagle.progress.old", "eagles.progress")) {
            assertFalse(topics.isOwn(other), other);
        }
    }
}
