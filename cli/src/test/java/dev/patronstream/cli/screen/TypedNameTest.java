package dev.patronstream.cli.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedNameTest {

    private static final String TYPED = "/opt/p$1/bin/patronstream";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# status",
                "Decide: # deliveries approve ID",
                "        # deliveries reject ID",
                "Example: # snapshot destiny\n         # snapshot destiny --dry-run",
                "run what `# sql` prints",
                "to approve: # approve connector; to refuse: # reject connector",
                "To switch: PATRONSTREAM_SQLSERVER_DATABASE=DST27000EAGLE # run --config eagle.yaml",
                "2 in the problem report (# problems destiny)"
            })
    void aCommandIsNamedAsItWasTyped(String text) {
        String plain = text.replace("#", "patronstream");
        assertEquals(text.replace("#", TYPED), TypedName.in(plain, TYPED, Optional.empty()));
        assertEquals(plain, TypedName.in(plain, "patronstream", Optional.empty()));
    }

    @Test
    void theConfigurationThatWasGivenIsInWhatIsAdvised() {
        assertEquals(
                "Look: p --config 'my files/e.yaml' deliveries show ID; then: p --config 'my files/e.yaml' deliveries"
                        + " approve ID (or `p demo`). Start it: p run --config e.yaml",
                TypedName.in(
                        "Look: patronstream deliveries show ID; then: patronstream deliveries approve ID (or"
                                + " `patronstream demo`). Start it: patronstream run --config e.yaml",
                        "p",
                        Optional.of(Path.of("my files/e.yaml"))));
    }

    @Test
    void aPathWithABlankIsQuotedForTheShell() {
        assertEquals(TYPED.replace("$", ""), TypedName.quoted(TYPED.replace("$", "")));
        assertEquals("'/home/ann/my tools/patronstream'", TypedName.quoted("/home/ann/my tools/patronstream"));
        assertEquals("'/home/o'\\''neil/patronstream'", TypedName.quoted("/home/o'neil/patronstream"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Start patronstream again with more",
                "is within /data, where patronstream keeps its own files",
                "patronstream: Stopped.",
                "/etc/patronstream eagle",
                "patronstream 0.1.0"
            })
    void theProgramKeepsItsName(String text) {
        assertEquals(text, TypedName.in(text, TYPED, Optional.of(Path.of("e.yaml"))));
    }
}
