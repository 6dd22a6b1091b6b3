/**
 * The TDS 7.4 protocol, server side, after Microsoft's specification MS-TDS: packets, login, requests, tokens, types.
 */
@NullMarked
package dev.patronstream.standin.tds;

import org.jspecify.annotations.NullMarked;
