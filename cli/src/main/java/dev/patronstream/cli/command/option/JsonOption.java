package dev.patronstream.cli.command.option;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.screen.Terminal;
import java.util.Collection;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The option {@code --json}, for commands that print facts; docs/json.md has their shapes. */
public final class JsonOption {

    @Option(names = "--json", description = "One JSON document, for programs.")
    private boolean asked;

    /** Whether the answer is to be one JSON document, and nothing else is to be printed. */
    public boolean isAsked() {
        return asked;
    }

    /** Prints a document. */
    public static void print(Terminal terminal, Consumer<ObjectNode> filled) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        filled.accept(document);
        print(terminal, document);
    }

    /** Prints a document. */
    public static void print(Terminal terminal, JsonNode document) {
        terminal.out().println(AvroJson.text(document, true));
        terminal.out().flush();
    }

    /** Puts texts into a document, in their order. */
    public static void put(ObjectNode document, String name, Collection<String> texts) {
        texts.forEach(document.putArray(name)::add);
    }
}
