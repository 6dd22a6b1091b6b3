package dev.patronstream.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The command that starts a Java process with a short life, such as one that a test kills. */
public final class ChildJvm {

    private ChildJvm() {}

    /** Returns the beginning of the command: the program and its options. */
    public static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // Byte code is not verified again; that saves a tenth of the processor time of a start.
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote");
    }

    /**
     * Returns the command that runs a main class with the class path of this process.
     *
     * @param options further options of the virtual machine, such as its heap
     */
    public static List<String> command(Class<?> main, List<String> options, Object... arguments) {
        return command(System.getProperty("java.class.path"), main, options, arguments);
    }

    /** Returns the command that runs a main class of another class path. */
    public static List<String> command(String classPath, Class<?> main, List<String> options, Object... arguments) {
        List<String> command = new ArrayList<>(java());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        return List.copyOf(command);
    }
}
