package com.akidb.model.files;

import com.akidb.file.AtomicFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files inside artifacts on the class path, unpacked into the cache because native code wants real files. The name of
 * the unpacked file carries size and CRC-32 as the artifact states them, so another version never meets an old file.
 */
public final class ClassPathFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ClassPathFiles.class);

    private final Path directory;
    private final ClassLoader loader;

    public ClassPathFiles(Path directory, ClassLoader loader) {
        this.directory = directory;
        this.loader = loader;
    }

    /** What an artifact says of a file in it. */
    private record Entry(URL url, long size, long crc, Path target) {}

    /** The file on disk, unpacked now if it is not there whole. */
    public Path unpacked(String name) throws IOException {
        Entry entry = entry(name);
        if (!isComplete(entry)) {
            FileLocks.locked(entry.target(), () -> {
                if (!isComplete(entry)) {
                    unpack(name, entry);
                }
                return entry.target();
            });
        }
        return entry.target();
    }

    private static boolean isComplete(Entry entry) throws IOException {
        return Files.isRegularFile(entry.target()) && Files.size(entry.target()) == entry.size();
    }

    private Entry entry(String name) throws IOException {
        URL url = loader.getResource(name);
        if (url == null) {
            throw new FileNotFoundException(name);
        }
        URLConnection connection = url.openConnection();
        ZipEntry zipped = connection instanceof JarURLConnection jar ? jar.getJarEntry() : null;
        long size = zipped == null ? connection.getContentLengthLong() : zipped.getSize();
        long crc = zipped == null ? crcOf(url) : zipped.getCrc();
        String version = Long.toString(size, 36) + "-" + Long.toString(crc, 36);
        String flat = name.replace('/', '-');
        int dot = flat.lastIndexOf('.') < 0 ? flat.length() : flat.lastIndexOf('.');
        return new Entry(
                url, size, crc, directory.resolve(flat.substring(0, dot) + "-" + version + flat.substring(dot)));
    }

    private static void unpack(String name, Entry entry) throws IOException {
        Path target = entry.target();
        Path temporary = Files.createTempFile(AtomicFiles.directoryOf(target), "unpack", ".tmp");
        try {
            CRC32 crc = new CRC32();
            long size;
            try (InputStream in = entry.url().openStream();
                    OutputStream out = new CheckedOutputStream(Files.newOutputStream(temporary), crc)) {
                size = in.transferTo(out);
            }
            if (size != entry.size() || crc.getValue() != entry.crc()) {
                throw new DamagedFileException(name + " is damaged in its artifact");
            }
            AtomicFiles.publish(temporary, target);
            LOG.info("Unpacked {} ({} bytes) into the model cache", name, size);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static long crcOf(URL url) throws IOException {
        CRC32 crc = new CRC32();
        try (InputStream in = url.openStream();
                OutputStream out = new CheckedOutputStream(OutputStream.nullOutputStream(), crc)) {
            in.transferTo(out);
        }
        return crc.getValue();
    }
}
