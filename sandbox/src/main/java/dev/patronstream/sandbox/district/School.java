package dev.patronstream.sandbox.district;

/**
 * A school of the generated district.
 *
 * @param code the school code, 0..9999
 * @param site the site short name in Destiny, at most 10 characters
 */
record School(int code, String name, SchoolKind kind, String site) {

    School {
        if (site.length() > 10) {
            throw new IllegalArgumentException("Destiny takes site short names up to 10 characters: " + site);
        }
    }
}
