package dev.patronstream.snapshotter.destination;

import java.util.EnumSet;
import net.schmizz.sshj.sftp.Response.StatusCode;
import org.jspecify.annotations.Nullable;

/** A file did not reach the vendor. The message says what was tried, what happened and what to do; no secrets. */
public final class UploadFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;
    private final @Nullable StatusCode answer;

    UploadFailedException(String message, boolean retryable, @Nullable Throwable cause) {
        this(message, retryable, null, cause);
    }

    UploadFailedException(String message) {
        this(message, false, null);
    }

    /** What the server answered, and no more: it can be asked further. */
    UploadFailedException(String message, StatusCode answer, Throwable cause) {
        this(message, !isFinal(answer), answer, cause);
    }

    private UploadFailedException(
            String message, boolean retryable, @Nullable StatusCode answer, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
        this.answer = answer;
    }

    private static boolean isFinal(StatusCode answer) {
        return EnumSet.of(StatusCode.PERMISSION_DENIED, StatusCode.WRITE_PROTECT, StatusCode.OP_UNSUPPORTED)
                .contains(answer);
    }

    /** Returns the same failure with something to add to its message. */
    public UploadFailedException withRemark(String remark) {
        return remark.isEmpty() ? this : new UploadFailedException(getMessage() + remark, retryable, this);
    }

    /** Whether the same attempt may work later without anybody changing anything. */
    public boolean isRetryable() {
        return retryable;
    }

    /** Whether the server answered that it does not do what it was asked for. */
    boolean isRefusal() {
        return answer != null;
    }

    /** Whether the server answered that there is no such file. */
    boolean isMissing() {
        return answer == StatusCode.NO_SUCH_FILE || answer == StatusCode.NO_SUCH_PATH;
    }
}
