package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.setting.Kind;
import dev.patronstream.cli.config.setting.Values;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many there are, or may be, on the command line: 0 to 999999999. */
public final class CountConverter implements ITypeConverter<Integer> {

    private static final Kind<Integer> COUNT = Values.whole(0, 999_999_999);

    @Override
    public Integer convert(String text) {
        return COUNT.parser()
                .apply(text)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' " + COUNT.complaint().apply(text)));
    }
}
