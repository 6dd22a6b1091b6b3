package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.setting.Values;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads times on the command line as in the configuration, {@code 500ms}, {@code 60s}, {@code 5m}; a number is seconds. */
public final class DurationConverter implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        String time = text.matches("[0-9]+") ? text + "s" : text;
        return Values.TIME_OR_NONE
                .parser()
                .apply(time)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' " + Values.TIME_OR_NONE.complaint().apply(text)));
    }
}
