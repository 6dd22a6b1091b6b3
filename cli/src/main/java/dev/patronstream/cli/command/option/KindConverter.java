package dev.patronstream.cli.command.option;

import dev.patronstream.cli.config.setting.Kind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a value on the command line as in the configuration, and says of a wrong one what would be right. */
abstract class KindConverter<T> implements ITypeConverter<T> {

    private final Kind<T> kind;

    KindConverter(Kind<T> kind) {
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
