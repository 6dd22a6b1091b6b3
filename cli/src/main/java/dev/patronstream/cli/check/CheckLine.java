package dev.patronstream.cli.check;

/**
 * Something that was tried.
 *
 * @param what what it is, in a word or two
 * @param verdict how it is
 * @param found what was seen
 * @param remedy what to do; empty where nothing is to be done, or where {@code found} says it
 */
public record CheckLine(String what, Verdict verdict, String found, String remedy) {

    /** How something is. */
    public enum Verdict {
        /** As it should be. */
        FINE("ok"),
        /** It works, and a person should know. */
        LOOK("look"),
        /** It does not work. */
        WRONG("WRONG");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /** Returns it as people read it. */
        public String word() {
            return word;
        }
    }

    static CheckLine fine(String what, String found) {
        return new CheckLine(what, Verdict.FINE, found, "");
    }

    static CheckLine look(String what, String found, String remedy) {
        return new CheckLine(what, Verdict.LOOK, found, remedy);
    }

    static CheckLine wrong(String what, String found) {
        return new CheckLine(what, Verdict.WRONG, found, "");
    }
}
