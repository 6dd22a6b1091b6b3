package dev.patronstream.sandbox.oracle;

/** The names that are sent: those of record, or the preferred ones where filled, never both. */
record Names(String last, String first, String middle) {

    static Names of(Cells cells, boolean preferred) {
        return new Names(
                choose(cells, "LN", "LNA", preferred),
                choose(cells, "FN", "FNA", preferred),
                choose(cells, "MN", "MNA", preferred));
    }

    private static String choose(Cells cells, String ofRecord, String preferredName, boolean preferred) {
        String chosen = preferred ? cells.text(preferredName) : "";
        return chosen.isEmpty() ? cells.text(ofRecord) : chosen;
    }

    /** {@code M} and {@code F} as they are, {@code U} for everything else. */
    static String gender(Cells cells) {
        String gender = cells.text("GN");
        return gender.equals("M") || gender.equals("F") ? gender : "U";
    }
}
