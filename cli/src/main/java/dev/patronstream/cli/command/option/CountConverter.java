package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.setting.Values;

/** Reads how many there are, or may be, on the command line: 0 to 999999999. */
public final class CountConverter extends KindConverter<Integer> {

    public CountConverter() {
        super(Values.whole(0, 999_999_999));
    }
}
