package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.setting.Kind;
import dev.patronstream.cli.config.setting.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Read values on the command line as in the configuration, and say of a wrong one what would be right. */
public final class Converters {

    private Converters() {}

    private abstract static class OfKind<T> implements ITypeConverter<T> {

        private final Kind<T> kind;

        OfKind(Kind<T> kind) {
            this.kind = kind;
        }

        @Override
        public T convert(String text) {
            return kind.parser()
                    .apply(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' " + kind.complaint().apply(text)));
        }
    }

    /** How many there are, or may be: 0 to 999999999. */
    public static final class Count extends OfKind<Integer> {
        Count() {
            super(Values.whole(0, 999_999_999));
        }
    }

    /** A TCP port: 0 to 65535, 0 for any free one. */
    public static final class Port extends OfKind<Integer> {
        Port() {
            super(Values.whole(0, 65_535));
        }
    }

    /** A time, {@code 500ms}, {@code 60s}, {@code 5m}; a number is seconds. */
    public static final class Time extends OfKind<Duration> {
        Time() {
            super(Values.TIME_OR_NONE);
        }

        @Override
        public Duration convert(String text) {
            return super.convert(text.matches("[0-9]+") ? text + "s" : text);
        }
    }

    /** A folder that is there or can be made: not a file. */
    public static final class Folder implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            Path path = Path.of(text);
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw new TypeConversionException("'" + text + "' is a file; name a folder");
            }
            return path;
        }
    }

    /** A file, there or not: no folder. */
    public static final class File implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            Path path = Path.of(text);
            if (Files.isDirectory(path)) {
                throw new TypeConversionException("'" + text + "' is a folder; name a file");
            }
            return path;
        }
    }
}
