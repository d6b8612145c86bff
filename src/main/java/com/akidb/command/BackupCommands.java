package com.akidb.command;

import com.akidb.backup.Backup;
import com.akidb.backup.BackupDirectory;
import com.akidb.backup.DataCheck;
import com.akidb.backup.DatabaseCompaction;
import com.akidb.backup.Restore;
import com.akidb.error.ErrorCode;
import com.akidb.error.InternalException;
import com.akidb.error.InvalidInputException;
import com.akidb.transfer.Server;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code akidb backup}, {@code restore}, {@code verify} and {@code compact}. */
final class BackupCommands {

    private static final String DATA = "the server's data directory; if absent, AKIDB_DATA_DIR, else data";
    private static final String DEFAULT_DATA = "${env:AKIDB_DATA_DIR:-data}";

    private BackupCommands() {}

    /** {@code akidb backup}: by the server that runs, or without one. */
    @Command(
            name = "backup",
            description =
                    "Makes a backup: a running server writes it into its directory of backups, as of one commit, while"
                            + " others go on writing. With --data-dir, where no server runs, it is written to the"
                            + " directory TARGET.",
            mixinStandardHelpOptions = true)
    static final class BackUp implements Callable<Integer> {

        private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

        private final Console console;

        @Parameters(
                paramLabel = "TARGET",
                arity = "0..1",
                description = "the backup's name; if absent, the time of day. With --data-dir: its directory")
        private @Nullable String target;

        @Option(names = "--include-keys", description = "the API keys too, as the hashes that the server keeps")
        private boolean keys;

        @Option(names = "--include-audit", description = "the audit log too")
        private boolean audit;

        @Option(names = "--data-dir", description = "a data directory that no server uses now")
        private @Nullable Path data;

        @Option(
                names = "--url",
                defaultValue = "${env:AKIDB_URL:-http://127.0.0.1:8080}",
                description = "the server; if absent, AKIDB_URL, else http://127.0.0.1:8080")
        private URI url = URI.create("http://127.0.0.1:8080");

        @Option(
                names = "--key",
                defaultValue = "${env:AKIDB_API_KEY}",
                description = "an API key with the scope admin; better in AKIDB_API_KEY, which other users do not see")
        private @Nullable String key;

        BackUp(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            Path directory = data;
            if (directory == null) {
                ask();
                return 0;
            }
            if (target == null) {
                throw new InvalidInputException(
                        ErrorCode.MISSING_FIELD, "With --data-dir, say which directory to write", "TARGET");
            }
            Backup made = BackupDirectory.writeLocked(
                    directory, Path.of(target), new Backup.Contents(keys, audit), Clock.systemUTC(), step -> {});
            tell(made.path().toString(), made.commit(), made.bytes());
            return 0;
        }

        private void ask() {
            try (Server server = new Server(url, key == null || key.isBlank() ? null : key)) {
                JsonNode backup = server.startBackup(target, keys, audit);
                String name = backup.path("name").asString("");
                while (backup.path("state").asString("").equals("running")) {
                    LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
                    backup = server.backup(name);
                }
                if (!backup.path("state").asString("").equals("complete")) {
                    throw new InternalException("The backup " + name + " failed: "
                            + backup.path("error").asString(""));
                }
                tell(
                        backup.path("path").asString(""),
                        backup.path("commit").asLong(),
                        backup.path("bytes").asLong());
            }
        }

        private void tell(String path, long commit, long bytes) {
            console.out().println(path + ": commit " + commit + ", " + bytes + " bytes, verified");
        }
    }

    /** {@code akidb restore}. */
    @Command(
            name = "restore",
            description = "Puts a backup into a data directory that no server uses, whole or not at all. The backup is"
                    + " verified first.",
            mixinStandardHelpOptions = true)
    static final class RestoreBackup implements Callable<Integer> {

        private final Console console;

        @Parameters(paramLabel = "BACKUP", description = "the backup's directory")
        private Path backup = Path.of("");

        @Option(names = "--data-dir", defaultValue = DEFAULT_DATA, description = DATA)
        private Path data = Path.of("data");

        @Option(
                names = "--replace",
                description =
                        "restore into a directory that is not empty: its database is lost, its keys and its audit log"
                                + " are replaced by the backup's, if that has any")
        private boolean replace;

        RestoreBackup(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            Backup restored = new Restore(
                            backup,
                            data,
                            replace,
                            Clock.systemUTC(),
                            step -> console.err().println(step))
                    .run();
            console.out()
                    .println(data + ": commit " + restored.commit() + " of " + restored.madeAt()
                            + (restored.contents().keys() ? ", with keys" : ", without keys"));
            return 0;
        }
    }

    /** {@code akidb verify}. */
    @Command(
            name = "verify",
            description =
                    "Reads all of a data directory that no server uses and says what is wrong. Exit status: 0 nothing,"
                            + " or only what the server mends by itself; 1 something.",
            mixinStandardHelpOptions = true)
    static final class Verify implements Callable<Integer> {

        private final Console console;

        @Option(names = "--data-dir", defaultValue = DEFAULT_DATA, description = DATA)
        private Path data = Path.of("data");

        Verify(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            List<DataCheck.Problem> problems = DataCheck.run(data, Clock.systemUTC());
            for (DataCheck.Problem problem : problems) {
                console.out()
                        .println(problem.file() + ": " + problem.what()
                                + (problem.harmless() ? " (the server builds it anew)" : ""));
            }
            if (problems.isEmpty()) {
                console.out().println(data + ": nothing is wrong");
            }
            return problems.stream().allMatch(DataCheck.Problem::harmless) ? 0 : 1;
        }
    }

    /** {@code akidb compact}. */
    @Command(
            name = "compact",
            description = "Makes the database of a data directory that no server uses as small as it can be. An old"
                    + " one gives room back by itself from then on, as new ones do. Needs room for a second database.",
            mixinStandardHelpOptions = true)
    static final class Compact implements Callable<Integer> {

        private final Console console;

        @Option(names = "--data-dir", defaultValue = DEFAULT_DATA, description = DATA)
        private Path data = Path.of("data");

        Compact(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            DatabaseCompaction.Result result = DatabaseCompaction.run(
                    data, Clock.systemUTC(), step -> console.err().println(step));
            console.out()
                    .println(
                            result.database() + ": " + result.before() + " bytes before, " + result.after() + " after");
            return 0;
        }
    }
}
