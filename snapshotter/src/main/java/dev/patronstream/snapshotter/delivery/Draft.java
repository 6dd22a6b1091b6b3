package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.DeliveryDifference;
import dev.patronstream.schemas.Hold;
import dev.patronstream.snapshotter.ledger.DeliveredTable;
import java.util.List;

/**
 * Files that could leave, on the local disk, and what is known of them.
 *
 * @param files the files
 * @param columns headers of the columns
 * @param description hash of what the vendor's job knows of the files
 * @param problems lines of the problem report
 * @param leavers rows of people who left
 * @param held what the vendor holds
 * @param difference what they would change
 * @param holds what speaks against sending them; empty when nothing does
 */
record Draft(
        PatronFiles files,
        List<String> columns,
        String description,
        int problems,
        int leavers,
        DeliveredTable held,
        DeliveryDifference difference,
        List<Hold> holds) {}
