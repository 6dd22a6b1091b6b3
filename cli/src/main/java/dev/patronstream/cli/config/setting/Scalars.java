package dev.patronstream.cli.config.setting;

import dev.patronstream.schemas.Text;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The way of every single value from the tree to what it means. What is wrong on it is reported with its place. */
final class Scalars {

    static final String EMPTY =
            "is empty; write a value, with quotes if it is the word null or ~, or leave the key out";

    private final Reading reading;
    private final BiConsumer<String, String> wrong;

    /** Makes one; {@code wrong} hears of places and of what is wrong there. */
    Scalars(Reading reading, BiConsumer<String, String> wrong) {
        this.reading = reading;
        this.wrong = wrong;
    }

    /** Returns what the variable of a place gives, which is read as YAML. */
    Optional<Node> tree(String where, String yaml) {
        Optional<Node> node = Optional.empty();
        String problem = Reading.NOTHING;
        try {
            node = ConfigurationText.node(yaml);
        } catch (YAMLException e) {
            problem = ConfigurationText.words(e);
        }
        if (node.isEmpty()) {
            wrong.accept(where, "the environment variable " + Reading.variable(where) + " " + problem);
        }
        return node;
    }

    Optional<String> written(String where, Node node) {
        if (node.getTag().equals(Tag.NULL)) {
            wrong.accept(where, EMPTY);
        } else if (!(node instanceof ScalarNode scalar)) {
            wrong.accept(where, "must be a single value");
        } else if (!node.getTag().startsWith(Tag.PREFIX) || node.getTag().equals(Tag.BINARY)) {
            // Not shown: a password may begin with the sign.
            wrong.accept(where, "begins with !, which makes a tag of YAML of it; put the value in quotes");
        } else {
            return Optional.of(scalar.getValue());
        }
        return Optional.empty();
    }

    /**
     * Returns the text or what it refers to, if it can be seen as it is and holds no secret.
     *
     * @param ofClient whether it is a property of a client, which may have several lines
     */
    Optional<String> plain(String where, Node node, boolean ofClient) {
        return written(where, node)
                .filter(text -> isFine(where, Values.complaint(text, ofClient)))
                .flatMap(text -> resolved(where, text)
                        .filter(value ->
                                !References.isReference(text) || isFine(where, Values.complaint(value, ofClient))));
    }

    /** Whether a text says something; one that does not is reported. */
    boolean isSaid(String where, String text) {
        return isFine(
                where,
                Optional.of("is blank; write a value, or leave the key out").filter(no -> Text.isBlank(text)));
    }

    /**
     * Returns the secret that a reference names, or that stands in a variable of its own.
     *
     * <p>Looked up here, so that a missing one is noticed at the start, and again each time it is asked for.
     */
    Optional<Supplier<String>> secret(String where, String text, boolean inFile, Part part) {
        if (inFile && !References.isReference(text)) {
            wrong.accept(
                    where,
                    "must not stand in the file itself; write ${env:NAME} for an environment variable or"
                            + " ${file:PATH} for a file that only this account can read");
            return Optional.empty();
        }
        if (!reading.needs(part)) {
            return Optional.of(() -> References.quietly(reading, text)
                    .orElseThrow(() -> new IllegalStateException("The secret " + where + " is not there")));
        }
        return resolved(where, text)
                .map(References::trimmed)
                .filter(secret -> isFine(where, Values.secretComplaint(secret).map(what -> "the secret " + what)))
                .map(now -> References.again(reading, text, now));
    }

    Optional<Path> path(String where, String text) {
        try {
            return Optional.of(reading.folder().resolve(text).normalize());
        } catch (InvalidPathException e) {
            wrong.accept(where, "cannot be the name of a file on this machine; use letters, digits, - and _");
            return Optional.empty();
        }
    }

    <T> Optional<T> parsed(String where, String text, Kind<T> kind) {
        Optional<T> value = kind.parser().apply(text.strip());
        if (value.isEmpty()) {
            wrong.accept(where, "'" + text + "' " + kind.complaint().apply(text));
        }
        return value;
    }

    private Optional<String> resolved(String where, String text) {
        return References.resolve(reading, text, problem -> wrong.accept(where, problem));
    }

    private boolean isFine(String where, Optional<String> complaint) {
        complaint.ifPresent(what -> wrong.accept(where, what));
        return complaint.isEmpty();
    }
}
