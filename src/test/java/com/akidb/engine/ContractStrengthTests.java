package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.query.Expression;
import com.akidb.query.Predicate;
import com.akidb.query.Select;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contracts of engines can fail: each is run over engines that are wrong on purpose, and must notice. */
class ContractStrengthTests {

    /** The contracts, each over engines that a supplier opens. */
    private static final Map<String, Function<Supplier<TableEngine>, TableEngineContract>> CONTRACTS = Map.ofEntries(
            Map.entry("Definition", engines -> new DefinitionContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Row", engines -> new RowContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Nearest", engines -> new NearestContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Update", engines -> new UpdateContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Alteration", engines -> new AlterationContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("PinnedColumns", engines -> new PinnedColumnsContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Select", engines -> new SelectContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Query", engines -> new QueryContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Cell", engines -> new CellContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Index", engines -> new IndexContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Capability", engines -> new CapabilityContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Changes", engines -> new ChangesContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Commit", engines -> new CommitContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }

                @Override
                protected Duration patience() {
                    return Duration.ofSeconds(2);
                }
            }),
            Map.entry("Once", engines -> new OnceContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Note", engines -> new NoteContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("Within", engines -> new WithinContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }),
            Map.entry("SeveralWrites", engines -> new SeveralWritesContract() {
                @Override
                protected TableEngine open() {
                    return engines.get();
                }
            }));

    /** What a wrong engine does when a method is called, with an engine that is right at hand. */
    private interface Fault {
        /** @param right an engine, or a reader of one, that is right */
        @Nullable
        Object apply(Object right, @Nullable Object[] given);
    }

    private static <T> T wrong(Class<T> type, T right, Function<Method, @Nullable Fault> faults) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, given) -> {
            Fault fault = faults.apply(method);
            @Nullable Object[] arguments = given == null ? new @Nullable Object[0] : given;
            try {
                Object answer = fault == null ? method.invoke(right, arguments) : fault.apply(right, arguments);
                return answer instanceof TableReader reader ? wrong(TableReader.class, reader, faults) : answer;
            } catch (InvocationTargetException e) {
                throw Objects.requireNonNull(e.getCause());
            }
        }));
    }

    /** The tests of a contract that fail over an engine; at most so many are looked for. */
    private static List<String> failing(String contract, Function<Method, @Nullable Fault> faults, long most) {
        return tests(contract)
                .filter(test -> fails(contract, test, faults))
                .limit(most)
                .map(Method::getName)
                .toList();
    }

    private static Stream<Method> tests(String contract) {
        Class<?> type = make(contract, ReferenceEngine::new).getClass().getSuperclass();
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class));
    }

    private static TableEngineContract make(String contract, Supplier<TableEngine> engines) {
        return Objects.requireNonNull(CONTRACTS.get(contract)).apply(engines);
    }

    private static boolean fails(String contract, Method test, Function<Method, @Nullable Fault> faults) {
        Object[] values =
                test.getParameterCount() == 0 ? new Object[] {""} : test.getParameterTypes()[0].getEnumConstants();
        for (Object value : values) {
            ReferenceEngine.Disk disk = new ReferenceEngine.Disk();
            TableEngineContract subject =
                    make(contract, () -> wrong(TableEngine.class, new ReferenceEngine(disk), faults));
            try {
                subject.openEngine();
                test.setAccessible(true);
                test.invoke(subject, (Object[]) (test.getParameterCount() == 0 ? new Object[0] : new Object[] {value}));
            } catch (InvocationTargetException | RuntimeException | AssertionError noticed) {
                return true;
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            } finally {
                subject.closeEngine();
            }
        }
        return false;
    }

    /** What an engine would answer that had nothing to say. */
    private static @Nullable Object empty(Method method) {
        Class<?> type = method.getReturnType();
        if (type == CompletableFuture.class) {
            Object of = ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments()[0];
            return CompletableFuture.completedFuture(
                    of == WriteResult.class
                            ? new WriteResult(0, 0, 0, 0, 0, 0)
                            : of == SearchResult.class ? new SearchResult(List.of(), null) : List.of());
        }
        Map<Class<?>, Object> empty = Map.ofEntries(
                Map.entry(boolean.class, false),
                Map.entry(long.class, 0L),
                Map.entry(List.class, List.of()),
                Map.entry(Set.class, Set.of()),
                Map.entry(Changes.class, new Changes.Page(List.of(), new Changes.Place(0, 0, 0), false)),
                Map.entry(CommitListener.Registration.class, (CommitListener.Registration) () -> {}),
                Map.entry(Optional.class, Optional.empty()),
                Map.entry(RowPage.class, new RowPage(List.of(), null)),
                Map.entry(QueryPage.class, new QueryPage(List.of(), List.of(), null)),
                Map.entry(CellCounts.class, new CellCounts(0, 0, 0, 0)),
                Map.entry(SearchResult.class, new SearchResult(List.of(), null)),
                Map.entry(
                        Table.class,
                        new Table(UUID.randomUUID(), Fixtures.documents("nothing"), 0, Instant.EPOCH, 0, 0)));
        return method.getName().equals("searchCached") ? null : empty.get(type);
    }

    static Stream<String> contracts() {
        return CONTRACTS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void passOverTheReferenceEngine(String contract) {
        assertThat(failing(contract, _ -> null, 1)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void noTestPassesOverAnEngineThatHasNothingToSay(String contract) {
        List<String> all = tests(contract).map(Method::getName).toList();
        assertThat(failing(contract, method -> isClose(method) ? null : (_, _) -> empty(method), Long.MAX_VALUE))
                .containsExactlyInAnyOrderElementsOf(all);
    }

    private static boolean isClose(Method method) {
        return method.getName().equals("close");
    }

    /** Which contract is about a method. */
    private static final Map<String, String> SUBJECTS = Map.ofEntries(
            Map.entry("create", "Definition"),
            Map.entry("tables", "Definition"),
            Map.entry("find", "Definition"),
            Map.entry("drop", "Definition"),
            Map.entry("version", "Definition"),
            Map.entry("close", "Definition"),
            Map.entry("alter", "Alteration"),
            Map.entry("reader", "Row"),
            Map.entry("write", "SeveralWrites"),
            Map.entry("receipt", "Once"),
            Map.entry("snapshot", "Note"),
            Map.entry("history", "Note"),
            Map.entry("includes", "Note"),
            Map.entry("notes", "Note"),
            Map.entry("now", "Note"),
            Map.entry("capabilities", "Capability"),
            Map.entry("changes", "Changes"),
            Map.entry("onCommit", "Commit"),
            Map.entry("get", "Row"),
            Map.entry("list", "Row"),
            Map.entry("search", "Nearest"),
            Map.entry("searchCached", "Nearest"),
            Map.entry("query", "Query"),
            Map.entry("count", "Query"),
            Map.entry("groups", "Query"),
            Map.entry("explain", "Query"),
            Map.entry("rows", "Index"),
            Map.entry("searchText", "Index"),
            Map.entry("createIndex", "Index"),
            Map.entry("dropIndex", "Index"),
            Map.entry("rebuildIndex", "Index"),
            Map.entry("indexes", "Index"),
            Map.entry("countCells", "Cell"),
            Map.entry("cells", "Cell"));

    /** Whose right answer is nothing, as long as an engine does not stand still or if it has no file. */
    private static final Set<String> RIGHTLY_NOTHING = Set.of("standstill", "space", "compact");

    static Stream<Method> methods() {
        return Stream.of(TableEngine.class, TableReader.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !RIGHTLY_NOTHING.contains(method.getName()));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void noticeAMethodThatAnswersNothing(Method method) {
        String contract = Objects.requireNonNull(subject(method), () -> "a contract about " + method.getName());
        assertThat(failing(contract, called -> called.equals(method) ? (_, _) -> empty(method) : null, 1))
                .hasSize(1);
    }

    private static @Nullable String subject(Method method) {
        if (method.getParameterCount() > 0 && method.getParameterTypes()[0] == Table.class) {
            return "PinnedColumns";
        }
        if (List.of(method.getParameterTypes()).contains(SelectRequest.class)) {
            return "Select";
        }
        return List.of(method.getParameterTypes()).contains(Kept.class) ? "Once" : SUBJECTS.get(method.getName());
    }

    /** An engine that is wrong in one respect, and the contract that must see it. */
    private record Wrong(String how, String contract, String method, List<Class<?>> parameters, Fault fault) {
        @Override
        public String toString() {
            return how;
        }
    }

    static Stream<Wrong> wrongs() {
        List<Wrong> wrongs = new ArrayList<>();
        wrongs.add(search("filters are passed over", search -> with(search, null, search.threshold())));
        wrongs.add(search("thresholds are passed over", search -> with(search, search.filter(), null)));
        wrongs.add(search(
                "metrics are passed over",
                search -> new VectorSearch(
                        search.column(),
                        search.vector(),
                        search.k(),
                        search.filter(),
                        search.threshold(),
                        search.includeVectors(),
                        search.explain())));
        wrongs.add(search(
                "one row too few is found",
                search -> new VectorSearch(
                        search.column(),
                        search.vector(),
                        Math.max(1, search.k() - 1),
                        search.filter(),
                        search.threshold(),
                        search.includeVectors(),
                        search.explain(),
                        search.options())));
        wrongs.add(new Wrong(
                "the worst rows come first", "Nearest", "search", List.of(VectorSearch.class), (right, given) -> {
                    SearchResult found = ((TableReader) right).search((VectorSearch) given[0]);
                    return new SearchResult(found.hits().reversed(), found.explanation());
                }));
        wrongs.add(new Wrong(
                "conditions are passed over",
                "Query",
                "count",
                List.of(Predicate.class),
                (right, _) -> ((TableReader) right).count(null)));
        wrongs.add(new Wrong(
                "readers read on when the columns are others",
                "PinnedColumns",
                "reader",
                List.of(Table.class),
                (right, given) -> ((TableEngine) right).reader(((Table) given[0]).id())));
        wrongs.add(new Wrong(
                "writes are applied when the columns are others",
                "PinnedColumns",
                "write",
                List.of(Table.class, Mutation.class),
                (right, given) -> ((TableEngine) right).write(((Table) given[0]).id(), (Mutation) given[1])));
        wrongs.add(new Wrong(
                "bounds of writes are passed over",
                "Within",
                "write",
                List.of(TableMutation.class, Kept.class),
                (right, given) -> {
                    TableMutation write = (TableMutation) Objects.requireNonNull(given[0]);
                    return ((TableEngine) right)
                            .write(new TableMutation(write.table(), write.mutation(), write.columnsVersion()), (Kept)
                                    given[1]);
                }));
        wrongs.add(new Wrong(
                "columns of one name are taken for one another",
                "PinnedColumns",
                "reader",
                List.of(Table.class),
                (right, given) -> likeByNames((TableEngine) right, (Table) given[0])));
        wrongs.add(select(
                "orders of selects are passed over",
                select -> with(select, select.where(), List.of(), select.limit())));
        wrongs.add(select(
                "limits of selects are passed over", select -> with(select, select.where(), select.orders(), -1)));
        wrongs.add(select(
                "conditions of selects are passed over",
                select -> with(select, null, select.orders(), select.limit())));
        wrongs.add(new Wrong(
                "selects go on when the columns are others",
                "Select",
                "select",
                List.of(SelectRequest.class),
                (right, given) ->
                        ((TableEngine) right).select(with((SelectRequest) given[0], select -> select, false))));
        wrongs.add(query(
                "orders are passed over",
                query -> new RowQuery(
                        query.where(),
                        List.of(),
                        null,
                        query.offset(),
                        query.limit(),
                        query.mostBytes(),
                        query.includeVectors())));
        wrongs.add(query(
                "offsets are passed over",
                query -> new RowQuery(
                        query.where(),
                        query.order(),
                        query.after(),
                        0,
                        query.limit(),
                        query.mostBytes(),
                        query.includeVectors())));
        wrongs.add(query(
                "places are passed over",
                query -> new RowQuery(
                        query.where(),
                        query.order(),
                        null,
                        query.offset(),
                        query.limit(),
                        query.mostBytes(),
                        query.includeVectors())));
        wrongs.add(new Wrong(
                "vectors come unasked",
                "Row",
                "get",
                List.of(String.class, boolean.class),
                (right, given) -> ((TableReader) right).get((String) given[0], true)));
        wrongs.add(write(
                "conflicts are passed over",
                "Row",
                mutation -> mutation instanceof Mutation.Insert insert
                        ? new Mutation.Insert(insert.rows(), OnConflict.IGNORE)
                        : mutation));
        wrongs.add(write(
                "later rows do not win",
                "Row",
                mutation -> mutation instanceof Mutation.Insert insert
                        ? new Mutation.Insert(insert.rows().reversed(), insert.onConflict())
                        : mutation));
        wrongs.add(write(
                "conditions of deletes are passed over",
                "Update",
                mutation ->
                        mutation instanceof Mutation.Delete ? new Mutation.Delete(new RowSelection.All()) : mutation));
        return wrongs.stream();
    }

    /** As an engine reads that only compares what columns look like. */
    private static TableReader likeByNames(TableEngine right, Table table) {
        boolean alike = right.find(table.id())
                .filter(now ->
                        now.definition().columns().equals(table.definition().columns()))
                .isPresent();
        return alike ? right.reader(table.id()) : right.reader(table);
    }

    private static Wrong search(String how, Function<VectorSearch, VectorSearch> change) {
        return new Wrong(
                how,
                "Nearest",
                "search",
                List.of(VectorSearch.class),
                (right, given) -> ((TableReader) right).search(change.apply((VectorSearch) given[0])));
    }

    private static VectorSearch with(VectorSearch search, @Nullable Predicate filter, @Nullable Float threshold) {
        return new VectorSearch(
                search.column(),
                search.vector(),
                search.k(),
                filter,
                threshold,
                search.includeVectors(),
                search.explain(),
                search.options());
    }

    private static Wrong select(String how, UnaryOperator<Select> change) {
        return new Wrong(
                how,
                "Select",
                "select",
                List.of(SelectRequest.class),
                (right, given) -> ((TableEngine) right).select(with((SelectRequest) given[0], change, true)));
    }

    private static SelectRequest with(SelectRequest request, UnaryOperator<Select> change, boolean pinned) {
        return new SelectRequest(
                change.apply(request.select()),
                pinned ? request.tables() : List.of(),
                request.vectors(),
                request.maxRows(),
                request.maxBytes(),
                request.timeout(),
                request.cancelled());
    }

    private static Select with(Select select, @Nullable Expression where, List<Select.Order> orders, long limit) {
        return new Select(
                select.distinct(),
                select.items(),
                select.from(),
                where,
                select.groups(),
                select.having(),
                orders,
                limit,
                select.offset());
    }

    private static Wrong query(String how, Function<RowQuery, RowQuery> change) {
        return new Wrong(
                how,
                "Query",
                "query",
                List.of(RowQuery.class),
                (right, given) -> ((TableReader) right).query(change.apply((RowQuery) given[0])));
    }

    private static Wrong write(String how, String contract, Function<Mutation, Mutation> change) {
        return new Wrong(
                how,
                contract,
                "write",
                List.of(UUID.class, Mutation.class),
                (right, given) -> ((TableEngine) right).write((UUID) given[0], change.apply((Mutation) given[1])));
    }

    @ParameterizedTest
    @MethodSource("wrongs")
    void noticeAnEngineThatIsNearlyRight(Wrong wrong) {
        List<String> noticed = failing(
                wrong.contract,
                called -> called.getName().equals(wrong.method)
                                && wrong.parameters.equals(List.of(called.getParameterTypes()))
                        ? wrong.fault
                        : null,
                1);
        assertThat(noticed).hasSize(1);
    }
}
