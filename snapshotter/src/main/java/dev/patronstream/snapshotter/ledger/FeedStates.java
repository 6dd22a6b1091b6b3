package dev.patronstream.snapshotter.ledger;

import dev.patronstream.schemas.Answer;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryFile;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedQuestion;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.HeldDelivery;
import dev.patronstream.schemas.Hold;
import dev.patronstream.schemas.PendingDelivery;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.file.StoredFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the deliveries of a feed stand, and what each receipt makes of it. All that a delivery has to know of earlier ones
 * is in one record, written with the receipt: nothing is worked out from the receipts, and no clock orders them. All
 * methods are pure but {@link #read}.
 */
public final class FeedStates {

    /** Enough to answer for; who rejects more files than this is asked about the oldest again. */
    private static final int MOST_QUESTIONS = 100;

    private FeedStates() {}

    /** Returns the state of a feed; of one that was never delivered, version 0. */
    public static FeedState read(CommittedTopics reader, Topics topics, AvroSerdes serdes, String feed) {
        return reader.newest(topics.feedStates(), RecordForm.of(serdes.deserializer(FeedState.class)), feed)
                .orElseGet(() -> FeedState.newBuilder()
                        .setFeed(feed)
                        .setVersion(0)
                        .setSequence(-1)
                        .build());
    }

    public static FeedState read(Map<String, Object> kafka, Topics topics, AvroSerdes serdes, String feed) {
        try (CommittedTopics reader = new CommittedTopics(kafka)) {
            return read(reader, topics, serdes, feed);
        }
    }

    public static FeedState after(FeedState before, Delivery receipt) {
        FeedState.Builder next =
                FeedState.newBuilder(before).setSequence(Math.max(before.getSequence(), receipt.getSequence()));
        Map<String, String> files = new TreeMap<>(before.getFiles());
        List<FeedQuestion> questions = new ArrayList<>(before.getQuestions());
        questions.removeIf(asked ->
                asked.getAnswer() != Answer.REJECTED && asked.getDeliveryId().equals(receipt.getId()));
        DeliveryResult result = receipt.getResult();
        switch (result) {
            case DELIVERED, UNCHANGED -> {
                receipt.getFiles().forEach(file -> files.put(file.getName(), file.getSha256()));
                next.setPending(null).setHeld(held(before, receipt));
                questions.clear();
            }
            case HELD, REJECTED -> answer(questions, receipt);
            case FAILED, SENDING -> {
                mayBePlaced(files, next, receipt);
                isToBeSent(questions, receipt);
            }
            case WRITTEN, SUPERSEDED -> {}
        }
        if (result != DeliveryResult.SENDING && result != DeliveryResult.SUPERSEDED) {
            next.setLastDelivery(receipt.getId()).setLastResult(result);
        }
        int from = Math.max(0, questions.size() - MOST_QUESTIONS);
        return next.setFiles(files)
                .setQuestions(questions.subList(from, questions.size()))
                .build();
    }

    private static HeldDelivery held(FeedState before, Delivery receipt) {
        boolean sent = receipt.getResult() == DeliveryResult.DELIVERED;
        return HeldDelivery.newBuilder()
                .setDeliveryId(receipt.getId())
                .setEpoch(receipt.getEpoch().orElse(null))
                .setIncarnation(receipt.getIncarnation().orElse(null))
                .setColumns(receipt.getColumns())
                .setDescription(receipt.getDescription().orElse(null))
                .setSentAt(
                        sent
                                ? receipt.getStartedAt()
                                : before.getHeld()
                                        .flatMap(HeldDelivery::getSentAt)
                                        .orElse(null))
                .build();
    }

    /** Also where the attempt knew: an older file may be approved later, under an older receipt. */
    private static void mayBePlaced(Map<String, String> files, FeedState.Builder next, Delivery receipt) {
        for (DeliveryFile file : receipt.getFiles()) {
            if (file.getState() != DeliveryFileState.OLD) {
                files.remove(file.getName());
            }
        }
        decidingFile(receipt)
                .ifPresent(file -> next.setPending(
                        new PendingDelivery(receipt.getId(), file.getName(), file.getSha256(), file.getBytes())));
    }

    public static Set<String> atVendor(FeedState state) {
        return Stream.concat(
                        state.getHeld().map(HeldDelivery::getDeliveryId).stream(),
                        state.getPending().map(PendingDelivery::getDeliveryId).stream())
                .collect(Collectors.toSet());
    }

    /** Whether a receipt has the approval that the state of the feed still waits for. */
    public static boolean isAnswered(FeedState state, Delivery receipt) {
        return Receipts.approval(receipt).isPresent()
                && state.getQuestions().stream()
                        .anyMatch(asked -> asked.getAnswer() == Answer.WAITING
                                && asked.getDeliveryId().equals(receipt.getId()));
    }

    /** Whether all files of a delivery may be in their places. */
    public static boolean mayArrive(Delivery receipt) {
        return decidingFile(receipt).isPresent();
    }

    /**
     * Returns the file that tells whether a delivery is complete; empty where one is surely not in its place. A file that
     * did not change tells nothing, as long as another one is on its way.
     */
    static Optional<DeliveryFile> decidingFile(Delivery receipt) {
        Optional<DeliveryFile> deciding = Optional.empty();
        for (DeliveryFile file : receipt.getFiles()) {
            if (file.getState() == DeliveryFileState.OLD) {
                return Optional.empty();
            }
            boolean isUnderWay = deciding.filter(before -> before.getState() == DeliveryFileState.UNKNOWN)
                    .isPresent();
            if (file.getState() == DeliveryFileState.UNKNOWN || !isUnderWay) {
                deciding = Optional.of(file);
            }
        }
        return deciding;
    }

    private static void answer(List<FeedQuestion> questions, Delivery receipt) {
        boolean rejected = receipt.getResult() == DeliveryResult.REJECTED;
        questions.removeIf(asked -> rejected
                && asked.getAnswer() == Answer.APPROVED
                && asked.getFiles().equals(Receipts.fingerprints(receipt)));
        questions.removeIf(asked ->
                asked.getAnswer() == Answer.REJECTED && asked.getDeliveryId().equals(receipt.getId()));
        questions.add(question(receipt, rejected ? Answer.REJECTED : Answer.WAITING));
    }

    /** What waited before another file was to be sent is asked about again. */
    private static void isToBeSent(List<FeedQuestion> questions, Delivery receipt) {
        List<String> files = Receipts.fingerprints(receipt);
        questions.removeIf(asked -> asked.getAnswer() == Answer.WAITING
                && !files.isEmpty()
                && !asked.getFiles().equals(files));
        if (Receipts.approval(receipt).isPresent()) {
            questions.add(question(receipt, Answer.APPROVED));
        }
    }

    private static FeedQuestion question(Delivery receipt, Answer answer) {
        return FeedQuestion.newBuilder()
                .setDeliveryId(receipt.getId())
                .setAnswer(answer)
                .setFiles(Receipts.fingerprints(receipt))
                .setChecks(checks(receipt.getHolds()))
                .setDecision(receipt.getDecision().orElse(null))
                .build();
    }

    private static List<String> checks(List<Hold> holds) {
        return holds.stream().map(Hold::getCheck).toList();
    }

    /** Returns the questions about these very files that wait for the same reasons or were rejected, the newest first. */
    public static List<String> asked(FeedState state, List<StoredFile> files, List<Hold> holds) {
        List<String> found = new ArrayList<>();
        for (FeedQuestion asked : state.getQuestions()) {
            boolean same = asked.getAnswer() == Answer.REJECTED
                    || (asked.getAnswer() == Answer.WAITING && asked.getChecks().equals(checks(holds)));
            if (same && asked.getFiles().equals(Receipts.fingerprints(files))) {
                found.add(0, asked.getDeliveryId());
            }
        }
        return found;
    }

    /**
     * Returns the approval under which these files may leave: it is for them and for what spoke against them, so that
     * nothing else may; some checks are never overruled.
     */
    public static Optional<DeliveryDecision> approval(
            FeedState state, List<StoredFile> files, List<Hold> holds, Set<String> never) {
        Optional<DeliveryDecision> approval = Optional.empty();
        Set<String> covered = new HashSet<>();
        for (FeedQuestion asked : state.getQuestions()) {
            if (asked.getAnswer() == Answer.APPROVED && asked.getFiles().equals(Receipts.fingerprints(files))) {
                approval = asked.getDecision();
                covered.addAll(asked.getChecks());
            }
        }
        covered.removeAll(never);
        return covered.containsAll(checks(holds)) ? approval : Optional.empty();
    }
}
