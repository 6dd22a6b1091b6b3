package dev.patronstream.cli.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a refusal advises to write is accepted, at the place that it names. Each variable stands for one key. */
class AdvisedValuesTest extends WrittenConfiguration {

    private static final String WITH_LAYOUT = VALID.replace("    sites: {10: EAGLEHS, 20: EAGLEMS}\n", "")
                    .replace("    schools:", "    layout: reading\n    schools:")
            + """
            layouts:
              reading:
                columns: {Name: "{lastName}"}
                maps: {grades: {9: Nine}}
            """;

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # the variable without PATRONSTREAM_ | what is refused | the refusal advises | what it shows
            DISTRICT                    | Eagle                | lower-case letters   | eagle
            TIME_ZONE                   | Pacific              | America/Los_Angeles  | America/Los_Angeles
            SCHOOL_YEAR                 | 2025                 | leave school-year out | 2026
            PAUSE                       | [christmas]          | 2026-12-21 to 2027-01-04 (both days included) | [2026-12-21 to 2027-01-04]
            PAUSE                       | [christmas]          | 2026-06-12T17:00 to 2026-08-10T06:00 | [2026-06-12T17:00 to 2026-08-10T06:00]
            STATUS_STALE_AFTER          | soon                 | 500ms                | 500ms
            STATUS_STALE_AFTER          | 0s                   | 90d                  | 90d
            STATUS_PORT                 | 99999                | 0 to 65535           | 0
            SQLSERVER_HOST              | jdbc://sis           | without ://          | sis
            CONNECTOR_MASS_DELETE_ABOVE | ten                  | 10% or 0.1           | 10%
            CONNECTOR_MASS_DELETE_ABOVE | 150%                 | 10% or 0.1           | 0.1
            FEEDS_DESTINY_SCHEDULE      | 0 99 * * *           | 0 2,12 * * *         | 0 2,12 * * *
            FEEDS_DESTINY_BLACKOUT      | [night]              | 22:00 to 05:30       | [22:00 to 05:30]
            FEEDS_DESTINY_LATE_AFTER    | soon                 | 24h                  | 24h
            FEEDS_DESTINY_LEAVERS       | never                | omit                 | omit
            FEEDS_DESTINY_LEAVERS       | never                | {inactive-for: 90d}  | {inactive-for: 90d}
            FEEDS_DESTINY_LEAVERS       | {inactive-for: 0d}   | 90d                  | {inactive-for: 90d}
            FEEDS_DESTINY_SITES         | {10: EAGLEHS}        | school 20 has no site | {10: EAGLEHS, 20: EAGLEMS}
            FEEDS_DESTINY_HOLD_WHEN_REMOVED_ABOVE           | 150%     | off    | off
            FEEDS_DESTINY_IDENTIFIERS_BARCODE_STUDENT       | S        | "{id}" | "{id}"
            FEEDS_DESTINY_DESTINATION_SFTP_PERMISSIONS      | 640      | rw-r----- | rw-r-----
            FEEDS_DESTINY_DESTINATION_SFTP_FILE             | /in/p.csv | 'directory' | p.csv
            FEEDS_DESTINY_DESTINATION_SFTP_TEMPORARY_NAME   | part     | .{file}.{id}.part | .{file}.{id}.part
            """)
    void aValueOfASetting(String variable, String refused, String advised, String shown) {
        requireAdvice(VALID, variable, refused, advised, shown);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # what is refused | the refusal advises | what it shows
            `{lastName`                | {{       | `{{{lastName}`
            `{lastName}}`              | }}       | `{lastName}}}`
            `{lastNam}`                | lastName | `{lastName}`
            `{STU.LN}`                 | {lastName} | `{lastName}`
            `{id:%x}`                  | %07d     | `{id:%07d}`
            `{lastName:%d}`            | not a number | `{lastName}`
            `{birthDate:%d}`           | `|date:MM/dd/yyyy` | `{birthDate|date:MM/dd/yyyy}`
            `{lastName|shout}`         | upper    | `{lastName|upper}`
            `{lastName|first}`         | first:30 | `{lastName|first:30}`
            `{grade|map}`              | map:grades | `{grade|map:grades}`
            `{grade|map:years}`        | grades   | `{grade|map:grades}`
            `{birthDate|date}`         | date:MM/dd/yyyy | `{birthDate|date:MM/dd/yyyy}`
            `{lastName|else}`          | else:firstName | `{lastName|else:firstName}`
            `{lastName|before}`        | before:'T' | `{lastName|before:'T'}`
            `{lastName|after}`         | after:', ' | `{lastName|after:', '}`
            """)
    void aTemplate(String refused, String advised, String shown) {
        requireAdvice(WITH_LAYOUT, "LAYOUTS_READING_COLUMNS_NAME", '"' + refused + '"', advised, '"' + shown + '"');
    }

    private void requireAdvice(String yaml, String variable, String refused, String advised, String shown) {
        environment.put("PATRONSTREAM_" + variable, refused);
        List<String> said = problems(yaml).stream().map(Object::toString).toList();
        assertTrue(said.stream().anyMatch(problem -> problem.contains(advised)), said.toString());
        environment.put("PATRONSTREAM_" + variable, shown);
        assertDoesNotThrow(() -> read(yaml));
    }
}
