package dev.patronstream.snapshotter.layout.template;

/** A template cannot be understood; the message says why, and where it stands. */
public final class TemplateException extends Exception {

    private static final long serialVersionUID = 1L;

    /** The position counts characters from 0 in code and from 1 in the message. */
    TemplateException(int position, String message) {
        super("at character " + (position + 1) + ": " + message);
    }
}
