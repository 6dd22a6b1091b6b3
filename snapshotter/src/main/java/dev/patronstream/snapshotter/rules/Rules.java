package dev.patronstream.snapshotter.rules;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a feed does about each rule. Immutable.
 *
 * @param chosen the rules for which the feed chose something itself; all others have their default
 */
public record Rules(Map<Rule, RuleAction> chosen) {

    public static final Rules USUAL = new Rules(Map.of());

    public Rules {
        chosen = Map.copyOf(chosen);
    }

    public RuleAction actionOf(Rule rule) {
        return chosen.getOrDefault(rule, rule.usualAction());
    }

    public boolean holdsDelivery(Rule rule) {
        return actionOf(rule) == RuleAction.HOLD_DELIVERY;
    }

    /**
     * Returns what is done to the row: never {@link RuleAction#HOLD_DELIVERY}, since a held file must be one that can
     * be approved as it is.
     */
    public RuleAction effectOf(Rule rule) {
        RuleAction action = actionOf(rule);
        if (action != RuleAction.HOLD_DELIVERY) {
            return action;
        }
        return rule.usualAction() == RuleAction.OFF ? RuleAction.WARN : rule.usualAction();
    }

    /**
     * Returns by rule how many patrons break it, of the rules that hold the delivery; the file is as it would be sent
     * once a person approves.
     */
    public Map<Rule, Long> holding(List<Problem> problems) {
        return problems.stream()
                .filter(problem -> holdsDelivery(problem.rule()))
                .collect(Collectors.groupingBy(
                        Problem::rule,
                        () -> new EnumMap<>(Rule.class),
                        Collectors.mapping(Problem::key, Collectors.collectingAndThen(Collectors.toSet(), keys ->
                                (long) keys.size()))));
    }

    /** Says in numbers which rules hold a delivery with these problems; empty when none does. */
    public Optional<String> whyHeld(List<Problem> problems) {
        Map<Rule, Long> holding = holding(problems);
        return holding.isEmpty()
                ? Optional.empty()
                : Optional.of("Rules with hold-delivery were broken: "
                        + holding.entrySet().stream()
                                .map(rule -> rule.getKey().id() + " by " + rule.getValue() + " patrons")
                                .collect(Collectors.joining(", "))
                        + ". The problem report names them");
    }

    public boolean isOff(Rule rule) {
        return actionOf(rule) == RuleAction.OFF;
    }

    /** Returns the choices that a rule does not offer, with paths relative to the feed. */
    public List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>();
        Map<Rule, RuleAction> inOrder = new EnumMap<>(Rule.class);
        inOrder.putAll(chosen);
        inOrder.forEach((rule, action) -> {
            if (!rule.actions().contains(action)) {
                problems.add(new SettingProblem(
                        "rules." + rule.id(),
                        action.id() + " is not possible here; choose one of: "
                                + rule.actions().stream().map(RuleAction::id).collect(Collectors.joining(", "))));
            }
        });
        return problems;
    }
}
