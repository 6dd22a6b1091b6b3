package dev.patronstream.standin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test that turns what only the stand-in lets one turn: its clock, its clean-up, its history. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(StandInOnly.Condition.class)
@interface StandInOnly {

    /** Leaves the test out where the class runs on Microsoft's server. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return context.getRequiredTestClass().isAnnotationPresent(NeedsDocker.class)
                    ? ConditionEvaluationResult.disabled("needs the stand-in's clock, clean-up or history")
                    : ConditionEvaluationResult.enabled("runs on the stand-in");
        }
    }
}
