package com.akidb.junit;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/** Prints what every thread does, virtual ones too, before a test that takes too long is interrupted. */
public final class ThreadDump implements PreInterruptCallback {

    @Override
    public void beforeThreadInterrupt(PreInterruptContext interrupted, ExtensionContext test) throws IOException {
        Path directory = Files.createTempDirectory("akidb-threads");
        Path dump = directory.resolve("threads.txt");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        System.out.println(test.getUniqueId() + " takes too long; this is what the threads do:");
        System.out.println(Files.readString(dump));
        Files.delete(dump);
        Files.delete(directory);
    }
}
