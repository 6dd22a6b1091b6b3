/**
 * The status port: the page, the answers in JSON, the queries of the patron table, the metrics.
 *
 * <p>{@link dev.patronstream.cli.web.StatusSource} is what the running process tells; {@link
 * dev.patronstream.cli.web.StatusServer} shows it. The end points are documented in {@code docs/status.md}.
 */
@NullMarked
package dev.patronstream.cli.web;

import org.jspecify.annotations.NullMarked;
