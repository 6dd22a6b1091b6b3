package dev.patronstream.demo;

import dev.patronstream.sandbox.district.DistrictSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The generated district's size and life, for the commands that generate one. */
final class DistrictOptions {

    private static final double LEAST_CHANGES = 0.001;
    private static final double MOST_CHANGES = 10_000;

    private int students = 2_000;
    private double changesPerSecond;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** @param changesPerSecond what the offices do unless told otherwise */
    DistrictOptions(double changesPerSecond) {
        this.changesPerSecond = changesPerSecond;
        this.command = CommandSpec.create();
    }

    @Option(
            names = "--students",
            paramLabel = "N",
            description = "Generated students, 0 to " + DistrictSettings.MOST_STUDENTS
                    + "; 0 leaves the tables empty (default: 2000).")
    void setStudents(int number) {
        if (number < 0 || number > DistrictSettings.MOST_STUDENTS) {
            throw wrong("--students: a district can have 0 to " + DistrictSettings.MOST_STUDENTS + " students, not "
                    + number);
        }
        students = number;
    }

    @Option(
            names = "--changes-per-second",
            paramLabel = "R",
            description = "What the school offices do; 0 for nothing (default: 20 in demo, 0 in sandbox).")
    void setChangesPerSecond(double rate) {
        if (rate != 0 && !(rate >= LEAST_CHANGES && rate <= MOST_CHANGES)) {
            throw wrong("--changes-per-second: give 0, or " + LEAST_CHANGES + " to " + MOST_CHANGES + ", not " + rate);
        }
        changesPerSecond = rate;
    }

    int students() {
        return students;
    }

    double changesPerSecond() {
        return changesPerSecond;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
