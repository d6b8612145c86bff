package com.akidb.model.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The hub answered with a failure. */
final class HubStatusException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String errorCode;
    private final String retryAfter;

    /**
     * What the hub answered.
     *
     * @param errorCode its header X-Error-Code, such as {@code GatedRepo}; empty if it has none
     * @param retryAfter its header Retry-After; empty if it has none
     */
    HubStatusException(int status, String errorCode, String retryAfter) {
        super("status " + status);
        this.status = status;
        this.errorCode = errorCode;
        this.retryAfter = retryAfter;
    }

    /** Whether the same request may succeed later. */
    boolean isPassing() {
        return status >= 500 || status == 429 || status == 408;
    }

    /** Whether the repository and the revision are there, and the file is not. */
    boolean saysThatThereIsNoSuchFile() {
        return status == 404 && (errorCode.isEmpty() || errorCode.equalsIgnoreCase("EntryNotFound"));
    }

    /** How long the hub asks to wait, if it says so in seconds. */
    Optional<Duration> retryAfter() {
        return retryAfter.matches("\\d{1,6}")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)))
                : Optional.empty();
    }

    /** What to tell people about a request that is not worth repeating. */
    String explain(HubFile file) {
        String repository = file.repository();
        return switch (status) {
            case 401, 403 ->
                "The hub denies access to repository " + repository + " to this server (status " + status
                        + "): accept its terms on its page, and set HF_TOKEN to a token that may read it";
            case 404 ->
                switch (errorCode.toLowerCase(Locale.ROOT)) {
                    case "reponotfound" -> "The hub has no repository " + repository;
                    case "revisionnotfound" -> "Repository " + repository + " has no revision " + file.revision();
                    default ->
                        "Repository " + repository + " has no file " + file.path() + " at revision " + file.revision();
                };
            default -> "The hub answered status " + status + " for " + file.path() + " of repository " + repository;
        };
    }

    int status() {
        return status;
    }
}
