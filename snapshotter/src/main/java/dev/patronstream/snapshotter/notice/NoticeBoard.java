package dev.patronstream.snapshotter.notice;

import dev.patronstream.schemas.lifecycle.Backoff;
import dev.patronstream.schemas.lifecycle.StageThreads;
import dev.patronstream.snapshotter.notice.NoticeMemory.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends an alert for each condition once, however many attempts it lasts, and once when it is over.
 *
 * <p>A condition is a feed and an occasion (held, failed, late, not read in full), or a stage that is down. It is written
 * down before it is reported and stays written down until it is over, so a restart repeats nothing; a process that dies
 * between sending and writing down sends once more, and so does one that could not write. A channel that fails is retried
 * with growing pauses for as long as the condition holds. Thread-safe; sending happens on a thread of its own and never
 * keeps a delivery waiting.
 */
public final class NoticeBoard implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(NoticeBoard.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final int SECONDS_TO_FINISH = 5;

    private static final Set<Occasion> LASTING =
            EnumSet.of(Occasion.RECOVERED, Occasion.INCOMPLETE, Occasion.DOWN, Occasion.BACK, Occasion.SUMMARY);

    private final String district;
    private final List<NoticeChannel> channels;
    private final NoticeMemory memory;
    private final InstantSource clock;
    private final Backoff backoff;
    private final ScheduledExecutorService sender = StageThreads.scheduler("notices");
    private final List<Entry> entries = new ArrayList<>();
    private int failures;
    private boolean unwritten;
    private boolean closed;

    /**
     * Continues with the alerts that an earlier process has not sent; without channels nothing is reported or written
     * down.
     *
     * @throws java.io.UncheckedIOException if the file cannot be read
     */
    public NoticeBoard(String district, List<NoticeChannel> channels, Path file, InstantSource clock) {
        this(district, channels, file, clock, FIRST_PAUSE);
    }

    NoticeBoard(String district, List<NoticeChannel> channels, Path file, InstantSource clock, Duration firstPause) {
        this.district = district;
        this.channels = List.copyOf(channels);
        this.memory = new NoticeMemory(file);
        this.clock = clock;
        this.backoff = new Backoff(firstPause, LONGEST_PAUSE);
        entries.addAll(memory.read());
        sendSoon(Duration.ZERO);
    }

    /** Says that something is so; sends an alert if it was not so before. */
    public void raise(String feed, Occasion occasion, String text, Optional<String> delivery) {
        raise(feed, occasion, "", text, delivery);
    }

    /**
     * Says that something is so; sends an alert if it was not so before, or was so in another way: in another
     * condition, and not of the same delivery.
     */
    public synchronized void raise(
            String feed, Occasion occasion, String condition, String text, Optional<String> delivery) {
        if (channels.isEmpty()) {
            return;
        }
        Optional<Entry> before = find(feed, occasion);
        if (before.isPresent()) {
            boolean sameDelivery =
                    delivery.isPresent() && before.get().notice().delivery().equals(delivery);
            if (sameDelivery || before.get().condition().equals(condition)) {
                return;
            }
            entries.remove(before.get());
        }
        add(feed, occasion, condition, text, delivery, Set.of());
    }

    private void add(
            String subject,
            Occasion occasion,
            String condition,
            String text,
            Optional<String> delivery,
            Set<String> sentTo) {
        entries.add(new Entry(
                new Notice(district, Optional.of(subject), occasion, clock.instant(), text, delivery),
                condition,
                sentTo));
        writeDown();
        sendSoon(Duration.ZERO);
    }

    /** Says that a stage is down; sends an alert if it was not down before, unless another process has. */
    public synchronized void down(String stage, String text, boolean sentElsewhere) {
        if (!channels.isEmpty() && !isOpen(stage, Occasion.DOWN)) {
            entries.removeIf(entry -> is(entry, stage, Occasion.BACK));
            add(stage, Occasion.DOWN, "", text, Optional.empty(), sentElsewhere ? names() : Set.of());
        }
    }

    /** Says that a stage does its work; sent to the channels that got its alert. */
    public synchronized void back(String stage, String text) {
        find(stage, Occasion.DOWN).ifPresent(before -> {
            entries.remove(before);
            over(stage, Occasion.BACK, text, Optional.empty(), before.sentTo());
        });
    }

    /** Returns the stages that are down, as far as they are known to be. */
    public synchronized List<String> down() {
        return entries.stream()
                .map(Entry::notice)
                .filter(notice -> notice.occasion() == Occasion.DOWN)
                .flatMap(notice -> notice.subject().stream())
                .toList();
    }

    private void over(String subject, Occasion occasion, String text, Optional<String> delivery, Set<String> sentTo) {
        if (sentTo.isEmpty()) {
            writeDown();
            return;
        }
        Set<String> spared = names();
        spared.removeAll(sentTo);
        add(subject, occasion, "", text, delivery, spared);
    }

    /** Says that one condition has ended without all being well: nobody is notified, and the next time is a new one. */
    public synchronized void end(String feed, Occasion occasion) {
        endIf(entry -> is(entry, feed, occasion));
    }

    /** Says likewise that a condition has ended, unless it is one of this very delivery. */
    public synchronized void endOfOthers(String feed, Occasion occasion, String delivery) {
        endIf(entry -> is(entry, feed, occasion) && !entry.notice().delivery().equals(Optional.of(delivery)));
    }

    private void endIf(Predicate<Entry> over) {
        if (entries.removeIf(over)) {
            writeDown();
        }
    }

    /** Alerts are sent even when the disk is full: the next round tries to write again. */
    private void writeDown() {
        try {
            memory.write(entries);
            unwritten = false;
        } catch (IOException e) {
            if (!unwritten) {
                LOGGER.atWarn()
                        .setCause(e)
                        .log("The alerts that were sent cannot be written down; they are sent all the same, and a"
                                + " restart before it can be written sends them once more");
            }
            unwritten = true;
        }
    }

    /**
     * Says that all is well with a feed; sent to the channels that got any other alert. What the vendor has read of its file
     * is another matter, and ends by {@link #end}. A delivery that is late does not end by the one before it.
     */
    public synchronized void recovered(String feed, String text, Optional<String> delivery) {
        Set<String> sentTo = new HashSet<>();
        boolean any = entries.removeIf(entry -> {
            boolean lateSinceThen = entry.notice().occasion() == Occasion.LATE
                    && delivery.isPresent()
                    && entry.notice().delivery().equals(delivery);
            boolean over = !LASTING.contains(entry.notice().occasion())
                    && !lateSinceThen
                    && entry.notice().subject().equals(Optional.of(feed));
            if (over) {
                sentTo.addAll(entry.sentTo());
            }
            return over;
        });
        if (any) {
            over(feed, Occasion.RECOVERED, text, delivery, sentTo);
        }
    }

    /** Whether something is known to be so, sent or not. */
    public synchronized boolean isOpen(String feed, Occasion occasion) {
        return find(feed, occasion).isPresent();
    }

    /** Says that something is so, and that people know it from another process: nothing is sent. */
    public synchronized void knownElsewhere(String feed, Occasion occasion, String condition) {
        if (!channels.isEmpty()) {
            entries.removeIf(entry -> is(entry, feed, occasion));
            add(feed, occasion, condition, "Another process has sent it", Optional.empty(), names());
        }
    }

    /** Returns in which condition something is known to be so, sent or not. */
    public synchronized Optional<String> condition(String feed, Occasion occasion) {
        return find(feed, occasion).map(Entry::condition);
    }

    /** Returns in which condition something is so and every channel knows it; empty while one does not. */
    public synchronized Optional<String> sent(String feed, Occasion occasion) {
        return find(feed, occasion)
                .filter(entry -> entry.sentTo().containsAll(names()))
                .map(Entry::condition);
    }

    /** How many notices wait to be taken by a channel. */
    public synchronized int waiting() {
        return (int) entries.stream()
                .filter(entry -> !entry.sentTo().containsAll(names()))
                .count();
    }

    /** Sends a test by every channel now, on the caller's thread; returns by channel why it failed, empty if it did not. */
    public static List<TestResult> test(String district, List<NoticeChannel> channels, InstantSource clock) {
        Notice notice = new Notice(
                district,
                Optional.empty(),
                Occasion.TEST,
                clock.instant(),
                "This is a test: anyone who reads it will get an alert when a delivery is held, fails, is late, was not read in full, and is well again, and when a stage is down and is back.",
                Optional.empty());
        return channels.stream().map(channel -> tryOne(channel, notice)).toList();
    }

    /** What became of a test: why a channel did not take it; empty if it did. */
    public record TestResult(String channel, Optional<String> failure) {}

    private static TestResult tryOne(NoticeChannel channel, Notice notice) {
        try {
            channel.send(notice);
            return new TestResult(channel.name(), Optional.empty());
        } catch (RuntimeException e) {
            return new TestResult(channel.name(), Optional.of(reason(e)));
        }
    }

    /** Of what a channel did not put into words only the kind is said: a message could quote a secret. */
    private static String reason(RuntimeException e) {
        return e instanceof NoticeFailedException
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName();
    }

    /** Stops; what waits is reported by the next process. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        sender.shutdown();
        try {
            if (!sender.awaitTermination(SECONDS_TO_FINISH, TimeUnit.SECONDS)) {
                sender.shutdownNow();
            }
        } catch (InterruptedException e) {
            sender.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void sendSoon(Duration pause) {
        if (!closed) {
            var unused = sender.schedule(this::send, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void send() {
        boolean failed = false;
        for (NoticeChannel channel : channels) {
            for (Notice notice : waitingFor(channel)) {
                try {
                    channel.send(notice);
                    took(channel, notice);
                } catch (RuntimeException e) {
                    failed = true;
                    if (failures == 0) {
                        LOGGER.atWarn()
                                .addKeyValue("channel", channel.name())
                                .addKeyValue("occasion", notice.occasion().word())
                                .addKeyValue("reason", reason(e))
                                .log("A notice could not be sent; it is tried again");
                    }
                }
            }
        }
        synchronized (this) {
            if (unwritten) {
                writeDown();
            }
            boolean again = failed || unwritten;
            failures = again ? failures + 1 : 0;
            if (again) {
                sendSoon(backoff.after(failures - 1));
            }
        }
    }

    private synchronized List<Notice> waitingFor(NoticeChannel channel) {
        return entries.stream()
                .filter(entry -> !entry.sentTo().contains(channel.name()))
                .map(Entry::notice)
                .toList();
    }

    private synchronized void took(NoticeChannel channel, Notice notice) {
        for (int index = 0; index < entries.size(); index++) {
            Entry entry = entries.get(index);
            if (entry.notice().equals(notice)) {
                Set<String> sentTo = new HashSet<>(entry.sentTo());
                sentTo.add(channel.name());
                entries.set(index, new Entry(notice, entry.condition(), sentTo));
            }
        }
        entries.removeIf(entry -> (entry.notice().occasion() == Occasion.RECOVERED
                        || entry.notice().occasion() == Occasion.BACK)
                && entry.sentTo().containsAll(names()));
        writeDown();
        LOGGER.atInfo()
                .addKeyValue("channel", channel.name())
                .addKeyValue("subject", notice.subject().orElse(""))
                .addKeyValue("occasion", notice.occasion().word())
                .log("A notice was sent");
    }

    private Set<String> names() {
        Set<String> names = new HashSet<>();
        channels.forEach(channel -> names.add(channel.name()));
        return names;
    }

    private Optional<Entry> find(String feed, Occasion occasion) {
        return entries.stream().filter(entry -> is(entry, feed, occasion)).findFirst();
    }

    private static boolean is(Entry entry, String feed, Occasion occasion) {
        return entry.notice().occasion() == occasion && entry.notice().subject().equals(Optional.of(feed));
    }
}
