package dev.patronstream.sandbox;

/** A part of the sandbox cannot do what it was asked for; the message says which, and why. */
public final class SandboxFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SandboxFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
