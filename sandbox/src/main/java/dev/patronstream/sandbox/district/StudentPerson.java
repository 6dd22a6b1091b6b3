package dev.patronstream.sandbox.district;

import java.time.LocalDate;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Who a student is: names, gender, log-ins, addresses. */
public final class StudentPerson {

    /** Of LN in STU. */
    private static final int COLUMN_LENGTH = 50;

    private final Set<Mess> mess;
    private final SplittableRandom random;

    public StudentPerson(Set<Mess> mess, SplittableRandom random) {
        this.mess = mess;
        this.random = random;
    }

    public void fill(StudentRow row, int schoolYear) {
        String first = Names.first(random);
        String last = Names.last(random);
        row.firstName = first(first);
        row.lastName = last(last);
        row.middleName = mess.contains(Mess.NO_MIDDLE_NAME) ? missing() : Names.first(random);
        if (mess.contains(Mess.PREFERRED_NAMES)) {
            row.preferredFirstName = Names.first(random);
            row.preferredLastName = random.nextInt(4) == 0 ? Names.last(random) : null;
            row.preferredMiddleName = random.nextInt(6) == 0 ? Names.first(random) : "";
        }
        row.gender = gender();
        row.birthDate = LocalDate.of(schoolYear - 5 - row.grade, 1, 1).plusDays(random.nextInt(365));
        row.login = Names.plain(first).charAt(0) + Names.plain(last) + row.id % 1000;
        row.email = mess.contains(Mess.NO_EMAIL) ? missing() : row.login + "@students.eagle.example";
        row.address = Names.address(random);
        row.telephone = Names.telephone(random);
    }

    private String first(String plain) {
        String name = mess.contains(Mess.QUOTES) ? Names.withQuotes(random) : plain;
        return mess.contains(Mess.LEADING_AND_TRAILING_BLANKS) ? " " + name + "  " : name;
    }

    private @Nullable String last(String plain) {
        if (mess.contains(Mess.NO_LAST_NAME)) {
            return missing();
        }
        String name = plain;
        if (mess.contains(Mess.APOSTROPHE)) {
            name = Names.withApostrophe(random);
        } else if (mess.contains(Mess.COMMA)) {
            name = Names.withComma(random);
        } else if (mess.contains(Mess.ACCENTS)) {
            name = Names.withAccents(random);
        } else if (mess.contains(Mess.BEYOND_WINDOWS_1252)) {
            name = Names.beyondWindows1252(random);
        } else if (mess.contains(Mess.OVERLONG_NAME)) {
            name = Names.overlong(random);
        }
        if (mess.contains(Mess.LINE_BREAK)) {
            name = name + (random.nextBoolean() ? "\r\n" : "\t") + plain;
        }
        String blanks = mess.contains(Mess.LEADING_AND_TRAILING_BLANKS) ? "  " + name + " " : name;
        return blanks.substring(0, Math.min(COLUMN_LENGTH, blanks.length()));
    }

    private @Nullable String gender() {
        if (mess.contains(Mess.GENDER_BLANK)) {
            return missing();
        }
        if (mess.contains(Mess.GENDER_OTHER)) {
            return random.nextBoolean() ? "X" : "N";
        }
        return random.nextBoolean() ? "F" : "M";
    }

    /** The ways in which a value is missing in a real table. */
    private @Nullable String missing() {
        return switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> "";
            default -> " ";
        };
    }
}
