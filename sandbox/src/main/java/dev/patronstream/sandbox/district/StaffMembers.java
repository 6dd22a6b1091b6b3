package dev.patronstream.sandbox.district;

import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes the rows of STF one after the other; the first ones are specimens of what is awkward. */
final class StaffMembers implements Iterator<Object[]> {

    private static final int FIRST_ID = 1001;

    private enum Oddity {
        NONE,
        /** The ID is also a student's. */
        SHARED_ID,
        SCHOOL_ZERO,
        NO_SCHOOL,
        INACTIVE_TAG,
        LEFT,
        LEAVES_TODAY,
        LEAVES_TOMORROW,
        SOFT_DELETED,
        NO_EMAIL,
        NO_LAST_NAME,
        CLOSED_SCHOOL,
        PREFERRED_NAMES,
        APOSTROPHE,
        ACCENTS
    }

    private static final List<Oddity> ODDITIES = List.of(Oddity.values());

    private final DistrictSettings settings;
    private final List<School> schools;
    private final int count;
    private int next;

    StaffMembers(DistrictSettings settings, SchoolPlan plan) {
        this.settings = settings;
        this.schools = plan.schools().stream()
                .filter(school -> school.kind() != SchoolKind.OFFICE
                        && school.kind() != SchoolKind.CLOSED
                        && school.kind() != SchoolKind.INACTIVE)
                .toList();
        this.count = settings.students() == 0 ? 0 : Math.max(2 * ODDITIES.size(), settings.students() / 16);
    }

    @Override
    public boolean hasNext() {
        return next < count;
    }

    @Override
    public Object[] next() {
        if (next >= count) {
            throw new NoSuchElementException();
        }
        int index = next++;
        SplittableRandom random = new SplittableRandom(~settings.seed() * 1_000_003 + index);
        Oddity oddity = index < ODDITIES.size() ? ODDITIES.get(index) : draw(random);
        // The specimens belong to the first high school, where the sandbox's feed looks.
        School school = index < ODDITIES.size() ? schools.get(0) : schools.get(random.nextInt(schools.size()));
        return row(index, oddity, school, random);
    }

    private static Oddity draw(SplittableRandom random) {
        return random.nextInt(100) < 20 ? ODDITIES.get(random.nextInt(ODDITIES.size())) : Oddity.NONE;
    }

    private Object[] row(int index, Oddity oddity, School school, SplittableRandom random) {
        String first = Names.first(random);
        String last = Names.last(random);
        String login = Names.plain(first).charAt(0) + Names.plain(last) + index;
        boolean preferred = oddity == Oddity.PREFERRED_NAMES;
        int id = oddity == Oddity.SHARED_ID ? sharedId(index) : FIRST_ID + index;
        LocalDate hired = LocalDate.of(settings.schoolYear() - random.nextInt(20), 8, 1);
        return new @Nullable Object[] {
            id,
            lastName(oddity, last, random),
            first,
            random.nextInt(3) == 0 ? null : Names.first(random),
            null,
            preferred ? Names.first(random) : null,
            null,
            random.nextBoolean() ? "F" : "M",
            oddity == Oddity.NO_EMAIL ? " " : login + "@eagle.example",
            schoolCode(oddity, school),
            hired.atStartOfDay(),
            StudentRow.midnight(leaveDate(oddity, random)),
            oddity == Oddity.INACTIVE_TAG ? "I" : random.nextBoolean() ? " " : null,
            "A",
            login,
            hired.minusYears(22 + random.nextInt(30)).atStartOfDay(),
            Names.address(random),
            Names.telephone(random),
            oddity == Oddity.SOFT_DELETED ? Boolean.TRUE : random.nextBoolean() ? Boolean.FALSE : null
        };
    }

    /** The specimen shares its ID with a student of the same school, so that both meet in a feed. */
    private int sharedId(int index) {
        if (index < ODDITIES.size()) {
            return Students.SPECIMEN_OF_NINTH_GRADE;
        }
        return index < settings.students() ? Students.FIRST_ID + index : FIRST_ID + index;
    }

    private static @Nullable String lastName(Oddity oddity, String plain, SplittableRandom random) {
        return switch (oddity) {
            case NO_LAST_NAME -> null;
            case APOSTROPHE -> Names.withApostrophe(random);
            case ACCENTS -> Names.withAccents(random);
            default -> plain;
        };
    }

    private static @Nullable Integer schoolCode(Oddity oddity, School school) {
        return switch (oddity) {
            case SCHOOL_ZERO -> SchoolPlan.OFFICE;
            case NO_SCHOOL -> null;
            case CLOSED_SCHOOL -> 98;
            default -> school.code();
        };
    }

    private @Nullable LocalDate leaveDate(Oddity oddity, SplittableRandom random) {
        return switch (oddity) {
            case LEFT -> settings.today().minusDays(1 + random.nextInt(90));
            case LEAVES_TODAY -> settings.today();
            case LEAVES_TOMORROW -> settings.today().plusDays(1);
            default -> null;
        };
    }
}
