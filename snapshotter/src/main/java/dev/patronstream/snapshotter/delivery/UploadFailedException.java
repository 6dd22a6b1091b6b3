package dev.patronstream.snapshotter.delivery;

import org.jspecify.annotations.Nullable;

/** A file did not reach the vendor. The message says what was tried, what happened and what to do; no secrets. */
public final class UploadFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    UploadFailedException(String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    UploadFailedException(String message) {
        super(message);
        this.retryable = false;
    }

    /** Returns the same failure with something to add to its message. */
    public UploadFailedException withRemark(String remark) {
        return remark.isEmpty() ? this : new UploadFailedException(getMessage() + remark, retryable, this);
    }

    /** Whether the same attempt may work later without anybody changing anything. */
    public boolean isRetryable() {
        return retryable;
    }
}
