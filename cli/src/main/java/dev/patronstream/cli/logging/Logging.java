package dev.patronstream.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.patronstream.cli.screen.Screen;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.secret.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Sends everything to {@code logs/patronstream.log}, and warnings of services to the screen as single lines. */
public final class Logging {

    private static final String FILE_PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{30}: %replace(%msg %kvp{DOUBLE}){'[\\r\\n]+',' '}%n%ex";

    /**
     * Libraries that would say too much: rows and SQL with values at their finer levels, or a page of settings at every
     * start. What they warn of stays.
     */
    private static final Map<String, Level> LEVELS = Map.of(
            "dev.patronstream", Level.INFO,
            "io.debezium", Level.WARN,
            "com.microsoft.sqlserver", Level.WARN,
            "org.apache.kafka", Level.WARN,
            "kafka", Level.WARN,
            "state.change.logger", Level.WARN,
            "io.javalin", Level.WARN,
            "org.eclipse.jetty", Level.WARN,
            "org.apache.sshd", Level.WARN);

    private static volatile Thread.UncaughtExceptionHandler libraryErrors = (thread, thrown) -> {};

    private Logging() {}

    /** Says who learns of it when a library writes to the log that a thread of its own has died. */
    public static void onLibraryError(Thread.UncaughtExceptionHandler handler) {
        libraryErrors = handler;
    }

    /** Before a configuration is read: warnings to the screen, nothing else. */
    public static void toScreen(Screen screen) {
        LoggerContext context = context();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        addScreen(context, screen);
    }

    /**
     * Everything to a file of a folder, warnings to the screen: for a process that runs on.
     *
     * @return the file
     */
    public static Path toFileAndScreen(Path folder, LogFormat format, Screen screen) {
        Path file = toFile(folder, format);
        addScreen((LoggerContext) LoggerFactory.getILoggerFactory(), screen);
        return file;
    }

    /**
     * Everything to a file of a folder: for a command that says itself how it ended.
     *
     * @return the file
     */
    public static Path toFile(Path folder, LogFormat format) {
        Path file = folder.resolve("patronstream.log");
        try {
            OwnerOnly.folder(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("The folder for the log, " + folder + ", cannot be made", e);
        }
        LoggerContext context = context();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        LEVELS.forEach((name, level) -> context.getLogger(name).setLevel(level));
        addFile(context, folder, file, format == LogFormat.JSON ? json() : text());
        return file;
    }

    private static LoggerContext context() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        // It logs each failure that it throws as an error, at every layer; what came of an attempt the receipt says.
        context.getLogger("net.schmizz").setLevel(Level.OFF);
        LibraryErrors errors = new LibraryErrors((thread, thrown) -> libraryErrors.uncaughtException(thread, thrown));
        errors.setContext(context);
        errors.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(errors);
        return context;
    }

    private static Encoder<ILoggingEvent> text() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder() {
            @Override
            public byte[] encode(ILoggingEvent event) {
                // Indented, no text of a value can look like a line of the log.
                return Text.lines(layout.doLayout(event))
                        .replaceAll("\n(?=.)", "\n  ")
                        .getBytes(StandardCharsets.UTF_8);
            }
        };
        encoder.setPattern(FILE_PATTERN);
        return encoder;
    }

    private static Encoder<ILoggingEvent> json() {
        JsonEncoder encoder = new JsonEncoder() {
            @Override
            public byte[] encode(ILoggingEvent event) {
                return Text.escaped(new String(super.encode(event), StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8);
            }
        };
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        return encoder;
    }

    private static void addFile(LoggerContext context, Path folder, Path file, Encoder<ILoggingEvent> encoder) {
        encoder.setContext(context);
        encoder.start();
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(
                folder.resolve("patronstream.%d{yyyy-MM-dd}.%i.log.gz").toString());
        rolling.setMaxFileSize(new FileSize(50 * FileSize.MB_COEFFICIENT));
        rolling.setMaxHistory(30);
        rolling.setTotalSizeCap(new FileSize(500 * FileSize.MB_COEFFICIENT));
        rolling.start();
        appender.setRollingPolicy(rolling);
        appender.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }

    private static void addScreen(LoggerContext context, Screen screen) {
        ScreenAppender appender = new ScreenAppender(screen);
        appender.setContext(context);
        ThresholdFilter filter = new ThresholdFilter();
        filter.setLevel(Level.WARN.toString());
        filter.start();
        appender.addFilter(filter);
        appender.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }
}
