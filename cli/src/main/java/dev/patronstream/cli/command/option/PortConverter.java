package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.setting.Values;

/** Reads a TCP port on the command line: 0 to 65535, 0 for any free one. */
public final class PortConverter extends KindConverter<Integer> {

    public PortConverter() {
        super(Values.whole(0, 65_535));
    }
}
