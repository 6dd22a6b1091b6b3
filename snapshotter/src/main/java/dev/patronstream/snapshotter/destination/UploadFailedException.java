package dev.patronstream.snapshotter.destination;

import org.jspecify.annotations.Nullable;

/** A file did not reach the vendor. The message says what was tried, what happened and what to do; no secrets. */
public final class UploadFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;
    private final boolean refusal;

    private UploadFailedException(String message, boolean retryable, boolean refusal, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
        this.refusal = refusal;
    }

    /** Makes a failure after which the folder is not asked further. */
    public UploadFailedException(String message, boolean retryable, @Nullable Throwable cause) {
        this(message, retryable, false, cause);
    }

    public UploadFailedException(String message) {
        this(message, false, null);
    }

    /** Returns a failure that is an answer, and no more: the folder can be asked further. */
    public static UploadFailedException refusal(String message, boolean retryable, Throwable cause) {
        return new UploadFailedException(message, retryable, true, cause);
    }

    /** Returns the failure that a folder has the name of a file. */
    public static UploadFailedException folderInTheWay(String name, Destination destination) {
        return new UploadFailedException(name + " is a folder at " + destination.address()
                + ". Move it away, or choose another name for the file");
    }

    /** Returns the same failure with something to add to its message. */
    public UploadFailedException withRemark(String remark) {
        return remark.isEmpty() ? this : new UploadFailedException(getMessage() + remark, retryable, this);
    }

    /** Whether the same attempt may work later without anybody changing anything. */
    public boolean isRetryable() {
        return retryable;
    }

    /** Whether it is an answer, after which the folder can be asked further. */
    public boolean isRefusal() {
        return refusal;
    }
}
