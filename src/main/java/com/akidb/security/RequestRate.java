package com.akidb.security;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;

/**
 * How many requests a key may make.
 *
 * @param perSecond in the long run; positive, at most 1,000,000
 * @param burst at once after a rest; 1 to 1,000,000
 */
public record RequestRate(double perSecond, int burst) {

    private static final double MOST = 1_000_000;

    public RequestRate {
        if (!(perSecond > 0 && perSecond <= MOST)) {
            throw new InvalidInputException(
                    ErrorCode.OUT_OF_RANGE, "requests per second must be above 0 and at most 1000000", "rate");
        }
        if (burst < 1 || burst > MOST) {
            throw new InvalidInputException(ErrorCode.OUT_OF_RANGE, "burst must be 1 to 1000000", "burst");
        }
    }
}
