package dev.patronstream.cli.command.option;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a TCP port on the command line: 0 to 65535, 0 for any free one. */
public final class PortConverter implements ITypeConverter<Integer> {

    private static final int HIGHEST = 65_535;

    @Override
    public Integer convert(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > HIGHEST) {
            throw new TypeConversionException("'" + text + "' is not a port; give 0 to " + HIGHEST);
        }
        return Integer.valueOf(text);
    }
}
