package com.akidb.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that starts a few threads and must hold in whatever order they take their steps. It is run over and over by
 * {@link Interleavings}, each time in another order, and fails with the order in which it did not hold, or in which all
 * threads waited for ever. Each run makes all that it uses, and ends the threads that it starts.
 */
@Test
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@Tag("interleaving")
@ExtendWith(Interleavings.class)
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface InterleavingTest {}
