package com.akidb.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

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

    /** Gives a directory that was written completely its final name, beside it; what is in it is brought to the disk. */
    public static void publishDirectory(Path temporary, Path directory) throws IOException {
        forceTree(temporary);
        rename(temporary, directory);
    }

    /** Brings all files below a directory to the disk, and the directories' lists of them. */
    public static void forceTree(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                if (Files.isDirectory(each)) {
                    forceDirectory(each);
                } else {
                    force(each, StandardOpenOption.WRITE);
                }
            }
        }
    }

    /** Deletes a file, or a directory with all that is in it; does nothing if it is not there. Links are not followed. */
    public static void deleteTree(Path place) throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(place)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static void rename(Path temporary, Path file) throws IOException {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(directoryOf(file));
    }

    /** Brings to the disk which files a directory has, where the file system lets directories be opened. */
    public static void forceDirectory(Path directory) throws IOException {
        if (isPosix(directory)) {
            force(directory, StandardOpenOption.READ);
        }
    }

    /** From now on only its owner may read and write a file, who is the owner of the directory that it is in. */
    public static void makePrivate(Path file) throws IOException {
        if (isPosix(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        PrivateFiles.belongToDirectory(file);
    }

    /** The directory of a file, made if it is missing. */
    public static Path directoryOf(Path file) throws IOException {
        return Files.createDirectories(parentOf(file));
    }

    /** The directory of a file, whether it is there or not. */
    public static Path parentOf(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("no directory");
        }
        return directory;
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
