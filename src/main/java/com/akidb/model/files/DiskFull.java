package com.akidb.model.files;

import java.util.Locale;

/** Recognises a full disk, for which Java has no exception of its own. */
public final class DiskFull {

    private DiskFull() {}

    /** Whether a failure comes from a full disk or an exhausted quota. */
    public static boolean caused(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (message.contains("no space left") || message.contains("quota exceeded")) {
                return true;
            }
        }
        return false;
    }
}
