/** The one configuration file: read, checked as a whole, and turned into the settings of the stages. */
@NullMarked
package dev.patronstream.cli.config;

import org.jspecify.annotations.NullMarked;
