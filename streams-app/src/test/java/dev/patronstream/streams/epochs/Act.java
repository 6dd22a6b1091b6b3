package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.StaffMember;
import java.util.Optional;
import java.util.OptionalInt;

/** One thing that happens to a district: a change, an end of an epoch, a record read, a commit, a crash, a loss. */
sealed interface Act {

    void on(District district);

    /** A school is new or has another name. */
    record PutSchool(int code, String name) implements Act {
        @Override
        public void on(District district) {
            district.put(Rows.school(code, name));
        }
    }

    record RemoveSchool(int code) implements Act {
        @Override
        public void on(District district) {
            district.removeSchool(code);
        }
    }

    /** A staff member, perhaps with a tag, perhaps leaving so many days after the first. */
    record PutStaff(int id, int school, Optional<String> tag, OptionalInt leaves) implements Act {
        @Override
        public void on(District district) {
            StaffMember.Builder row = Rows.staff(id, school);
            tag.ifPresent(row::setInactiveTag);
            leaves.ifPresent(days -> row.setLeaveDate(Rows.TODAY.plusDays(days)));
            district.put(row);
        }
    }

    record RemoveStaff(int id) implements Act {
        @Override
        public void on(District district) {
            district.removeStaff(id);
        }
    }

    /** A teacher is new or has another name. */
    record PutTeacher(int school, int number, String name) implements Act {
        @Override
        public void on(District district) {
            district.put(Rows.teacher(school, number, name));
        }
    }

    record RemoveTeacher(int school, int number) implements Act {
        @Override
        public void on(District district) {
            district.removeTeacher(school, number);
        }
    }

    /** A row of a student, perhaps another one's before. */
    record PutEnrollment(
            int school,
            int number,
            int id,
            String name,
            String tag,
            String program,
            OptionalInt enteredDaysAgo,
            OptionalInt counselor)
            implements Act {
        @Override
        public void on(District district) {
            district.put(row());
        }

        Enrollment.Builder row() {
            Enrollment.Builder row = Rows.enrollment(school, number, id)
                    .setLastName(name)
                    .setEnterDate(enteredDaysAgo.isPresent() ? Rows.TODAY.minusDays(enteredDaysAgo.getAsInt()) : null);
            counselor.ifPresent(at -> row.setCounselorNumber(at).setCounselorStaffId(at));
            if (!tag.isEmpty()) {
                row.setStatusTag(tag);
            }
            if (!program.isEmpty()) {
                row.setAttendanceProgram(program);
            }
            return row;
        }
    }

    record RemoveEnrollment(int school, int number) implements Act {
        @Override
        public void on(District district) {
            district.removeEnrollment(school, number);
        }
    }

    /** A transaction's marker takes an offset. */
    record Marker(String topic) implements Act {
        @Override
        public void on(District district) {
            district.marker(topic);
        }
    }

    /** The business date moves. */
    record NextDay(int days) implements Act {
        @Override
        public void on(District district) {
            district.businessDate = district.businessDate.plusDays(days);
        }
    }

    record EndEpoch() implements Act {
        @Override
        public void on(District district) {
            district.endEpoch();
        }
    }

    /** The next record of a topic is read. */
    record Deliver(String topic) implements Act {
        @Override
        public void on(District district) {
            district.deliver(topic);
        }
    }

    record Tick() implements Act {
        @Override
        public void on(District district) {
            district.tick();
        }
    }

    record Commit() implements Act {
        @Override
        public void on(District district) {
            district.commit();
        }
    }

    /** Everything that is there is read and done. */
    record Settle() implements Act {
        @Override
        public void on(District district) {
            // An epoch's end must have been read before all work can be over.
            district.endEpoch();
            district.settle();
        }
    }

    record Crash() implements Act {
        @Override
        public void on(District district) {
            district.crash();
        }
    }

    record Restart() implements Act {
        @Override
        public void on(District district) {
            district.restart();
        }
    }

    record Compact(String topic) implements Act {
        @Override
        public void on(District district) {
            district.compactWhatIsRead(topic);
        }
    }

    record LoseState() implements Act {
        @Override
        public void on(District district) {
            district.loseState();
        }
    }

    record LosePositions() implements Act {
        @Override
        public void on(District district) {
            district.losePositions();
        }
    }

    /** The broker loses the last records of a topic, or the last commit of a changelog. */
    record LoseTail(String topic, int records) implements Act {
        @Override
        public void on(District district) {
            district.loseTail(topic, records);
        }
    }

    /** A topic loses its first records. */
    record LoseBeginning(String topic, int records) implements Act {
        @Override
        public void on(District district) {
            district.loseBeginning(topic, records);
        }
    }

    /** A contract topic is deleted and made again, and the connector fills it. */
    record MakeAgain(String topic) implements Act {
        @Override
        public void on(District district) {
            district.replaceTopic(topic);
        }
    }

    /** A restart with the other configuration. */
    record Reconfigure() implements Act {
        @Override
        public void on(District district) {
            throw new IllegalStateException("Done by the property, which knows the configurations");
        }
    }
}
