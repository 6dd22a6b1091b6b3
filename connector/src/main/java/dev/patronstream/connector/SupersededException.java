package dev.patronstream.connector;

/** Another connector has taken the district while this one was away; to fence it in turn would be wrong. */
final class SupersededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SupersededException() {
        super("another connector has taken over");
    }
}
