package dev.patronstream.snapshotter.notice;

/**
 * A notice was not taken by the other side; says what was tried, what happened and what to do. Has no cause: an HTTP
 * client's own message could quote the address, which is a secret.
 */
public final class NoticeFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoticeFailedException(String message) {
        super(message);
    }
}
