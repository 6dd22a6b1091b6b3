package dev.patronstream.connector.check;

/**
 * Something that was looked at, in the database or elsewhere.
 *
 * @param what what it is, in a word or two
 * @param found what was seen, in a sentence or less
 * @param remedy what to do; empty where nothing is to be done, or where {@code found} says it
 */
public record Finding(String what, State state, String found, String remedy) {

    /** How something is. */
    public enum State {
        /** As it should be. */
        FINE,
        /** It works, and a person should know. */
        LOOK,
        /** It does not work. */
        WRONG
    }

    public static Finding fine(String what, String found) {
        return new Finding(what, State.FINE, found, "");
    }

    public static Finding look(String what, String found, String remedy) {
        return new Finding(what, State.LOOK, found, remedy);
    }

    public static Finding wrong(String what, String found, String remedy) {
        return new Finding(what, State.WRONG, found, remedy);
    }
}
