package com.akidb.engine.embedded.index.filter;

import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.TableDefinition;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.query.Predicate.Operator;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Time to evaluate conditions whose values are in memory but whose bits are not: {@code FilterBenchmark ROWS}. Each
 * evaluation has another constant, so that nothing is known of it.
 */
final class FilterBenchmark {

    private static final int ROUNDS = 4_000;

    private FilterBenchmark() {}

    public static void main(String[] args) {
        int rows = Integer.parseInt(args[0]);
        Random random = new Random(1);
        TableDefinition definition = new TableDefinition(
                "test",
                List.of(
                        Column.of("language", ColumnType.STRING, true),
                        Column.of("quality", ColumnType.INT, true),
                        Column.of("price", ColumnType.FLOAT, true)),
                "language",
                Map.of());
        FilterFields fields = new FilterFields(definition, List.of(0L, 1L, 2L), 1L << 30);
        for (Column column : definition.columns()) {
            fields.register(FieldPath.column(column.name()), rows).ready(1);
        }
        for (int ordinal = 0; ordinal < rows; ordinal++) {
            fields.append(
                    ordinal,
                    -1,
                    List.of("language-" + random.nextInt(12), (long) random.nextInt(1_000_000), random.nextDouble()),
                    definition,
                    1,
                    Instant.EPOCH);
        }
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
        measure(out, fields, rows, "integer >= and string =", i -> {
            List<Predicate> both = new ArrayList<>();
            both.add(compare("quality", Operator.GREATER_OR_EQUAL, (long) (i * 100)));
            both.add(compare("language", Operator.EQUAL, "language-" + i % 12));
            return new Predicate.And(both);
        });
        measure(
                out,
                fields,
                rows,
                "float < and string in",
                i -> new Predicate.And(List.of(
                        compare("price", Operator.LESS, i / (double) ROUNDS),
                        new Predicate.In(FieldPath.column("language"), List.of("language-1", "language-" + i % 12)))));
        measure(
                out,
                fields,
                rows,
                "float < and string like",
                i -> new Predicate.And(List.of(
                        compare("price", Operator.LESS, i / (double) ROUNDS),
                        new Predicate.Like(FieldPath.column("language"), "%-" + i % 12))));
        measure(
                out,
                fields,
                rows,
                "integer >= or float <",
                i -> new Predicate.Or(List.of(
                        compare("quality", Operator.GREATER_OR_EQUAL, (long) (i * 100)),
                        compare("price", Operator.LESS, i / (double) ROUNDS))));
    }

    private static Predicate compare(String column, Operator operator, Object value) {
        return new Predicate.Compare(FieldPath.column(column), operator, value);
    }

    private interface Conditions {
        Predicate at(int round);
    }

    private static void measure(PrintStream out, FilterFields fields, int rows, String name, Conditions conditions) {
        long[] nanos = new long[ROUNDS];
        long passing = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Predicate predicate = conditions.at(i);
            long start = System.nanoTime();
            long[] bits = Objects.requireNonNull(fields.bits(predicate, rows));
            nanos[i] = System.nanoTime() - start;
            passing += Arrays.stream(bits).map(Long::bitCount).sum();
        }
        long[] last = Arrays.copyOfRange(nanos, ROUNDS / 2, ROUNDS);
        Arrays.sort(last);
        out.printf(
                "%-24s %,d rows  p50 %.3f ms  p95 %.3f ms  (%.1f %% pass)%n",
                name,
                rows,
                last[last.length / 2] / 1e6,
                last[(int) (last.length * 0.95)] / 1e6,
                100.0 * passing / ROUNDS / rows);
    }
}
