package dev.patronstream.sandbox.life;

import static dev.patronstream.sandbox.district.Population.ACTIVE;
import static dev.patronstream.sandbox.district.Population.LIVE;
import static dev.patronstream.sandbox.district.Population.NEW_STAFF;
import static dev.patronstream.sandbox.district.Population.NO_TAG;
import static dev.patronstream.sandbox.district.Population.STAFF_MAY_MOVE;

import dev.patronstream.sandbox.district.Names;
import dev.patronstream.sandbox.district.Population;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** What the personnel office and the district office do. One transaction per method, which the caller commits. */
final class StaffDesk {

    private final Desk desk;
    private final OpenSchools schools;
    private final LocalDate today;
    private final int mostNewcomers;
    private int nextId;

    StaffDesk(Desk desk, OpenSchools schools, LocalDate today) throws SQLException {
        this.desk = desk;
        this.schools = schools;
        this.today = today;
        this.mostNewcomers = Population.mostNewcomers(
                desk.number("SELECT COUNT(*) FROM [dbo].[STF]").orElse(0));
        this.nextId = 1
                + desk.number("SELECT MAX([ID]) FROM [dbo].[STF] WHERE " + NEW_STAFF)
                        .orElse(Population.FIRST_NEW_STAFF - 1);
    }

    /** Hires somebody; when there are enough newcomers, one of them is deleted instead. */
    Optional<LifeEvent> hire(SplittableRandom random) throws SQLException {
        List<Integer> newcomers = desk.numbers("SELECT [ID] FROM [dbo].[STF] WHERE " + NEW_STAFF + " ORDER BY [ID]");
        if (newcomers.size() >= mostNewcomers) {
            int id = newcomers.get(random.nextInt(newcomers.size()));
            desk.update("DELETE FROM [dbo].[STF] WHERE [ID] = ?", id);
            return Optional.of(LifeEvent.ofStaff(LifeKind.STAFF_LEFT, id));
        }
        int id = nextId++;
        String last = Names.last(random);
        desk.update(
                "INSERT INTO [dbo].[STF] ([ID], [LN], [FN], [GN], [EM], [PSC], [HD], [TG], [PS], [DEL])"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ' ', 'A', 0)",
                id,
                last,
                Names.first(random),
                random.nextBoolean() ? "F" : "M",
                Names.plain(last) + id + "@eagle.example",
                schools.some(random),
                today.atStartOfDay());
        return Optional.of(LifeEvent.ofStaff(LifeKind.STAFF_HIRED, id));
    }

    /** Somebody leaves: by a leave date, by a tag, or the row is soft-deleted. */
    Optional<LifeEvent> leave(SplittableRandom random) throws SQLException {
        String change =
                switch (random.nextInt(3)) {
                    case 0 -> "[LD] = " + Population.midnight(today.minusDays(1));
                    case 1 -> "[TG] = 'I'";
                    default -> "[DEL] = 1";
                };
        return set(LifeKind.STAFF_LEFT, change, ACTIVE + " AND [LD] IS NULL AND " + STAFF_MAY_MOVE, random);
    }

    Optional<LifeEvent> comeBack(SplittableRandom random) throws SQLException {
        return set(
                LifeKind.STAFF_RETURNED,
                "[LD] = NULL, [TG] = ' ', [DEL] = 0",
                "([DEL] = 1 OR [LD] IS NOT NULL OR NOT (" + NO_TAG + ")) AND " + STAFF_MAY_MOVE,
                random);
    }

    Optional<LifeEvent> change(SplittableRandom random) throws SQLException {
        String change = random.nextBoolean()
                ? "[LN] = N'" + Names.last(random).replace("'", "''") + "'"
                : "[EM] = '" + Names.plain(Names.last(random)) + random.nextInt(1000) + "@eagle.example'";
        return set(LifeKind.STAFF_CHANGED, change, LIVE, random);
    }

    private Optional<LifeEvent> set(LifeKind kind, String change, String condition, SplittableRandom random)
            throws SQLException {
        List<Integer> candidates = desk.numbers("SELECT [ID] FROM [dbo].[STF] WHERE " + condition + " ORDER BY [ID]");
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        int id = candidates.get(random.nextInt(candidates.size()));
        desk.update("UPDATE [dbo].[STF] SET " + change + " WHERE [ID] = ?", id);
        return Optional.of(LifeEvent.ofStaff(kind, id));
    }

    Optional<LifeEvent> renameSchool(SplittableRandom random) throws SQLException {
        int school = schools.some(random);
        desk.update("UPDATE [dbo].[LOC] SET [NM] = ? WHERE [CD] = ?", Names.last(random) + " Memorial School", school);
        return Optional.of(new LifeEvent(LifeKind.SCHOOL_RENAMED, List.of("school/" + school)));
    }
}
