package com.akidb.command;

import com.akidb.transfer.Export;
import com.akidb.transfer.Import;
import com.akidb.transfer.Progress;
import com.akidb.transfer.Server;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akidb import} and {@code akidb export}: rows between files and tables of a running server. */
@Command(name = "akidb", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "(keys | import | export)")
final class TransferCommands {

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;

    TransferCommands(PrintWriter out, PrintWriter err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
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

    @Command(
            name = "import",
            description = "Brings the rows of a file into a table; run it again to go on after a stop.",
            mixinStandardHelpOptions = true)
    void importRows(
            @Parameters(paramLabel = "FILE", description = "CSV with a line of names, NDJSON, or Parquet") Path file,
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
            @Mixin TransferOptions common) {
        Import.Options options = new Import.Options(
                file,
                common.format(file),
                common.table(),
                batch,
                onConflict.name().toLowerCase(Locale.ROOT),
                common.restart(),
                mostBad,
                inDoubt == null ? null : inDoubt == Doubt.KEPT);
        try (Server server = common.server()) {
            Import.Result result = new Import(server, options, new Progress(err, terminal), err).run();
            out.println(result.inserted() + " inserted, " + result.updated() + " replaced, " + result.ignored()
                    + " ignored, " + result.bad() + " bad"
                    + (result.bad() == 0 ? "" : ", kept in " + result.badRows()));
        }
    }

    @Command(
            name = "export",
            description = "Writes the rows of a table into a file; run it again to go on after a stop.",
            mixinStandardHelpOptions = true)
    void exportRows(
            @Parameters(paramLabel = "FILE", description = "what to write: .csv or .ndjson") Path file,
            @Option(names = "--columns", split = ",", description = "which columns; if absent, all but embeddings")
                    @Nullable
                    List<String> columns,
            @Option(names = "--vectors", description = "embeddings too") boolean vectors,
            @Option(names = "--where", description = "which rows, such as 'quality >= ?'") @Nullable String where,
            @Option(names = "--param", description = "a value for a ?; once for each") @Nullable
                    List<String> parameters,
            @Mixin TransferOptions common) {
        Export.Options options = new Export.Options(
                file,
                common.format(file),
                common.table(),
                columns == null ? List.of() : columns,
                vectors,
                where,
                parameters == null ? List.of() : parameters,
                common.restart());
        try (Server server = common.server()) {
            out.println(new Export(server, options, new Progress(err, terminal), err).run() + " rows in " + file);
        }
    }
}
