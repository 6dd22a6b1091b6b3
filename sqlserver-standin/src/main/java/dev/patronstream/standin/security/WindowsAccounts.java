package dev.patronstream.standin.security;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The accounts of a Windows domain that a server trusts, with their passwords; in memory alone. Thread-safe. */
public final class WindowsAccounts {

    private final Map<String, String> passwords = new ConcurrentHashMap<>();

    /** Adds an account, or gives it another password; {@code name} is {@code DOMAIN\account}. */
    public void put(String name, String password) {
        passwords.put(key(name), password);
    }

    /** Returns an account's password; empty if the domain has no such account. */
    public Optional<String> password(String name) {
        return Optional.ofNullable(passwords.get(key(name)));
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
