package com.akidb.engine.embedded.sql;

import com.akidb.concurrent.NativeThreads;
import com.akidb.engine.ColumnType;
import com.akidb.engine.SelectRequest;
import com.akidb.error.AkidbException;
import com.akidb.error.DeadlineExceededException;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnavailableException;
import com.akidb.memory.Heap;
import com.akidb.memory.RequestMemory;
import com.akidb.query.Json;
import com.akidb.query.Kind;
import com.akidb.query.Select;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteLimits;

/** Runs selects on connections of their own, which can read and nothing else. Safe for many threads. */
public final class SelectRunner implements AutoCloseable {

    private static final int MOST_AT_ONCE = 4;
    /** Longest text or blob that a select may make if it makes few. */
    private static final int MOST_VALUE_BYTES = 32 << 20;

    private static final long LEAST_HELD_BYTES = 32L << 20;
    private static final long MOST_HELD_BYTES = 256L << 20;

    private final ReadConnections source;
    private final NativeThreads threads;
    private final ConcurrentLinkedQueue<WatchedConnection> idle = new ConcurrentLinkedQueue<>();
    private final long mostHeldBytes;
    private volatile boolean closed;

    /**
     * Selects over the tables of a store.
     *
     * @param queue most selects that wait for their turn
     */
    public SelectRunner(ReadConnections source, int queue) {
        this.threads = new NativeThreads("akidb-sql", MOST_AT_ONCE, queue);
        // Beside the heap, as large as an eighth of it. SQLite's own limit of its memory needs statistics that the
        // driver leaves out.
        this.mostHeldBytes = Heap.eighth(LEAST_HELD_BYTES, MOST_HELD_BYTES);
        this.source = source;
    }

    /**
     * Runs a select; see {@link com.akidb.engine.TableEngine#select}.
     *
     * @param tables by id; throws if there is none, or it is not what the select was made for
     */
    public List<List<@Nullable Object>> run(SelectRequest statement, Function<UUID, SqlTable> tables) {
        return working(statement, connection -> read(connection, statement, tables));
    }

    /**
     * How a select would be run; see {@link com.akidb.engine.TableEngine#explain(SelectRequest)}.
     *
     * @param tables as of {@link #run(SelectRequest, Function)}
     * @param words what a table's indexes and columns are called by users, in the place of what SQLite calls them
     */
    public List<String> explain(
            SelectRequest statement, Function<UUID, SqlTable> tables, Function<UUID, SelectPlan.Words> words) {
        return working(statement, connection -> {
            SelectPlan plan = new SelectPlan(SelectSql.aliases(statement.select(), statement.vectors(), tables), words);
            SqlText sql = new SqlText()
                    .add("EXPLAIN QUERY PLAN ")
                    .add(SelectSql.of(statement.select(), statement.vectors(), tables));
            try (PreparedStatement select = sql.prepare(connection.connection());
                    ResultSet steps = select.executeQuery()) {
                return plan.read(steps);
            }
        });
    }

    /** What is done with a connection while a select has it. */
    private interface Work<T> {
        T with(WatchedConnection connection) throws SQLException;
    }

    private <T> T working(SelectRequest statement, Work<T> work) {
        long deadline = System.nanoTime() + statement.timeout().toNanos();
        BooleanSupplier cancelled = statement.cancelled();
        BooleanSupplier isOver = () -> System.nanoTime() - deadline >= 0 || cancelled.getAsBoolean();
        try {
            return threads.call(RequestMemory.carried(() -> working(statement, work, isOver)));
        } catch (RejectedExecutionException e) {
            throw closed ? stopping() : new OverloadedException("Too many SQL queries at once", Duration.ofSeconds(1));
        }
    }

    private <T> T working(SelectRequest statement, Work<T> work, BooleanSupplier isOver) {
        if (isOver.getAsBoolean()) {
            throw late(statement);
        }
        WatchedConnection connection = null;
        try {
            connection = take();
            connection.watch().begin(isOver);
            T done = work.with(connection);
            connection.watch().end();
            keep(connection);
            return done;
        } catch (SQLException e) {
            discard(connection);
            throw explain(e, statement, isOver);
        } catch (RuntimeException e) {
            discard(connection);
            throw e;
        }
    }

    private static UnavailableException stopping() {
        return new UnavailableException("The server is stopping");
    }

