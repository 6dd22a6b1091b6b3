/** Single settings: found in the file or the environment, checked, and reported with their place. */
@NullMarked
package dev.patronstream.cli.config.setting;

import org.jspecify.annotations.NullMarked;
