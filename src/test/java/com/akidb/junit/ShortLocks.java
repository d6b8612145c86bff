package com.akidb.junit;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets event loops hand work to threads. The JDK's queues have locks that are held for some instructions; where two threads meet at
 * one, BlockHound would throw between an element's coming into the queue and the signal that it is there, so that the queue's
 * thread slept on for ever.
 */
public final class ShortLocks implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("java.util.concurrent.LinkedBlockingQueue", "offer")
                .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "addWorker");
    }
}
