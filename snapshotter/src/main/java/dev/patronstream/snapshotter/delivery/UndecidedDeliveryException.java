package dev.patronstream.snapshotter.delivery;

/**
 * An attempt broke off after it had begun to put files in their places at the vendor, and could not record what became of
 * them. The next delivery finds out; the message says so.
 */
public final class UndecidedDeliveryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UndecidedDeliveryException(String feed, Throwable cause) {
        super(
                "The delivery of the feed '" + feed + "' did not come to its end (" + cause.getMessage()
                        + "). Of each file the vendor holds the old or the new one, whole, and the next delivery finds"
                        + " out which",
                cause);
    }
}
