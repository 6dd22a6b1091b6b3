package dev.patronstream.cli.config.setting;

import dev.patronstream.schemas.Text;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/** The YAML text as a tree that knows its lines; nothing is interpreted yet, so that {@code 010} stays {@code 010}. */
public final class ConfigurationText {

    private final @Nullable Node root;

    private ConfigurationText(@Nullable Node root) {
        this.root = root;
    }

    /**
     * Parses YAML.
     *
     * @throws YAMLException if the text is not YAML
     */
    public static ConfigurationText parse(String yaml) {
        return new ConfigurationText(node(yaml).orElse(null));
    }

    /** Parses a YAML value; empty for none. */
    static Optional<Node> node(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setProcessComments(false);
        return Optional.ofNullable(new Yaml(options).compose(new StringReader(yaml)))
                .filter(node -> !node.getTag().equals(Tag.NULL));
    }

    /**
     * Says what the parser was doing, and what to do. Not what it met: its own words for that quote the text, which
     * could be a password that does not belong there.
     */
    public static String words(YAMLException error) {
        String said = String.valueOf(error.getMessage());
        if (error instanceof ReaderException control) {
            return "has a control character (U+%04X); delete it".formatted(control.getCodePoint());
        }
        if (error instanceof MarkedYAMLException marked) {
            if (said.contains("single document")) {
                return "has several documents, with --- between them; keep one";
            }
            return "is not YAML" + (marked.getContext() == null ? "" : " (" + marked.getContext() + ")")
                    + "; a value with : or # in it, or one that begins with one of @ * & ! % ` { [, needs quotes";
        }
        return said.contains("aliases")
                ? "has too many aliases (*name); write the values themselves"
                : said.contains("Depth")
                        ? "has sections or lists that are nested too deep; none of the settings is"
                        : "is not YAML that can be read (" + error.getClass().getSimpleName() + "); simplify it";
    }

    /** Returns the first line that is indented with something else than blanks: a tab, a no-break space; 0 for none. */
    public static int strangelyIndented(String text) {
        List<String> lines = text.lines().toList();
        for (int line = 0; line < lines.size(); line++) {
            if (!Text.isBlank(lines.get(line))
                    && Text.firstUnseen(lines.get(line).replaceFirst("^ +", "")) == 0) {
                return line + 1;
            }
        }
        return 0;
    }

    /** Returns the line that an error is about, where that is known. */
    public static OptionalInt line(YAMLException error, String text) {
        if (error instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            return OptionalInt.of(marked.getProblemMark().getLine() + 1);
        }
        return error instanceof ReaderException control
                ? OptionalInt.of((int) text.codePoints()
                                .limit(control.getPosition())
                                .filter(c -> c == '\n')
                                .count()
                        + 1)
                : OptionalInt.empty();
    }

    public Optional<Node> root() {
        return Optional.ofNullable(root);
    }

    /** Returns the line of a path, or of the deepest part of it that is there. */
    OptionalInt lineOf(String path) {
        if (root == null) {
            return OptionalInt.empty();
        }
        int line = -1;
        Node node = root;
        String rest = path;
        while (!rest.isEmpty() && node instanceof MappingNode mapping) {
            NodeTuple next = child(mapping, rest);
            if (next == null) {
                break;
            }
            String key = key(next);
            rest = rest.length() == key.length() ? "" : rest.substring(key.length() + 1);
            line = next.getKeyNode().getStartMark().getLine() + 1;
            node = next.getValueNode();
        }
        return line < 0 ? OptionalInt.empty() : OptionalInt.of(line);
    }

    private static @Nullable NodeTuple child(MappingNode mapping, String path) {
        List<NodeTuple> children = mapping.getValue();
        for (NodeTuple tuple : children) {
            String key = key(tuple);
            if (path.equals(key) || path.startsWith(key + ".")) {
                return tuple;
            }
        }
        return null;
    }

    public static String key(NodeTuple tuple) {
        return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
    }
}
