package dev.patronstream.snapshotter.rules;

import java.util.Arrays;
import java.util.Optional;

/** What is done about a value that breaks a rule. The ids are those of the configuration. */
public enum RuleAction {
    /** The patron is left out of the file. */
    REJECT_ROW("reject-row"),
    /** The patron is delivered without the value; left out where a column must not be blank. */
    BLANK_FIELD("blank-field"),
    /** The value is delivered, mended in the rule's own way where there is one, and reported. */
    WARN("warn"),
    /** The rule's default is done to the row, and the whole delivery waits for a person. */
    HOLD_DELIVERY("hold-delivery"),
    /** The rule is not asked at all. */
    OFF("off");

    private final String id;

    RuleAction(String id) {
        this.id = id;
    }

    /** Returns the action of that name in the configuration. */
    public static Optional<RuleAction> of(String id) {
        return Arrays.stream(values()).filter(action -> action.id.equals(id)).findFirst();
    }

    /** Returns the name in the configuration. */
    public String id() {
        return id;
    }
}
