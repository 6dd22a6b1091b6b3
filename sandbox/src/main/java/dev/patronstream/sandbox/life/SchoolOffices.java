package dev.patronstream.sandbox.life;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Lets one event after the other happen, each in its own transaction, on one connection. Not thread-safe. */
final class SchoolOffices {

    private static final int ATTEMPTS = 8;

    private final Connection connection;
    private final LifeSettings settings;
    private final StudentDesk students;
    private final StaffDesk staff;
    private final boolean anySchool;

    SchoolOffices(Connection connection, LifeSettings settings) throws SQLException {
        this.connection = connection;
        this.settings = settings;
        connection.setAutoCommit(false);
        Desk desk = new Desk(connection);
        OpenSchools schools = new OpenSchools(desk);
        this.anySchool = !schools.all().isEmpty();
        this.students = new StudentDesk(desk, schools, settings.today());
        this.staff = new StaffDesk(desk, schools, settings.today());
        connection.commit();
    }

    /** Whether there is a school at all; in an empty district nothing happens. */
    boolean isOpen() {
        return anySchool;
    }

    /**
     * Does one event and commits it (or rolls it back, for {@link LifeKind#ROLLED_BACK}).
     *
     * @return what happened; empty if chance found nothing to do
     */
    Optional<LifeEvent> next(SplittableRandom random) throws SQLException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            LifeKind kind = draw(random);
            Optional<LifeEvent> event = attempt(kind, random);
            if (event.isPresent()) {
                return event;
            }
        }
        return Optional.empty();
    }

    private Optional<LifeEvent> attempt(LifeKind kind, SplittableRandom random) throws SQLException {
        try {
            Optional<LifeEvent> event = work(kind, random);
            if (kind == LifeKind.ROLLED_BACK || event.isEmpty()) {
                connection.rollback();
            } else {
                connection.commit();
            }
            return event;
        } catch (SQLException | RuntimeException e) {
            undo(e);
            throw e;
        }
    }

    private void undo(Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private Optional<LifeEvent> work(LifeKind kind, SplittableRandom random) throws SQLException {
        return switch (kind) {
            case NAME_CHANGED -> students.changeName(random);
            case EMAIL_CHANGED -> students.changeEmail(random);
            case GRADE_CHANGED -> students.changeGrade(random);
            case HOMEROOM_CHANGED -> students.changeHomeroom(random);
            case ENROLLED -> students.enroll(random);
            case TRANSFERRED -> students.transfer(random);
            case INACTIVATED -> students.inactivate(random);
            case REACTIVATED -> students.reactivate(random);
            case SOFT_DELETED -> students.softDelete(random);
            case RESTORED -> students.restore(random);
            case HARD_DELETED -> students.hardDelete(random);
            case LEFT -> students.leave(random);
            case RETURNED -> students.comeBack(random);
            case KEY_CHANGED -> students.changeKey(random);
            case STUDENT_ID_CHANGED -> students.changeStudentId(random);
            case STAFF_HIRED -> staff.hire(random);
            case STAFF_LEFT -> staff.leave(random);
            case STAFF_RETURNED -> staff.comeBack(random);
            case STAFF_CHANGED -> staff.change(random);
            case SCHOOL_RENAMED -> staff.renameSchool(random);
            case ROLLED_BACK -> rolledBack(random);
            case MASS_CHANGE -> students.massChange(random);
        };
    }

    private Optional<LifeEvent> rolledBack(SplittableRandom random) throws SQLException {
        Optional<LifeEvent> changed = students.changeName(random);
        students.transfer(random);
        staff.renameSchool(random);
        return changed.map(event -> new LifeEvent(LifeKind.ROLLED_BACK, event.people()));
    }

    private LifeKind draw(SplittableRandom random) {
        Map<LifeKind, Integer> weights = new TreeMap<>(settings.weights());
        int draw = random.nextInt(
                weights.values().stream().mapToInt(Integer::intValue).sum());
        for (Map.Entry<LifeKind, Integer> entry : weights.entrySet()) {
            draw -= entry.getValue();
            if (draw < 0) {
                return entry.getKey();
            }
        }
        throw new IllegalStateException("The weights do not add up");
    }
}
