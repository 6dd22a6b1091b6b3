package dev.patronstream.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.screen.CommandFailedException;
import org.junit.jupiter.api.Test;

/** What cannot work on Windows is refused there, with what to do; by the name of the system, since tests run elsewhere. */
class EmbeddedOnWindowsTest {

    @Test
    void anEmbeddedBrokerIsRefusedOnWindowsAlone() {
        CommandFailedException refused =
                assertThrows(CommandFailedException.class, () -> Cluster.requireCleanableLog("Windows Server 2022"));
        assertTrue(refused.getMessage().contains("kafka.bootstrap-servers"), refused.getMessage());
        assertEquals(2, refused.exitCode());
        assertDoesNotThrow(() -> Cluster.requireCleanableLog("Linux"));
        assertDoesNotThrow(() -> Cluster.requireCleanableLog("Mac OS X"));
    }
}
