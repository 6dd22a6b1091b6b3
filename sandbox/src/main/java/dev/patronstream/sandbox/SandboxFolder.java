package dev.patronstream.sandbox;

import dev.patronstream.schemas.secret.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The folders and files of a sandbox. */
final class SandboxFolder {

    private static final String STATE = "sandbox.properties";
    private static final int PASSWORD_BYTES = 12;

    private final Path root;

    SandboxFolder(Path root) {
        this.root = root;
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + root + " cannot be made", e);
        }
    }

    Path sqlServer() {
        return root.resolve("sqlserver");
    }

    Path kafka() {
        return root.resolve("kafka");
    }

    Path sftp() {
        return root.resolve("sftp");
    }

    Path hostKey() {
        return root.resolve("secrets").resolve("sftp-host-key");
    }

    Path configuration() {
        return root.resolve("patronstream.yaml");
    }

    /** Returns a password of its own, made at the first start, in a file that only its owner can read. */
    String password(String name) {
        Path file = root.resolve(passwordFile(name));
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[PASSWORD_BYTES];
                new SecureRandom().nextBytes(random);
                OwnerOnly.write(file, "Eagle-" + HexFormat.of().formatHex(random) + "\n");
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("The password file " + file + " cannot be used", e);
        }
    }

    /** Returns where a password lies, relative to the configuration. */
    String passwordFile(String name) {
        return "secrets/" + name + "-password";
    }

    /** Returns what was remembered at the last start. */
    Properties remembered() {
        Properties properties = new Properties();
        Path file = root.resolve(STATE);
        if (Files.exists(file)) {
            try (var reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException("What the sandbox remembers, " + file + ", cannot be read", e);
            }
        }
        return properties;
    }

    /** Remembers something for the next start. */
    void remember(Properties properties) {
        StringBuilder text = new StringBuilder("# What the sandbox remembers from one start to the next.\n");
        for (String name : new TreeSet<>(properties.stringPropertyNames())) {
            text.append(name).append('=').append(properties.getProperty(name)).append('\n');
        }
        write(STATE, text.toString());
    }

    /** Writes a file of the sandbox, whole or not at all. */
    void write(String name, String text) {
        Path file = root.resolve(name);
        Path unfinished = root.resolve("." + name + ".part");
        try {
            Files.writeString(unfinished, text);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " cannot be written", e);
        }
    }

    /** Removes a database whose rows were not all loaded, after an interrupted first start. */
    void removeSqlServer() {
        if (!Files.exists(sqlServer())) {
            return;
        }
        try (Stream<Path> found = Files.walk(sqlServer())) {
            List<Path> all = found.sorted(Comparator.reverseOrder()).toList();
            for (Path path : all) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The half-made database " + sqlServer() + " cannot be removed", e);
        }
    }

    /** Returns a number that was remembered. */
    static Optional<Integer> number(Properties remembered, String key) {
        return Optional.ofNullable(remembered.getProperty(key)).map(Integer::valueOf);
    }
}
