package dev.patronstream.cli.command.option;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many there are, or may be, on the command line: 0 to 999999999. */
public final class CountConverter implements ITypeConverter<Integer> {

    @Override
    public Integer convert(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new TypeConversionException("'" + text + "' is not a number that can be; give 0 to 999999999");
        }
        return Integer.valueOf(text);
    }
}
