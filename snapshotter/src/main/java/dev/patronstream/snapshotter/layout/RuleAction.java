package dev.patronstream.snapshotter.layout;

/** What is done about a value that breaks a rule. */
public enum RuleAction {
    /** The patron is left out of the file. */
    REJECT_ROW("row left out"),
    /** The patron is delivered without the value. */
    BLANK_FIELD("field left blank"),
    /** The value is cut at the length of its column, as the vendor would. */
    CUT("value cut"),
    /** The value is made harmless and delivered. */
    CLEAN("replaced by a space");

    private final String done;

    RuleAction(String done) {
        this.done = done;
    }

    /** Returns what the problem report says was done. */
    public String done() {
        return done;
    }
}
