package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.Cluster;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says what an error of the Java process means for those who run it, and what to do. */
public final class ErrorWords {

    private ErrorWords() {}

    /** Returns why a thread's end is the end of the process. */
    static String ofThread(String thread, Throwable thrown) {
        return "Part '" + thread + "' of the process has ended, and without it nothing is right: " + of(thrown);
    }

    /** Returns what happened; for an error of the Java process, what to do as well. */
    public static String of(Throwable failure) {
        List<Throwable> causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .toList();
        Optional<Throwable> error =
                causes.stream().filter(Error.class::isInstance).reduce((outer, inner) -> inner);
        Optional<Throwable> memory =
                causes.stream().filter(ErrorWords::isAboutMemory).findFirst();
        if (memory.isPresent()) {
            return "Memory has run out (" + memory.get().getMessage() + "; the heap may take "
                    + Runtime.getRuntime().maxMemory() / (1024 * 1024)
                    + " MiB). Start patronstream again with more: PATRONSTREAM_JAVA_OPTS=-Xmx2g";
        }
        if (causes.stream().anyMatch(ErrorWords::isAboutPlatform)) {
            return "patronstream has no native library for " + System.getProperty("os.name") + " on "
                    + System.getProperty("os.arch") + " ("
                    + causes.get(causes.size() - 1).getMessage()
                    + "). It runs on Linux (x86-64, aarch64; with glibc), macOS and Windows (x86-64): use one of these";
        }
        if (causes.stream().anyMatch(ErrorWords::isAboutLibrary)) {
            return "A native library cannot be loaded ("
                    + causes.get(causes.size() - 1).getMessage()
                    + "). It is unpacked into the folder for temporary files, now "
                    + System.getProperty("java.io.tmpdir")
                    + ", which must be writable and must not be mounted with 'noexec'. Choose another folder:"
                    + " PATRONSTREAM_JAVA_OPTS=-Djava.io.tmpdir=FOLDER";
        }
        if (error.filter(LinkageError.class::isInstance).isPresent()) {
            return "A part of the program is missing or damaged (" + error.get()
                    + "). Unpack the download again; in a clone, remove the folders cli/target, demo/target and"
                    + " dist/target, and run ./patronstream --version, which builds it again; make a container's image"
                    + " again";
        }
        if (error.filter(InternalError.class::isInstance).isPresent()) {
            return "A file that is mapped into memory could not be read or written ("
                    + error.get().getMessage() + ")";
        }
        return error.map(thrown ->
                        thrown + ". Start patronstream again; if it stays so, the log says where it comes from")
                .orElseGet(() -> Disks.answered(Cluster.reason(failure), failure));
    }

    /** What lacked memory while a class was prepared is said later in words only, and by another thread. */
    private static boolean isAboutMemory(Throwable cause) {
        return cause instanceof OutOfMemoryError
                || (cause instanceof LinkageError
                        && String.valueOf(cause.getMessage()).contains("OutOfMemoryError"));
    }

    private static boolean isAboutPlatform(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("not found inside JAR") || message.contains("Unsupported OS/arch");
    }

    private static boolean isAboutLibrary(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return cause instanceof UnsatisfiedLinkError
                || message.contains("shared library")
                || message.contains("Could not initialize class org.rocksdb");
    }
}
