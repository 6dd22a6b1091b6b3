package dev.patronstream.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.row.ColumnGroup;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.schemas.feed.Condition;
import dev.patronstream.schemas.feed.Conditions;
import dev.patronstream.schemas.feed.FeedSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsReaderTest extends WrittenConfiguration {

    private FeedSelection selection(String keys) {
        return read(VALID + keys).deliveries().feeds().get(0).selection();
    }

    @Test
    void valuesRangesNotAndFilesAreConditions() throws IOException {
        Files.writeString(folder.resolve("out.txt"), "\uFEFF# no\r\n 7 \r\n\r\n9\r\n");
        assertEquals(
                new Conditions(
                        List.of(
                                Condition.of("grade", false, List.of("-1..5", "9-12"), Optional.empty()),
                                Condition.of("STU.SP", true, List.of("2"), Optional.empty())),
                        List.of(
                                Condition.of("STU.U1", false, List.of("OPTOUT"), Optional.empty()),
                                Condition.of("id", false, List.of("7", "9"), Optional.of("./out.txt")))),
                selection("    only: {grade: [-1..5, 9 - 12], STU.SP: {not: 2}}\n"
                                + "    except: {STU.U1: OPTOUT, id: {file: ./out.txt}}\n")
                        .conditions());
        assertEquals(Conditions.NONE, selection("").conditions());
    }

    @Test
    void whatTheConditionsNameIsCaptured() {
        var columns = read(VALID + "    only: {STU.BD: [2020-01-31], STF.TI: [Librarian]}\n"
                        + "    except: {STU.U1: [OPTOUT]}\n")
                .capture()
                .columns();
        assertEquals(Set.of(ColumnGroup.BIRTH_DATE), columns.groups());
        assertEquals(Map.of(SourceTable.STU, Set.of("U1"), SourceTable.STF, Set.of("TI")), columns.extra());
    }

    /** Also in a template or a list of fields; what the usual columns of Destiny read is not named by anybody. */
    @Test
    void whatAPersonNamesMustBeThere() {
        assertEquals(Map.of(), read(VALID).capture().columns().named());
        assertEquals(
                Map.of(
                        SourceTable.STU, Set.of("track", "enterDate", "leaveDate", "networkLogin", "counselorStaffId"),
                        SourceTable.STF, Set.of("positionStatus", "networkLogin", "leaveDate")),
                read(VALID + "    except: {STU.TR: [B], STU.ED: [\"\"], positionStatus: [X]}\n"
                                + "    columns: {User Defined 1: '{networkLogin}', User Defined 2: '{counselorLastName}'}\n"
                                + "    fields: [names, leaveDate]\n    layout: destiny\n")
                        .capture()
                        .columns()
                        .named());
        assertEquals(
                Map.of(SourceTable.STU, Set.of("gender")),
                read(VALID + "  readers:\n    schools: [10]\n    patrons: [students]\n"
                                + "    fields: [names, preferred-names, gender]\n")
                        .capture()
                        .columns()
                        .named());
    }

    @Test
    void whatAListHoldsIsPartOfTheSelectionAndItsNameIsNot() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "7\n");
        Files.writeString(folder.resolve("b.txt"), "# the same\n7\n");
        String a = selection("    except: {id: {file: a.txt}}\n").fingerprint();
        assertEquals(a, selection("    except: {id: {file: b.txt}}\n").fingerprint());
        assertEquals(a, selection("    except: {id: [7]}\n").fingerprint());
        Files.writeString(folder.resolve("a.txt"), "8\n");
        assertNotEquals(a, selection("    except: {id: {file: a.txt}}\n").fingerprint());
        assertNotEquals(a, selection("    only: {id: [7]}\n").fingerprint());
        assertNotEquals(a, selection("    except: {id: {not: [7]}}\n").fingerprint());
        assertNotEquals(a, selection("    except: {STU.ID: [7]}\n").fingerprint());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        only: {grad: [9]}        | only.grad        | is neither a field nor a column of students or staff; there are: id, lastName,
        only: {LOC.NM: [X]}      | only.LOC.NM      | is neither a field nor a column
        only: {grade: [K]}       | only.grade       | 'K' is neither a number nor a range of numbers like 9-12 or -1..5
        only: {grade: [12-9]}    | only.grade       | '12-9' begins with the higher number; turn it round
        only: {grade: [-1-5]}    | only.grade       | '-1-5' is neither a number nor a range
        only: {grade: []}        | only.grade       | names no value; write a list like [9-12]
        only: {birthDate: [1/2]} | only.birthDate   | '1/2' is not a date; write one like 2026-08-31
        only: {status: [active]} | only.status      | is chosen by statuses
        only: {kind: [staff]}    | only.kind        | is chosen by patrons
        only: {schoolName: [X]}  | only.schoolName  | is of the table LOC; name the schools by schoolCode
        only: {counselorName: [X]} | only.counselorName | is of the table TCH; name the teachers by counselorNumber
        only: {id: {file: none}} | only.id.file     | is not there; name the right one
        only: {id: {nott: [1]}}  | only.id.nott     | is not a key of
        only: {id: {not: [1], file: destiny-password}} | only.id | has both not and file; keep one of them
        except: {id: {file: destiny-password}} | except.id | 'secret-two' is neither a number
        only: {}                 | only             | names no field
        except: 5                | except           | must be a section
        """)
    void whatCannotBeIsRefusedWithTheKeyAndWhatWouldBeRight(String keys, String path, String message) {
        var found = problems(VALID + "    " + keys + "\n");
        assertTrue(
                found.stream()
                        .anyMatch(problem -> problem.path().startsWith("feeds.destiny." + path)
                                && problem.message().contains(message)),
                found.toString());
    }

    @Test
    void aConditionAboutPeopleWhomTheFeedDoesNotTakeIsRefused() {
        assertProblem(
                VALID + "    patrons: [students]\n    only: {STF.TI: [Librarian]}\n",
                "feeds.destiny.only.STF.TI",
                "is about staff, and the feed takes none; leave it out, or add them to patrons");
        assertProblem(
                VALID + "    patrons: [staff]\n    only: {grade: [9]}\n",
                "feeds.destiny.only.grade",
                "is about students, and the feed takes none");
    }
}
