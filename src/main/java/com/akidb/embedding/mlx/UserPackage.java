package com.akidb.embedding.mlx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether a package of the user's embeds, instead of AkiDB's own. */
final class UserPackage {

    private static final String USUAL = "akidb_mlx.embedding_service";

    private UserPackage() {}

    /** The module with its {@code EmbeddingService}. */
    static Optional<String> service(MlxProperties settings) {
        if (settings.service() != null) {
            return Optional.of(settings.service());
        }
        return settings.pythonPath().stream().anyMatch(UserPackage::offersOnlyAService)
                ? Optional.of(USUAL)
                : Optional.empty();
    }

    /** A copy of AkiDB's own package has a host, which takes token ids and is preferred. */
    private static boolean offersOnlyAService(Path folder) {
        Path own = folder.resolve("akidb_mlx");
        return Files.isRegularFile(own.resolve("embedding_service.py")) && !Files.isRegularFile(own.resolve("host.py"));
    }
}
