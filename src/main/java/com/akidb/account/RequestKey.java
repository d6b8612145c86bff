package com.akidb.account;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a repeat of a request is known by, where its caller wants what it writes to happen once.
 *
 * @param id the same for requests with the same key of the same caller to the same route
 * @param fingerprint the same for requests that say the same
 * @param answer what is answered, as bytes, when a service's outcome is this; fails as the answer would
 */
public record RequestKey(String id, String fingerprint, Function<@Nullable Object, byte[]> answer) {}
