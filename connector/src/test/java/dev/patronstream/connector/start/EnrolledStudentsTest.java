package dev.patronstream.connector.start;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.schemas.Enrollment;
import org.junit.jupiter.api.Test;

class EnrolledStudentsTest {

    @Test
    void tagsAreBlankAsEverywhere() {
        for (String tag : new String[] {"", " ", "*", " * ", "\u00a0", "*\u00a0", "\u2800", "\u200b*"}) {
            assertEquals(
                    true, isEnrolled(tag), tag.codePoints().boxed().toList().toString());
        }
        for (String tag : new String[] {"I", "N\u00a0", "-"}) {
            assertEquals(false, isEnrolled(tag), tag);
        }
    }

    private static boolean isEnrolled(String tag) {
        Enrollment row = new Enrollment();
        row.put("statusTag", tag);
        return EnrolledStudents.isEnrolled(row);
    }
}
