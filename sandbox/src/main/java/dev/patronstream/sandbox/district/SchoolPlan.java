package dev.patronstream.sandbox.district;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Which schools a district of a given size has. The first high school is 10, the first middle school 20, elementary
 * schools begin at 30, the adult school is 90.
 */
public final class SchoolPlan {

    public static final int OFFICE = 0;
    public static final int INACTIVE = 999;

    /** Above every code. */
    public static final int CODES = 10_000;

    private static final List<String> PLACES = List.of(
            "Oak Grove",
            "Cedar Creek",
            "Lincoln",
            "Chávez",
            "Riverside",
            "Sunnyside",
            "Washington",
            "O'Higgins",
            "Maple",
            "Peña Blanca",
            "Franklin",
            "Harbor View",
            "Sierra Vista",
            "Roosevelt",
            "Willow",
            "King");

    private final List<School> schools;
    private final Map<SchoolKind, List<School>> byKind = new EnumMap<>(SchoolKind.class);

    private SchoolPlan(List<School> schools) {
        this.schools =
                schools.stream().sorted(Comparator.comparingInt(School::code)).toList();
        for (SchoolKind kind : SchoolKind.values()) {
            byKind.put(
                    kind,
                    this.schools.stream()
                            .filter(school -> school.kind() == kind)
                            .toList());
        }
    }

    static SchoolPlan forStudents(int students) {
        List<School> schools = new ArrayList<>();
        if (students == 0) {
            return new SchoolPlan(schools);
        }
        schools.add(new School(OFFICE, "Eagle Unified School District", SchoolKind.OFFICE, "EAGLEDO"));
        schools.add(new School(10, "Eagle High School", SchoolKind.HIGH, "EAGLEHS"));
        schools.add(new School(20, "Eagle Middle School", SchoolKind.MIDDLE, "EAGLEMS"));
        schools.add(new School(90, "Eagle Adult School", SchoolKind.ADULT, "EAGLEAD"));
        schools.add(new School(98, "Old Mill School", SchoolKind.CLOSED, "OLDMILL"));
        schools.add(new School(INACTIVE, "Inactive Students", SchoolKind.INACTIVE, "INACTIVE"));
        // Codes of three digits suffice for 500,000 students. Real schools have some 1,800, 900 and 500 students; how
        // many schools that makes follows from the grades.
        for (int i = 1; i < students / 6_400; i++) {
            schools.add(named(i < 101 ? 99 + i : 2000 + i, i, "High School", SchoolKind.HIGH, "HS"));
        }
        for (int i = 1; i < students / 4_300; i++) {
            schools.add(named(i < 151 ? 199 + i : 3000 + i, i + 5, "Middle School", SchoolKind.MIDDLE, "MS"));
        }
        for (int i = 0; i < Math.max(3, students / 1_090); i++) {
            schools.add(named(
                    i < 50 ? 30 + i : i < 699 ? 300 + i : 4000 + i,
                    i + 9,
                    "Elementary School",
                    SchoolKind.ELEMENTARY,
                    "ES"));
        }
        return new SchoolPlan(schools);
    }

    private static School named(int code, int index, String what, SchoolKind kind, String site) {
        String place = PLACES.get(index % PLACES.size());
        int round = index / PLACES.size();
        return new School(code, place + (round > 0 ? " " + (round + 1) : "") + " " + what, kind, site + code);
    }

    List<School> schools() {
        return schools;
    }

    List<School> ofKind(SchoolKind kind) {
        return byKind.getOrDefault(kind, List.of());
    }

    /** A school that teaches a grade. */
    School pick(int grade, SplittableRandom random) {
        List<School> candidates = ofKind(SchoolKind.forGrade(grade));
        return candidates.get(random.nextInt(candidates.size()));
    }

    /** The school a student may have single classes in: of the kind after, if there is one. */
    School pickAdvanced(School school, SplittableRandom random) {
        List<School> advanced =
                switch (school.kind()) {
                    case ELEMENTARY -> ofKind(SchoolKind.MIDDLE);
                    case MIDDLE -> ofKind(SchoolKind.HIGH);
                    default -> ofKind(SchoolKind.ADULT);
                };
        return advanced.get(random.nextInt(advanced.size()));
    }

    /** Another school a student may come from: of the same kind if there is one, else of the kind before. */
    School pickOther(School school, SplittableRandom random) {
        List<School> others = new ArrayList<>(ofKind(school.kind()));
        others.remove(school);
        if (others.isEmpty()) {
            SchoolKind before =
                    switch (school.kind()) {
                        case HIGH -> SchoolKind.MIDDLE;
                        case ADULT -> SchoolKind.HIGH;
                        default -> SchoolKind.ELEMENTARY;
                    };
            others = ofKind(before);
        }
        return others.get(random.nextInt(others.size()));
    }
}
