package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.setting.Values;
import java.time.Duration;

/** Reads times on the command line as in the configuration, {@code 500ms}, {@code 60s}, {@code 5m}; a number is seconds. */
public final class DurationConverter extends KindConverter<Duration> {

    public DurationConverter() {
        super(Values.TIME_OR_NONE);
    }

    @Override
    public Duration convert(String text) {
        return super.convert(text.matches("[0-9]+") ? text + "s" : text);
    }
}
