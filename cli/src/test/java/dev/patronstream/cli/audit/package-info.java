@org.jspecify.annotations.NullMarked
package dev.patronstream.cli.audit;
