package dev.patronstream.streams.epochs;

import static dev.patronstream.streams.epochs.Rows.enrolment;
import static dev.patronstream.streams.epochs.Rows.school;
import static dev.patronstream.streams.epochs.Rows.staff;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Writes the state of today's topology into a folder, as {@code settled.txt} and {@code in-the-middle.txt}: run once per
 * release, and kept from then on. {@code src/test/resources/kept-state/README.md} says how. Not part of the build: its
 * name is not that of a test.
 */
final class KeepState {

    private static final int PIECE = 10;

    @Test
    void write() throws IOException {
        Path folder = Files.createDirectories(Path.of(System.getProperty("kept-state")));
        try (MemoryRegistry registry = new MemoryRegistry()) {
            District settled = life(registry);
            settled.settle();
            settled.commit();
            write(folder.resolve("settled.txt"), settled, registry);

            // A large epoch is half evaluated, and the rows of the next one wait.
            District middle = life(registry);
            middle.settle();
            long before = middle.written();
            for (int student = 100; student < 130; student++) {
                middle.put(enrolment(20, student, student));
            }
            middle.endEpoch();
            middle.put(enrolment(10, 900, 900));
            middle.deliverAll();
            while (middle.written() == before) {
                middle.tick();
            }
            if (middle.state().activity() != TopologyState.Activity.EVALUATING) {
                throw new IllegalStateException("Not in the middle of an epoch: " + middle.state());
            }
            middle.commit();
            write(folder.resolve("in-the-middle.txt"), middle, registry);
        }
    }

    private static District life(MemoryRegistry registry) {
        District district =
                new District(registry.serdes(), PIECE, FirstReleaseStateTest.RULES, FirstReleaseStateTest.DESTINY);
        district.settle();
        district.put(school(10, "High"));
        district.put(school(20, "Middle"));
        for (int student = 1; student <= 12; student++) {
            district.put(enrolment(student % 2 == 0 ? 10 : 20, student, student));
        }
        district.put(staff(1, 10));
        district.put(staff(2, 0).setLeaveDate(Rows.TODAY.plusDays(3)));
        district.endEpoch();
        district.settle();
        district.put(enrolment(10, 2, 2).setStatusTag("I"));
        district.put(enrolment(20, 50, 2));
        district.removeEnrolment(20, 3);
        district.put(enrolment(10, 4, 4).setStatusTag("*").setAttendanceProgram("C"));
        district.endEpoch();
        return district;
    }

    private static void write(Path file, District district, MemoryRegistry registry) throws IOException {
        KeptState kept = district.keep();
        kept.schemas.addAll(registry.schemas());
        List<String> lines =
                new ArrayList<>(List.of("# A kept state of the topology: see README.md. Never change it."));
        lines.addAll(kept.lines());
        Files.write(file, lines, StandardCharsets.UTF_8);
    }
}
