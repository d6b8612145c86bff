package com.akidb.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Files that are there whole or not at all, also after a power cut: what is new goes to a temporary file in the same
 * directory, is brought to the disk, and then takes the file's name, which the directory is made to remember.
 */
public final class AtomicFiles {

    private AtomicFiles() {}

    /** Replaces a small text file, or writes it anew; its directory is made if it is missing. */
    public static void write(Path file, String content) throws IOException {
        write(file, content, () -> {});
    }

    /** The same for a file that only its owner may read and write, where the file system knows owners. */
    public static void writePrivately(Path file, String content) throws IOException {
        writePrivately(file, content, () -> {});
    }

    /** The same, if a last look before the file takes its name finds nothing against it. */
    public static void writePrivately(Path file, String content, Check lastLook) throws IOException {
        write(file, content, lastLook, ownerOnly(file, "rw-------"));
    }

    private static void write(Path file, String content, Check lastLook, FileAttribute<?>... attributes)
            throws IOException {
        Path temporary =
                Files.createTempFile(directoryOf(file), file.getFileName().toString(), ".tmp", attributes);
        try {
            PrivateFiles.belongToDirectory(temporary);
            Files.writeString(temporary, content);
            force(temporary, StandardOpenOption.WRITE);
            lastLook.run();
            rename(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Gives a file that was written completely its final name, in the same directory. */
    public static void publish(Path temporary, Path file) throws IOException {
        force(temporary, StandardOpenOption.WRITE);
        rename(temporary, file);
    }

    private static void rename(Path temporary, Path file) throws IOException {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (isPosix(file)) {
            force(directoryOf(file), StandardOpenOption.READ);
        }
    }

    /** The directory of a file, made if it is missing. */
    public static Path directoryOf(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("no directory");
        }
        return Files.createDirectories(directory);
    }

    /** Makes a directory that only its owner may enter, who is the owner of the one that it is in. */
    public static void createPrivateDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, ownerOnlyDirectory(directory));
            PrivateFiles.belongToDirectory(directory);
        }
    }

    /** Makes an empty file that only its owner may read and write, who is the owner of the directory that it is in. */
    static void createPrivately(Path file) throws IOException {
        Files.createFile(file, ownerOnly(file, "rw-------"));
        PrivateFiles.belongToDirectory(file);
    }

    /** What a directory is created with that only its owner may enter; nothing where the file system knows no owners. */
    public static FileAttribute<?>[] ownerOnlyDirectory(Path directory) {
        return ownerOnly(directory, "rwx------");
    }

    private static FileAttribute<?>[] ownerOnly(Path place, String permissions) {
        return isPosix(place)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private static boolean isPosix(Path place) {
        return place.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Throws if the file had better stay as it is. */
    @FunctionalInterface
    public interface Check {
        void run() throws IOException;
    }
}
