package dev.patronstream.snapshotter.layout.free;

/**
 * A column of a free layout, as configured.
 *
 * @param header its name for people
 * @param key its key, for header rows of keys
 * @param template how its values are put together
 * @param length characters that the vendor keeps; the largest number for no bound
 * @param required whether a patron without a value is left out
 * @param unique whether two patrons must not share a value; such values are never changed
 * @param email whether the values are e-mail addresses
 */
public record FreeColumn(
        String header, String key, String template, int length, boolean required, boolean unique, boolean email) {

    /** A column without further demands. */
    public static FreeColumn of(String header, String template) {
        return new FreeColumn(header, header, template, Integer.MAX_VALUE, false, false, false);
    }
}
