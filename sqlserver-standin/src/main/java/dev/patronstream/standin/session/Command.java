package dev.patronstream.standin.session;

/** What kind of statement is done, with the number that the DONE token carries. */
public enum Command {
    NONE(0),
    SELECT(0xC1),
    INSERT(0xC3),
    DELETE(0xC4),
    UPDATE(0xC5),
    MERGE(0x117),
    DEFINE(0xC6),
    EXECUTE(0xE0),
    SET(0xF9),
    TRANSACTION(0xD5);

    private final int number;

    Command(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
