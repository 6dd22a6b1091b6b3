package dev.patronstream.snapshotter.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Unix cron expression (minute, hour, day of month, month, day of week) in a time zone.
 *
 * <p>Goes by the clock on the wall, as cron does: a time that daylight saving skips comes when the clock has jumped over
 * it; a time that comes twice counts once, unless the hour is left open ({@code *}), when it counts both times. Immutable.
 */
public final class CronSchedule {

    /** No zone has ever set its clock by more than this at once, but for changes of the date line. */
    private static final Duration LARGEST_SHIFT = Duration.ofHours(3);

    private final ZoneId zone;
    private final ExecutionTime slots;
    private final boolean everyHour;

    /**
     * Makes a schedule of five fields, {@code 0 2,12 * * *}.
     *
     * @throws IllegalArgumentException if the expression is not one, with the reason
     */
    public CronSchedule(String expression, ZoneId zone) {
        this.zone = zone;
        Cron cron = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(expression);
        cron.validate();
        var hour = cron.retrieve(CronFieldName.HOUR).getExpression();
        this.everyHour = hour instanceof Always || hour instanceof Every;
        this.slots = ExecutionTime.forCron(cron);
        if (slots.nextExecution(ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC))
                .isEmpty()) {
            throw new IllegalArgumentException("The schedule '" + expression + "' never comes");
        }
    }

    /** Returns the first slot after a moment; empty when there is none any more. */
    public Optional<Instant> next(Instant after) {
        return nearest(after, true);
    }

    /** Returns the last slot at or before a moment; empty when there was none. */
    public Optional<Instant> last(Instant until) {
        return nearest(until, false);
    }

    /** Slots on the wall are not in the order of their moments where its clock jumps, so those near by are looked at too. */
    private Optional<Instant> nearest(Instant to, boolean later) {
        Duration back = later ? LARGEST_SHIFT.negated() : LARGEST_SHIFT;
        Comparator<Instant> order = later ? Comparator.naturalOrder() : Comparator.reverseOrder();
        Optional<Instant> nearest = Optional.empty();
        Optional<LocalDateTime> slot =
                onTheWall(LocalDateTime.ofInstant(to, zone).plus(back), later);
        while (slot.isPresent()) {
            nearest = Stream.concat(
                            nearest.stream(),
                            moments(slot.get()).stream().filter(moment -> moment.isAfter(to) == later))
                    .min(order);
            if (nearest.isPresent()) {
                LocalDateTime bound =
                        LocalDateTime.ofInstant(nearest.get(), zone).minus(back);
                if (later ? slot.get().isAfter(bound) : slot.get().isBefore(bound)) {
                    return nearest;
                }
            }
            slot = onTheWall(slot.get(), later);
        }
        return nearest;
    }

    /** The wall's clock has no daylight saving of its own, so the slots on it are counted as if in UTC. */
    private Optional<LocalDateTime> onTheWall(LocalDateTime from, boolean later) {
        ZonedDateTime moment = from.atZone(ZoneOffset.UTC);
        return (later ? slots.nextExecution(moment) : slots.lastExecution(moment)).map(ZonedDateTime::toLocalDateTime);
    }

    private List<Instant> moments(LocalDateTime slot) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(slot);
        if (offsets.isEmpty()) {
            ZoneOffsetTransition jump = zone.getRules().getTransition(slot);
            return everyHour ? List.of() : List.of(jump.getInstant());
        }
        return offsets.stream()
                .limit(everyHour ? offsets.size() : 1)
                .map(slot::toInstant)
                .toList();
    }
}
