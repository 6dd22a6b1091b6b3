package dev.patronstream.benchmarks.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A vendor who looks at the file all the time, not when it is convenient, and remembers every content. Thread-safe.
 */
final class VendorWatch implements AutoCloseable {

    private static final long LOOK_MILLIS = 20;

    private final Path file;
    private final Map<String, Instant> sightings = new LinkedHashMap<>();
    private final Thread thread = new Thread(this::watch, "vendor");
    private boolean wasThere;
    private long absences;

    VendorWatch(Path file) {
        this.file = file;
        thread.setDaemon(true);
        thread.start();
    }

    /** Hash of every content with the time it was first seen. */
    synchronized Map<String, Instant> sightings() {
        return Map.copyOf(sightings);
    }

    /** How often the file was gone after it had been there. */
    synchronized long absences() {
        return absences;
    }

    private void watch() {
        try {
            Object before = "";
            while (!Thread.currentThread().isInterrupted()) {
                Object now = identity();
                if (!now.equals(before)) {
                    before = look() ? now : "";
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Another file under the name, or other content in it. */
    private Object identity() {
        try {
            return Files.readAttributes(file, "unix:ino,size,lastModifiedTime").toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private synchronized boolean look() {
        try {
            byte[] content = Files.readAllBytes(file);
            wasThere = true;
            sightings.putIfAbsent(
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content)),
                    Instant.now());
            return true;
        } catch (NoSuchFileException e) {
            if (wasThere) {
                absences++;
                wasThere = false;
            }
            return false;
        } catch (IOException e) {
            return false;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        Watching.end(thread);
    }
}