    private WatchedConnection take() throws SQLException {
        if (closed) {
            throw stopping();
        }
        WatchedConnection known = idle.poll();
        if (known != null) {
            return known;
        }
        WatchedConnection connection = source.open();
        try {
            SQLiteConnection sqlite = (SQLiteConnection) connection.connection();
            sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
            org.sqlite.Function.create(
                    connection.connection(),
                    SimilarityFunction.NAME,
                    new SimilarityFunction(),
                    3,
                    org.sqlite.Function.FLAG_DETERMINISTIC);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private List<List<@Nullable Object>> read(
            WatchedConnection connection, SelectRequest statement, Function<UUID, SqlTable> tables)
            throws SQLException {
        int mostBytes = bound(connection, statement.select());
        SqlText sql = SelectSql.of(statement.select(), statement.vectors(), tables);
        try (PreparedStatement select = sql.prepare(connection.connection());
                ResultSet result = select.executeQuery()) {
            return rows(result, statement, connection.watch());
        } catch (SQLException e) {
            if (code(e) == SQLiteErrorCode.SQLITE_TOOBIG) {
                throw tooLarge(mostBytes);
            }
            throw e;
        }
    }

    /** Sets how long a text or blob may be, so that all which the select may hold at once fit into its memory. */
    private int bound(WatchedConnection connection, Select select) throws SQLException {
        SelectWeight.Weight weight = SelectWeight.of(select);
        int mostBytes = (int) Math.min(MOST_VALUE_BYTES, weight.share(mostHeldBytes));
        ((SQLiteConnection) connection.connection()).setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, mostBytes);
        boolean makesTexts = weight.texts() > select.items().size();
        connection.lookEvery(makesTexts ? Watch.INSTRUCTIONS_WITH_TEXTS : Watch.INSTRUCTIONS);
        return mostBytes;
    }

    private static SQLiteErrorCode code(SQLException failure) {
        return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xff);
    }

    private static InvalidInputException tooLarge(int mostBytes) {
        return new InvalidInputException(
                ErrorCode.OUT_OF_RANGE,
                "The query has a value of more than " + mostBytes
                        + " bytes, which is its share of the memory of a query; select fewer columns, or make fewer"
                        + " texts",
                "query");
    }

    private static List<List<@Nullable Object>> rows(ResultSet result, SelectRequest statement, Watch watch)
            throws SQLException {
        List<Kind> kinds = statement.select().items().stream()
                .map(item -> item.value().kind())
                .toList();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        long bytes = 0;
        while (result.next()) {
            if (watch.isOver()) {
                throw late(statement);
            }
            if (rows.size() == statement.maxRows()) {
                throw tooLarge("has more than " + statement.maxRows() + " rows");
            }
            List<@Nullable Object> row = new ArrayList<>(kinds.size());
            for (int i = 0; i < kinds.size(); i++) {
                Object cell = cell(result, i + 1, kinds.get(i));
                RequestMemory.takeOfCurrent(weight(cell));
                bytes += weight(cell);
                if (bytes > statement.maxBytes()) {
                    throw tooLarge("is larger than " + statement.maxBytes() + " bytes");
                }
                row.add(cell);
            }
            rows.add(row);
        }
        return rows;
    }

    private static @Nullable Object cell(ResultSet result, int index, Kind kind) throws SQLException {
        return switch (kind) {
            case STRING -> result.getString(index);
            case BOOL -> ColumnValues.read(result, index, ColumnType.BOOL);
            case TIMESTAMP -> ColumnValues.read(result, index, ColumnType.TIMESTAMP);
            case VECTOR -> ColumnValues.read(result, index, ColumnType.VECTOR);
            case JSON -> {
                String text = result.getString(index);
                yield text == null ? null : new Json(text);
            }
            case NUMBER, ANY -> {
                Object held = result.getObject(index);
                yield TaggedValues.decode(held instanceof Integer number ? (Object) number.longValue() : held);
            }
        };
    }

    private static long weight(@Nullable Object cell) {
        return switch (cell) {
            case String text -> 48 + 2L * text.length();
            case Json(String text) -> 64 + 2L * text.length();
            case float[] vector -> 24 + (long) Float.BYTES * vector.length;
            case null, default -> 24;
        };
    }

    private static InvalidInputException tooLarge(String what) {
        return new InvalidInputException(
                ErrorCode.OUT_OF_RANGE, "The answer " + what + "; select less, or set a limit", "query");
    }

    private static DeadlineExceededException late(SelectRequest statement) {
        return new DeadlineExceededException(
                "The query took longer than " + statement.timeout().toMillis() + " ms and was ended");
    }

    private AkidbException explain(SQLException failure, SelectRequest statement, BooleanSupplier isOver) {
        if (code(failure) == SQLiteErrorCode.SQLITE_INTERRUPT || isOver.getAsBoolean()) {
            return late(statement);
        }
        String mistake = mistake(failure);
        return mistake == null
                ? source.translate(failure)
                : new InvalidInputException(ErrorCode.INVALID_ARGUMENT, "The query cannot be run: " + mistake, "query");
    }

    /** SQLite's words for what is wrong with a select, without the driver's frame around them; null if it is not to blame. */
    private static @Nullable String mistake(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        if (code(failure) != SQLiteErrorCode.SQLITE_ERROR || message.contains("no such ")) {
            return null;
        }
        int open = message.indexOf('(');
        return open >= 0 && message.endsWith(")") ? message.substring(open + 1, message.length() - 1) : message;
    }

    private static void discard(@Nullable WatchedConnection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // It read only; there is nothing to lose.
                return;
            }
        }
    }

    private void keep(WatchedConnection connection) {
        idle.add(connection);
        if (closed) {
            discardIdle();
        }
    }

    private void discardIdle() {
        for (WatchedConnection connection = idle.poll(); connection != null; connection = idle.poll()) {
            discard(connection);
        }
    }

    /** Waits for the selects that run, none longer than its time, and closes. */
    @Override
    public void close() {
        closed = true;
        threads.close();
        discardIdle();
    }
}
