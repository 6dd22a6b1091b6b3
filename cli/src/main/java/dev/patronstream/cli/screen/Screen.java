package dev.patronstream.cli.screen;

import dev.patronstream.schemas.Text;
import java.io.Console;
import java.io.PrintStream;
import java.util.Map;

/**
 * Where people read: lines of text, and on a terminal a last line that is written over and over.
 *
 * <p>Control codes are used only on a terminal that understands them; a pipe, a file and {@code TERM=dumb} get plain
 * lines. Whatever stands in a text, a terminal shows it and does nothing else. Thread-safe.
 */
public final class Screen {

    private static final String CLEAR_LINE = "\r\u001b[K";

    /** A line that is longer than the terminal is wide is cut: wrapped, it could not be written over. */
    private static final String WITHOUT_WRAPPING = "\u001b[?7l%s\u001b[?7h";

    private final PrintStream out;
    private final boolean terminal;
    private String live = "";

    public Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    public static Screen standard(Map<String, String> environment) {
        return new Screen(System.out, isTerminal(System.console(), environment));
    }

    /** Whether a line can be written over. */
    public boolean isTerminal() {
        return terminal;
    }

    public synchronized void line(String text) {
        if (!live.isEmpty()) {
            out.print(CLEAR_LINE);
        }
        out.println(Text.lines(TypedName.in(text)));
        if (!live.isEmpty()) {
            out.print(WITHOUT_WRAPPING.formatted(live));
        }
        out.flush();
    }

    /** Shows the live line; on a terminal in place of the one before, else as a line. */
    public synchronized void live(String text) {
        if (!terminal) {
            out.println(Text.printable(text));
        } else {
            live = Text.printable(text);
            out.print(CLEAR_LINE + WITHOUT_WRAPPING.formatted(live));
        }
        out.flush();
    }

    /** Ends the live line: what was shown last stays. */
    public synchronized void endLive() {
        if (!live.isEmpty()) {
            out.println();
            live = "";
        }
    }

    /** From Java 22 on there is a console even where there is no terminal, and it can be asked. */
    private static boolean isTerminal(
            @org.jspecify.annotations.Nullable Console console, Map<String, String> environment) {
        String term = environment.getOrDefault("TERM", "dumb");
        if (console == null || term.equals("dumb") || term.isEmpty()) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
