package com.akidb.file;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Directories and files for their owner alone: 0700 and 0600. Where the file system knows no owners, and for files of
 * somebody else, nothing is changed.
 */
public final class PrivateFiles {

    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

    private PrivateFiles() {}

    /**
     * Makes a directory if it is missing, and takes it away from everybody else, and with it those of its entries that
     * have one of these names, or begin with one and a dot or a minus, whatever is in them included. What else may lie there stays as it is.
     */
    public static void directory(Path directory, Set<String> names) throws IOException {
        Files.createDirectories(directory, AtomicFiles.ownerOnlyDirectory(directory));
        restrict(directory, DIRECTORY);
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (names.stream()
                        .anyMatch(
                                own -> name.equals(own) || name.startsWith(own + ".") || name.startsWith(own + "-"))) {
                    restrictAll(entry);
                }
            }
        }
    }

    private static void restrictAll(Path top) throws IOException {
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                restrict(visited, DIRECTORY);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path visited, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    restrict(visited, FILE);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path visited, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Makes a file if it is missing. */
    public static void file(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            AtomicFiles.createPrivately(file);
        }
    }

    private static void restrict(Path place, Set<PosixFilePermission> allowed) {
        try {
            PosixFileAttributeView view =
                    Files.getFileAttributeView(place, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (view != null && !view.readAttributes().permissions().equals(allowed)) {
                view.setPermissions(allowed);
            }
        } catch (IOException notOurs) {
            // Whose it is decides; a volume that a group shares, for one, belongs to somebody else.
        }
    }

    /**
     * Gives what was just made to the owner and group of the directory that it is in: what an administrator makes in the
     * directory of a server has to be the server's. Others than administrators may not, and need not.
     */
    static void belongToDirectory(Path made) {
        Path parent = made.toAbsolutePath().getParent();
        if (parent == null) {
            return;
        }
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(made, PosixFileAttributeView.class);
            PosixFileAttributeView above = Files.getFileAttributeView(parent, PosixFileAttributeView.class);
            if (view == null || above == null) {
                return;
            }
            PosixFileAttributes wanted = above.readAttributes();
            if (!view.readAttributes().owner().equals(wanted.owner())) {
                view.setOwner(wanted.owner());
                view.setGroup(wanted.group());
            }
        } catch (IOException notAllowed) {
            // Only an administrator may give files away.
        }
    }
}
