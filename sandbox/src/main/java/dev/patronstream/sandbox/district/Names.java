package dev.patronstream.sandbox.district;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Made-up names. Any likeness to living people is by chance. */
public final class Names {

    private static final List<String> FIRST = List.of(
            "Ava",
            "Liam",
            "Mia",
            "Noah",
            "Emma",
            "Mateo",
            "Sofia",
            "Lucas",
            "Camila",
            "Ethan",
            "Isabella",
            "Daniel",
            "Olivia",
            "Santiago",
            "Luna",
            "Aiden",
            "Zoe",
            "Jayden",
            "Amelia",
            "Sebastian",
            "Layla",
            "Ezra",
            "Nora",
            "Kai",
            "Chloe",
            "Diego",
            "Aaliyah",
            "Owen",
            "Valentina",
            "Minh",
            "Priya",
            "Arjun",
            "Mei",
            "Hiro",
            "Fatima",
            "Yusuf",
            "Ivan",
            "Katya",
            "Tomas",
            "Grace",
            "Elijah",
            "Hazel",
            "Caleb",
            "Naomi",
            "Jonah",
            "Ruby",
            "Felix",
            "Ingrid",
            "Oscar",
            "Thuy",
            "Andre",
            "Leilani",
            "Marcus",
            "Bella",
            "Hugo",
            "Sienna",
            "Wyatt",
            "Nadia");

    private static final List<String> LAST = List.of(
            "Garcia",
            "Smith",
            "Nguyen",
            "Johnson",
            "Martinez",
            "Lee",
            "Brown",
            "Hernandez",
            "Tran",
            "Lopez",
            "Wilson",
            "Patel",
            "Gonzalez",
            "Kim",
            "Davis",
            "Rodriguez",
            "Chen",
            "Miller",
            "Perez",
            "Moore",
            "Sanchez",
            "Singh",
            "Clark",
            "Ramirez",
            "Wong",
            "Lewis",
            "Torres",
            "Walker",
            "Flores",
            "Young",
            "Rivera",
            "Hall",
            "Gomez",
            "Allen",
            "Diaz",
            "King",
            "Cruz",
            "Wright",
            "Reyes",
            "Hill",
            "Morales",
            "Scott",
            "Ortiz",
            "Green",
            "Gutierrez",
            "Adams",
            "Chavez",
            "Baker",
            "Ramos",
            "Nelson",
            "Ruiz",
            "Carter",
            "Mendoza",
            "Mitchell",
            "Alvarez",
            "Roberts",
            "Castillo",
            "Turner",
            "Romero",
            "Phillips",
            "Herrera",
            "Campbell",
            "Medina",
            "Parker",
            "Aguilar",
            "Evans",
            "Vargas",
            "Edwards",
            "Vasquez",
            "Collins",
            "Stewart",
            "Morris",
            "Murphy");

    private static final List<String> WITH_APOSTROPHE =
            List.of("O'Brien", "D'Angelo", "O'Neil-Garcia", "N'Diaye", "L'Heureux");
    private static final List<String> WITH_COMMA = List.of("Smith, Jr.", "Garcia, III", "Lee, Sr.");
    private static final List<String> WITH_QUOTES =
            List.of("William \"Bill\"", "\"AJ\"", "Robert \"Bobby\" Lee", "Mary \"Mae\"");
    private static final List<String> WITH_ACCENTS =
            List.of("Peña", "Núñez", "Muñoz", "François", "Müller", "Bjørnsen", "Sørensen", "Ávila");
    private static final List<String> BEYOND_WINDOWS_1252 =
            List.of("Łukasz", "Nguyễn", "Şeşen", "Dvořák", "Erdoğan", "Kőszegi", "Ōkawa", "李");
    private static final List<String> STREETS =
            List.of("Main St", "Oak Ave", "2nd St", "Harbor Blvd", "Mission Rd", "Palm Dr", "Elm Ct");

    private Names() {}

    public static String first(SplittableRandom random) {
        return pick(FIRST, random);
    }

    public static String last(SplittableRandom random) {
        String name = pick(LAST, random);
        return random.nextInt(9) == 0 ? name + "-" + pick(LAST, random) : name;
    }

    static String withApostrophe(SplittableRandom random) {
        return pick(WITH_APOSTROPHE, random);
    }

    static String withComma(SplittableRandom random) {
        return pick(WITH_COMMA, random);
    }

    static String withQuotes(SplittableRandom random) {
        return pick(WITH_QUOTES, random);
    }

    public static String withAccents(SplittableRandom random) {
        return pick(WITH_ACCENTS, random);
    }

    static String beyondWindows1252(SplittableRandom random) {
        return pick(BEYOND_WINDOWS_1252, random);
    }

    /** A last name longer than the 42 characters Destiny has for it, within the 50 of the table. */
    static String overlong(SplittableRandom random) {
        StringBuilder name = new StringBuilder(pick(LAST, random));
        while (name.length() < 43) {
            name.append('-').append(pick(LAST, random));
        }
        return name.substring(0, Math.min(50, name.length()));
    }

    static String address(SplittableRandom random) {
        return (100 + random.nextInt(9_800)) + " " + pick(STREETS, random);
    }

    static String telephone(SplittableRandom random) {
        return "(555) 555-01%02d".formatted(random.nextInt(100));
    }

    /** The part of an e-mail address or a log-in that comes from a name: plain lower-case letters. */
    public static String plain(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("[^A-Za-z]", "")
                .toLowerCase(Locale.ROOT);
    }

    private static String pick(List<String> names, SplittableRandom random) {
        return names.get(random.nextInt(names.size()));
    }
}
