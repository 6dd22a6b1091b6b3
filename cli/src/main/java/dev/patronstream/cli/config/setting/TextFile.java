package dev.patronstream.cli.config.setting;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Files that people write: in UTF-8, or in UTF-16 with a byte order mark, as editors on Windows do. */
public final class TextFile {

    private static final int MOST_BYTES = 1_000_000;

    /** What keeps a file from being read, as a sentence that begins with its name; never what it holds. */
    public static final class UnreadableException extends IOException {

        private static final long serialVersionUID = 1L;

        private final int line;

        private UnreadableException(String message, int line) {
            super(message);
            this.line = line;
        }

        public OptionalInt line() {
            return line > 0 ? OptionalInt.of(line) : OptionalInt.empty();
        }
    }

    private TextFile() {}

    /** Returns the text of a file, without a byte order mark. */
    public static String read(Path file) throws UnreadableException {
        byte[] bytes;
        try (InputStream in = open(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (UnreadableException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreadableException(words(file, e), 0);
        }
        if (bytes.length > MOST_BYTES) {
            throw new UnreadableException("is larger than 1 MB; name the right file", 0);
        }
        return text(bytes);
    }

    /** Returns the text of these bytes, without a byte order mark. */
    public static String text(byte[] bytes) throws UnreadableException {
        if (begins(bytes, 0xFE, 0xFF)) {
            return decode(bytes, 2, StandardCharsets.UTF_16BE);
        }
        if (begins(bytes, 0xFF, 0xFE)) {
            return decode(bytes, 2, StandardCharsets.UTF_16LE);
        }
        return decode(bytes, begins(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0, StandardCharsets.UTF_8);
    }

    static Optional<String> problem(Path file) {
        try (InputStream in = open(file)) {
            return Optional.empty();
        } catch (UnreadableException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Optional.of(words(file, e));
        }
    }

    /** Returns why a folder cannot be there; empty where it is there or can be made. */
    static Optional<String> problemOfFolder(Path folder) {
        for (Path place = folder; place != null; place = place.getParent()) {
            if (Files.isDirectory(place)) {
                return Optional.empty();
            }
            if (Files.isSymbolicLink(place)) {
                return Optional.of(
                        "cannot be there: " + place + " is a link that leads to no folder; correct one of them");
            }
            if (Files.exists(place)) {
                return Optional.of("cannot be there: " + place + " is a file; name a folder");
            }
        }
        return Optional.empty();
    }

    private static InputStream open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new UnreadableException("is a folder; name a file", 0);
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new UnreadableException("is a pipe or a device; name a file", 0);
        }
        return Files.newInputStream(file);
    }

    private static String words(Path file, IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return Files.isSymbolicLink(file)
                    ? "is a link to something that is not there; correct one of them"
                    : "is not there; name the right one, or write it";
        }
        if (failure instanceof AccessDeniedException) {
            return "must not be read by this account; give it the right";
        }
        String reason = failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
        return "cannot be read (" + (reason == null ? failure.getClass().getSimpleName() : reason) + "); correct it";
    }

    private static boolean begins(byte[] bytes, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (bytes.length <= i || (bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static String decode(byte[] bytes, int from, Charset charset) throws UnreadableException {
        ByteBuffer in = ByteBuffer.wrap(bytes, from, bytes.length - from);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = charset.newDecoder().decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            throw new UnreadableException(
                    "is not text in " + charset + "; save it as UTF-8",
                    (int) text.chars().filter(c -> c == '\n').count() + 1);
        }
        return text;
    }
}
