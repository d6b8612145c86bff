package com.akidb.embedding.openai;

import com.akidb.error.AkidbException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import java.time.Duration;
import java.util.Optional;

/**
 * A call that failed.
 *
 * @param status HTTP status; 0 if there was none
 * @param reason what happened, in words that hold neither key nor text
 * @param retryAfter how long the provider asks to wait
 */
record ProviderFailure(int status, String reason, Optional<Duration> retryAfter) {

    private static final int TOO_MANY = 429;
    private static final String NO_QUOTA = "insufficient_quota";

    static ProviderFailure broken(String reason) {
        return new ProviderFailure(0, reason, Optional.empty());
    }

    /**
     * What a status says.
     *
     * @param code the provider's own code of the failure, cleaned; empty if it gave none
     */
    static ProviderFailure answered(int status, String code, Optional<Duration> retryAfter) {
        return new ProviderFailure(status, "status " + status + (code.isEmpty() ? "" : ", " + code), retryAfter);
    }

    /** Whether the same call may succeed later. A quota that is used up is not filled by waiting some seconds. */
    boolean isPassing() {
        return status == 0 || status == 408 || status >= 500 || (status == TOO_MANY && !reason.contains(NO_QUOTA));
    }

    /** What callers are told. */
    AkidbException toException(String model, Provider provider) {
        String who = "The provider of model '" + model + "'";
        if (status == TOO_MANY && isPassing()) {
            return new OverloadedException(
                    who + " is asked too often (" + reason + "); try again later",
                    retryAfter.filter(Duration::isPositive).orElse(Duration.ofSeconds(1)));
        }
        return switch (status) {
            case 0 -> new UnavailableException(who + " cannot be reached: " + reason);
            case TOO_MANY -> new UnavailableException(who + " grants nothing more: " + reason);
            case 400, 413, 422 ->
                new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT,
                        who + " refuses a text (" + reason + "); it may be longer than the model takes");
            case 401, 403 -> new UnavailableException(who + refusesKey(provider));
            case 404 -> new UnavailableException(who + " does not have it (" + reason + ")");
            default ->
                status < 400 && status >= 300
                        ? new UnavailableException(
                                who + " redirects elsewhere (" + reason + "), where the key must not go")
                        : new UnavailableException(who + " fails (" + reason + ")");
        };
    }

    private String refusesKey(Provider provider) {
        return provider.keyVariable().isEmpty()
                ? " wants a key (" + reason + "): name its environment variable by source.key-variable"
                : " refuses the key in the environment variable " + provider.keyVariable() + " (" + reason + ")";
    }
}
