package com.akidb.command;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.transfer.Export;
import com.akidb.transfer.Import;
import com.akidb.transfer.Progress;
import com.akidb.transfer.Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akidb import} and {@code akidb export}: rows between files and tables of a running server. */
@Command(
        name = "akidb",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(keys | import | export | backup | restore | verify)")
final class TransferCommands {

    /** All was done that could be done, and some lines could not. */
    static final int BAD_LINES = 3;

    private static final String STANDARD = "-";

    private final Console console;
    private final PrintWriter out;
    private final PrintWriter err;

    TransferCommands(Console console) {
        this.console = console;
        this.out = console.out();
        this.err = console.err();
    }

    /** What to do with rows whose key is there already. */
    enum OnConflict {
        ERROR,
        REPLACE,
        IGNORE
    }

    /** What became of rows that were on their way. */
    enum Doubt {
        KEPT,
        LOST
    }

    /** Units of times that are numbers. */
    enum Epoch {
        S(ChronoUnit.SECONDS),
        MS(ChronoUnit.MILLIS),
        US(ChronoUnit.MICROS),
        NS(ChronoUnit.NANOS);

        private final ChronoUnit unit;

        Epoch(ChronoUnit unit) {
            this.unit = unit;
        }
    }

    @Command(
            name = "import",
            description = "Imports the rows of a file into a table; run it again to go on after a stop.",
            footer = {
                "",
                "Exit status: 0 all rows are in; 3 the good rows are in, the bad ones are in FILE.bad; 1 it stopped; 2"
                        + " the command was not understood."
            },
            mixinStandardHelpOptions = true)
    int importRows(
            @Parameters(
                            paramLabel = "FILE",
                            description =
                                    "CSV with a line of names, NDJSON, JSON, Parquet or Arrow; - for standard input")
                    String file,
            @Option(names = "--on-conflict", defaultValue = "error", description = "error, replace or ignore")
                    OnConflict onConflict,
            @Option(names = "--batch", defaultValue = "1000", description = "rows in a request; all or none are kept")
                    int batch,
            @Option(names = "--max-bad", defaultValue = "1000", description = "bad lines after which it stops")
                    int mostBad,
            @Option(
                            names = "--in-doubt",
                            description = "kept or lost: what became of the rows that were on their way at a stop,"
                                    + " where the command could not tell and asked")
                    @Nullable
                    Doubt inDoubt,
            @Option(names = "--encoding", description = "of texts, such as windows-1252; if absent, UTF-8") @Nullable
                    Charset encoding,
            @Option(
                            names = "--delimiter",
                            description = "between CSV fields, or 'tab'; if absent, what the first line has most of:"
                                    + " comma, semicolon, tab or |")
                    @Nullable
                    String delimiter,
            @Option(names = "--timezone", description = "of times that have none, such as UTC or Europe/Zurich")
                    @Nullable
                    ZoneId zone,
            @Option(names = "--epoch", description = "s, ms, us or ns: times are such numbers since 1970") @Nullable
                    Epoch epoch,
            @Option(
                            names = "--map",
                            paramLabel = "FILE_COLUMN=COLUMN",
                            description = "a column of another name in the table; 'name=' leaves it out")
                    @Nullable
                    Map<String, String> map,
            @Option(names = "--skip-unknown", description = "leave out columns that the table does not have")
                    boolean skipUnknown,
            @Option(names = "--dry-run", description = "only read and tell what is bad; nothing is written")
                    boolean dryRun,
            @Option(names = "--create", description = "create the table, with columns that fit the file")
                    boolean create,
            @Option(names = "--primary-key", description = "of the table made by --create") @Nullable String primaryKey,
            @Option(
                            names = {"-y", "--yes"},
                            description = "create the table without asking")
                    boolean yes,
            @Mixin TransferOptions common)
            throws IOException {
        Path path = STANDARD.equals(file) ? kept(console.in()) : Path.of(file);
        try (Server server = common.server()) {
            Import.Options options = new Import.Options(
                    path,
                    STANDARD.equals(file) ? common.formatOfStream() : common.format(path),
                    common.table(),
                    batch,
                    onConflict.name().toLowerCase(Locale.ROOT),
                    common.restart(),
                    mostBad,
                    inDoubt == null ? null : inDoubt == Doubt.KEPT,
                    encoding,
                    delimiter(delimiter),
                    zone,
                    epoch == null ? null : epoch.unit,
                    map == null ? Map.of() : new LinkedHashMap<>(map),
                    skipUnknown,
                    dryRun,
                    create,
                    primaryKey);
            Progress progress = new Progress(err, console.terminal());
            Import.Result result = new Import(server, options, schema -> yes || isAgreed(schema), progress, err).run();
            if (result == null) {
                err.println("Nothing was made.");
                return 1;
            }
            String bad = result.bad() == 0 || dryRun ? "" : ", kept in " + result.badRows();
            out.println(
                    dryRun
                            ? result.inserted() + " good, " + result.bad() + " bad; nothing was written"
                            : result.inserted() + " inserted, " + result.updated() + " replaced, " + result.ignored()
                                    + " ignored, " + result.bad() + " bad" + bad);
            return result.bad() == 0 ? 0 : BAD_LINES;
        } finally {
            if (STANDARD.equals(file)) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Standard input as a file, since what is read twice, or gone on with, must stay. */
    private static Path kept(InputStream in) throws IOException {
        Path file = Files.createTempFile("akidb-import", ".stdin");
        try (OutputStream copy = Files.newOutputStream(file)) {
            in.transferTo(copy);
        }
        return file;
    }

    private static @Nullable Character delimiter(@Nullable String word) {
        if (word == null) {
            return null;
        }
        String one = word.equalsIgnoreCase("tab") || word.equals("\\t") ? "\t" : word;
        if (one.length() != 1 || one.equals("\"")) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT, "--delimiter must be one character, or 'tab'", "--delimiter");
        }
        return one.charAt(0);
    }

    private boolean isAgreed(String schema) {
        err.print(schema);
        if (!console.terminal()) {
            throw new InvalidInputException(
                    ErrorCode.INVALID_ARGUMENT,
                    "There is nobody to ask whether to create the table; use --yes",
                    "--yes");
        }
        err.print("Create this table? [y/N] ");
        err.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8)).readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
        } catch (IOException unreadable) {
            return false;
        }
    }

    @Command(
            name = "export",
            description = "Writes the rows of a table into a file; run it again to go on after a stop.",
            mixinStandardHelpOptions = true)
    void exportRows(
            @Parameters(
                            paramLabel = "FILE",
                            description =
                                    "what to write: .csv, .ndjson, .json, .parquet or .arrow; - for standard output")
                    String file,
            @Option(names = "--columns", split = ",", description = "which columns; if absent, all but embeddings")
                    @Nullable
                    List<String> columns,
            @Option(names = "--vectors", description = "embeddings too") boolean vectors,
            @Option(names = "--where", description = "which rows, such as 'quality >= ?'") @Nullable String where,
            @Option(names = "--param", description = "a value for a ?; once for each") @Nullable
                    List<String> parameters,
            @Mixin TransferOptions common) {
        boolean stream = STANDARD.equals(file);
        Path path = Path.of(file);
        Export.Options options = new Export.Options(
                path,
                stream ? common.formatOfStream() : common.format(path),
                common.table(),
                columns == null ? List.of() : columns,
                vectors,
                where,
                parameters == null ? List.of() : parameters,
                common.restart());
        try (Server server = common.server()) {
            Export export = new Export(server, options, new Progress(err, console.terminal()), err);
            if (stream) {
                export.run(console.stream());
            } else {
                out.println(export.run() + " rows in " + file);
            }
        }
    }
}
