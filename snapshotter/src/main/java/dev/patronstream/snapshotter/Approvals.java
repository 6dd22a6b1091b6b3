package dev.patronstream.snapshotter;

import dev.patronstream.schemas.DecisionKind;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.Hold;
import dev.patronstream.snapshotter.delivery.Receipts;
import dev.patronstream.snapshotter.safety.Checks;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a person's approval of a file that did not arrive still means. An approval is for a file and for what spoke against
 * it: the same file may be tried again without another one, as long as nothing else speaks against it. Stateless.
 */
final class Approvals {

    /** What no person can overrule. */
    private static final Set<String> NEVER = Set.of(Checks.EMPTY, Checks.ROLL_OVER);

    private Approvals() {}

    /** Returns the approval of a receipt whose file was to be sent and did not arrive, as far as is known. */
    static Optional<DeliveryDecision> of(Delivery receipt) {
        boolean tried = receipt.getResult() == DeliveryResult.FAILED || receipt.getResult() == DeliveryResult.SENDING;
        // The order to send an earlier file again is no answer to what the checks say of it today.
        return receipt.getDecision()
                .filter(decision ->
                        tried && receipt.getResendOf().isEmpty() && decision.getKind() == DecisionKind.APPROVED);
    }

    /** Returns the approval under which a file may leave; nothing when there is none, or when it does not go so far. */
    static Optional<DeliveryDecision> of(Draft draft, List<Delivery> before) {
        Optional<DeliveryDecision> approval = Optional.empty();
        Set<String> covered = new HashSet<>();
        for (Delivery receipt : sinceDelivered(before)) {
            Optional<DeliveryDecision> given = of(receipt)
                    .filter(decision -> Receipts.areOf(receipt, draft.files().files()));
            if (given.isPresent() && !isWithdrawn(given.get(), draft, before)) {
                approval = given;
                checks(receipt.getHolds()).forEach(covered::add);
            }
        }
        covered.removeAll(NEVER);
        return approval.filter(decision -> checks(draft.holds()).allMatch(covered::contains));
    }

    private static List<Delivery> sinceDelivered(List<Delivery> receipts) {
        int from = Receipts.lastDelivered(receipts).map(receipts::indexOf).orElse(-1) + 1;
        return receipts.subList(from, receipts.size());
    }

    /** A person may refuse later what was approved, by any receipt of the same file. */
    private static boolean isWithdrawn(DeliveryDecision approval, Draft draft, List<Delivery> before) {
        Instant given = approval.getAt();
        return before.stream()
                .filter(receipt -> receipt.getResult() == DeliveryResult.REJECTED
                        && Receipts.areOf(receipt, draft.files().files()))
                .flatMap(receipt -> receipt.getDecision().stream())
                .anyMatch(decision -> !decision.getAt().isBefore(given));
    }

    private static Stream<String> checks(List<Hold> holds) {
        return holds.stream().map(Hold::getCheck);
    }
}
