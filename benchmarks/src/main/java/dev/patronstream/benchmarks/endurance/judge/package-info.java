/**
 * What an endurance run is judged by: the source's own history against the contract topics, the oracle against the files
 * and the feed, and the receipts against what the vendor held. Shares no code with the stages that it judges, but for
 * the reader of topics and the contracts.
 */
@NullMarked
package dev.patronstream.benchmarks.endurance.judge;

import org.jspecify.annotations.NullMarked;
