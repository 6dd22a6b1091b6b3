package dev.patronstream.connector;

import dev.patronstream.connector.check.CaptureSettings.Limits;
import java.time.Duration;

/** Limits that differ from others in one thing. */
final class TestLimits {

    private TestLimits() {}

    static Limits withPollInterval(Limits usual, Duration interval) {
        return new Limits(
                interval,
                usual.freshnessInterval(),
                usual.maxRows(),
                usual.maxWaitingRows(),
                usual.commitPatience(),
                usual.massDeleteAbove());
    }

    static Limits withFreshnessInterval(Limits usual, Duration interval) {
        return new Limits(
                usual.pollInterval(),
                interval,
                usual.maxRows(),
                usual.maxWaitingRows(),
                usual.commitPatience(),
                usual.massDeleteAbove());
    }

    static Limits withMaxRows(Limits usual, int rows) {
        return new Limits(
                usual.pollInterval(),
                usual.freshnessInterval(),
                rows,
                usual.maxWaitingRows(),
                usual.commitPatience(),
                usual.massDeleteAbove());
    }

    static Limits withMaxWaitingRows(Limits usual, int rows) {
        return new Limits(
                usual.pollInterval(),
                usual.freshnessInterval(),
                usual.maxRows(),
                rows,
                usual.commitPatience(),
                usual.massDeleteAbove());
    }

    static Limits withMassDeleteAbove(Limits usual, double share) {
        return new Limits(
                usual.pollInterval(),
                usual.freshnessInterval(),
                usual.maxRows(),
                usual.maxWaitingRows(),
                usual.commitPatience(),
                share);
    }
}
