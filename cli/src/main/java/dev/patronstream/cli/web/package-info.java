/**
 * The status port: the page, the answers in JSON, the queries of the patron table, people's orders, the metrics.
 *
 * <p>{@link dev.patronstream.cli.web.StatusSource} is what the running process tells, {@link
 * dev.patronstream.cli.web.DistrictOrders} what it does when a person orders it; {@link
 * dev.patronstream.cli.web.StatusServer} shows the one and takes the other. {@link dev.patronstream.cli.web.Headline} alone
 * decides what is said first. The page is plain modules of JavaScript without a build step, beside this package's
 * resources: {@code page.js} asks, the others show. The end points are documented in {@code docs/status.md}.
 */
@NullMarked
package dev.patronstream.cli.web;

import org.jspecify.annotations.NullMarked;
