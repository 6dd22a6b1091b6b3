package dev.patronstream.cli.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patronstream.cli.web.SampleDistrict.Situation;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The page as people see it, in a headless Chromium: nothing on it fails, axe-core finds nothing in its way for keyboards
 * and screen readers, and it fits a telephone. {@code -Dpatronstream.pictures.write=true} makes the pictures of the docs.
 */
final class PageInBrowserTest extends ServedDistrict {

    private static final boolean WRITE = Boolean.getBoolean("patronstream.pictures.write");
    private static final Set<Situation> OF_THE_DOCS = EnumSet.of(
            Situation.STARTING, Situation.WELL, Situation.HELD, Situation.REJECTED, Situation.STALLED, Situation.SPARE);
    private static final Path PICTURES = Path.of("../docs/images");
    private static final int WIDE = 1100;
    private static final int NARROW = 360;
    private static final int TAB = 9;
    private static final int ENTER = 13;

    /** What makes the page wider than its window. */
    private static final String TOO_WIDE = "document.documentElement.scrollWidth <= innerWidth ? []"
            + " : [...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth)"
            + ".map(e => e.outerHTML.slice(0, 200))";

    /** What a decision is made by is seen at once. */
    private static final String SCROLLING_DIFFERENCE = "[...document.querySelectorAll('.held .scrolling')]"
            + ".filter(e => e.scrollWidth > e.clientWidth).map(e => e.scrollWidth + ' in ' + e.clientWidth)";

    @TempDir
    private static Path profile;

    private static Optional<Chromium> browser = Optional.empty();
    private static String axe = "";

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Chromium.find().isPresent(), "There is no Chromium on this machine, so no page is looked at");
        browser = Optional.of(Chromium.start(Chromium.find().orElseThrow(), profile));
        try (InputStream script = PageInBrowserTest.class.getResourceAsStream("/axe.min.js")) {
            axe = new String(script.readAllBytes(), UTF_8);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser.isPresent()) {
            browser.get().close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void itIsReadableForEveryone(Situation situation) throws Exception {
        Chromium page = browser.orElseThrow();
        try (StatusServer server = start(situation)) {
            for (boolean dark : List.of(false, true)) {
                int width = dark ? NARROW : WIDE;
                page.show(width, 1300, dark);
                open(page, server);
                requireReadable(page, situation + " at " + width);
                if (!dark) {
                    keep(page, situation);
                }
            }
        }
    }

    @Test
    void aBrokerThatIsDownStandsFirst() throws Exception {
        Chromium page = browser.orElseThrow();
        try (StatusServer server = start(Situation.BROKER_DOWN)) {
            page.show(WIDE, 1300, false);
            open(page, server);
            assertEquals(
                    "Kafka does not answer, so nothing goes on until it does.",
                    page.value("document.getElementById('sentence').textContent")
                            .asText());
            assertTrue(
                    page.value("document.body.innerText").asText().contains("Kafka at kafka1:9092 cannot be reached"));
        }
    }

    @Test
    void soIsItForALibrarianWhoHasSignedInAndOpensAReceipt() throws Exception {
        Chromium page = browser.orElseThrow();
        try (StatusServer server = start(Situation.HELD)) {
            page.show(WIDE, 1300, false);
            signIn(page, server);
            page.await("document.querySelector('#deliveries-table [id^=open-]')");
            page.value("document.querySelector('#deliveries-table [id^=open-]').click()");
            for (boolean dark : List.of(false, true)) {
                page.show(dark ? NARROW : WIDE, 1300, dark);
                page.await("document.querySelector('.opened dl')");
                requireReadable(page, "signed in, dark: " + dark);
            }
        }
    }

    private static void requireReadable(Chromium page, String where) throws Exception {
        page.value(axe + ";0");
        JsonNode violations = page.value("axe.run(document, {resultTypes: ['violations']}).then(r =>"
                + " r.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html + ' '"
                + " + n.failureSummary).join(' | ')))");
        assertEquals("[]", violations.toString(), where);
        assertEquals("[]", page.value(TOO_WIDE).toString(), where);
        assertEquals("[]", page.value(SCROLLING_DIFFERENCE).toString(), where);
        assertEquals(List.of(), page.complaints(), where);
    }

    @Test
    void aLibrarianWithALinkApproves() throws Exception {
        Chromium page = browser.orElseThrow();
        SampleDistrict district = new SampleDistrict(Situation.HELD, NOW);
        try (StatusServer server = start(district)) {
            page.show(WIDE, 1300, false);
            signIn(page, server);
            page.type("Note", "compared with Destiny");
            page.click("Approve");
            page.await("document.getElementById('answered').textContent.includes('delivered')");

            assertEquals(List.of("APPROVE by Maria Lopez (status page): compared with Destiny"), district.orders.given);
            assertEquals("", page.value("location.hash").asText());
            assertEquals(List.of(), page.complaints());
        }
    }

    @Test
    void aLibrarianWithoutAMouseRejects() throws Exception {
        Chromium page = browser.orElseThrow();
        SampleDistrict district = new SampleDistrict(Situation.HELD, NOW);
        try (StatusServer server = start(district)) {
            page.show(WIDE, 1300, false);
            signIn(page, server);
            for (int tabs = 0;
                    !page.value("document.activeElement.textContent").asText().equals("Reject");
                    tabs++) {
                assertTrue(tabs < 40, "Reject cannot be reached by the key Tab");
                page.press("Tab", TAB, "");
            }
            page.press("Enter", ENTER, "\r");
            page.await("document.getElementById('answered').textContent.includes('rejected')");

            assertEquals(List.of("REJECT by Maria Lopez (status page)"), district.orders.given);
        }
    }

    @Test
    void whatHasNotSignedInDecidesNothing() throws Exception {
        Chromium page = browser.orElseThrow();
        SampleDistrict district = new SampleDistrict(Situation.HELD, NOW);
        try (StatusServer server = start(district)) {
            page.show(WIDE, 1300, false);
            open(page, server);
            page.click("Approve");
            page.await("!document.getElementById('sign-in').hidden");

            assertEquals(List.of(), district.orders.given);
        }
    }

    @Test
    void aProcessThatIsGoneIsNoticed() throws Exception {
        Chromium page = browser.orElseThrow();
        page.show(WIDE, 1300, false);
        try (StatusServer server = start(Situation.WELL)) {
            open(page, server);
        }
        page.await("!document.getElementById('gone').hidden");
    }

    private void signIn(Chromium page, StatusServer server) throws Exception {
        String token = AccessToken.find(folder).orElseThrow().header().substring("Bearer ".length());
        page.open(server.url() + "#token=" + token);
        page.type("Your name", "Maria Lopez");
        page.click("Sign in");
        page.await("document.getElementById('signed-in').textContent.includes('Maria Lopez')");
    }

    private static void open(Chromium page, StatusServer server) throws Exception {
        page.open(server.url().toString());
        page.await("document.getElementById('way') && document.getElementById('way').children.length > 0"
                + " && !document.getElementById('sentence').textContent.startsWith('Asking')");
    }

    private static void keep(Chromium page, Situation situation) throws Exception {
        if (WRITE && OF_THE_DOCS.contains(situation)) {
            Files.createDirectories(PICTURES);
            Files.write(
                    PICTURES.resolve(situation.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".png"),
                    page.picture());
        }
    }
}
