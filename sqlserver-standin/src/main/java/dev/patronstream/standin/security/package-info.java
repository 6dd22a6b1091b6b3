/**
 * Logins, users, roles and permissions, as far as a database's account and its rights need them. An administrator
 * ({@code sa}, {@code db_owner}) may do everything; everybody else what was granted.
 *
 * <p>Known differences from Microsoft's server: there is one database, so a login is for it; the catalog views of
 * {@code sys} show everything to everybody, the catalog procedures do not; a modification needs its own permission, not
 * SELECT besides.
 */
@NullMarked
package dev.patronstream.standin.security;

import org.jspecify.annotations.NullMarked;
