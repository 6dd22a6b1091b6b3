package dev.patronstream.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.PatronstreamProcess;
import dev.patronstream.cli.People;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifelineTest {

    @TempDir
    private Path folder;

    /** Nothing can be closed any more; the process ends all the same, with a sentence and an alert. */
    @Test
    void aProcessThatHangsAtItsEndIsHaltedAndPeopleAreAlerted() throws Exception {
        try (People people = new People()) {
            Path configuration = Files.writeString(
                    folder.resolve("patronstream.yaml"),
                    "district: eagle\ntime-zone: America/Los_Angeles\ndirectory: " + folder.resolve("data")
                            + "\nkafka: {bootstrap-servers: \"127.0.0.1:1\"}\nregistry: {url: \"http://127.0.0.1:1\"}\n"
                            + "sqlserver: {host: nowhere, database: DST26000EAGLE, user: aeries, password: \"${file:"
                            + folder.resolve("webhook") + "}\"}\n" + people.yaml(folder));
            try (PatronstreamProcess stuck = PatronstreamProcess.start(
                    folder, List.of(), "no such jar", StuckMain.class, configuration.toString())) {
                assertEquals(1, stuck.await(), stuck.printed());
                assertTrue(stuck.printed().contains("patronstream: Part 'planted' of the process"), stuck.printed());
            }
            String told = people.next();
            assertTrue(told.contains("eagle: the connector is down") && told.contains("Part 'planted'"), told);
            assertEquals(List.of(), people.more());
        }
    }
}
