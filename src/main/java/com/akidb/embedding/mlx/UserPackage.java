package com.akidb.embedding.mlx;

import com.akidb.error.UnavailableException;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A package of the user's that embeds, instead of AkiDB's own. It gets the model's name and finds the weights by itself. */
final class UserPackage {

    private static final String USUAL = "akidb_mlx.embedding_service";

    private final String module;
    private final List<Path> folders;
    /** Of models by id, taken once: a package that changes takes effect with the next start. */
    private final Map<String, String> fingerprints = new ConcurrentHashMap<>();

    private UserPackage(String module, List<Path> folders) {
        this.module = module;
        this.folders = folders;
    }

    /** The package, if the settings name one. */
    static Optional<UserPackage> of(MlxProperties settings) {
        return Optional.ofNullable(settings.service())
                .or(() -> replacesOurs(settings) ? Optional.of(USUAL) : Optional.empty())
                .map(module -> new UserPackage(module, settings.pythonPath()));
    }

    /** Whether it takes the place, and the name, of AkiDB's own. */
    static boolean replacesOurs(MlxProperties settings) {
        return settings.pythonPath().stream().anyMatch(UserPackage::offersOnlyAService);
    }

    /** A copy of AkiDB's own package has a host, which takes token ids and is preferred. */
    private static boolean offersOnlyAService(Path folder) {
        Path own = folder.resolve("akidb_mlx");
        return Files.isRegularFile(own.resolve("embedding_service.py")) && !Files.isRegularFile(own.resolve("host.py"));
    }

    /** The module with its {@code EmbeddingService}. */
    String module() {
        return module;
    }

    /**
     * Stands for the files of a model: their fingerprint is that of the package's code, since of what else makes its vectors
     * nothing is known.
     *
     * @throws UnavailableException if the code cannot be read
     */
    ModelFiles files(ModelSpec spec) {
        return ModelFiles.none(fingerprints.computeIfAbsent(spec.id(), id -> fingerprint(spec)));
    }

    private String fingerprint(ModelSpec spec) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, module, spec.id(), String.valueOf(spec.dimension()));
            for (Path folder : folders) {
                for (Path file : sources(folder)) {
                    add(digest, folder.relativize(file).toString());
                    add(digest, Files.readAllBytes(file));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UnavailableException("The folders of akidb.mlx.python-path cannot be read", e);
        }
    }

    private static List<Path> sources(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".py") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    private static void add(MessageDigest digest, String... texts) {
        for (String text : texts) {
            add(digest, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void add(MessageDigest digest, byte[] content) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).flip());
        digest.update(content);
    }
}
