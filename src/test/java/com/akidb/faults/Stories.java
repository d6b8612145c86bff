package com.akidb.faults;

import com.akidb.backup.Backup;
import com.akidb.backup.BackupDirectory;
import com.akidb.backup.DatabaseCompaction;
import com.akidb.backup.Restore;
import com.akidb.engine.Alteration;
import com.akidb.engine.Fixtures;
import com.akidb.engine.Mutation;
import com.akidb.engine.OnConflict;
import com.akidb.engine.RowSelection;
import com.akidb.engine.Table;
import com.akidb.engine.embedded.EmbeddedTableEngine;
import com.akidb.engine.embedded.file.StoredDatabase;
import com.akidb.error.AkidbException;
import com.akidb.error.UnavailableException;
import com.akidb.faults.Library.Content;
import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import com.akidb.security.ApiKey;
import com.akidb.security.ApiKeys;
import com.akidb.security.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The stories that are told while calls of the file system fail. */
final class Stories {

    private static final int BOOKS = 60;
    private static final String LONG = " which is long enough to need a page of its own".repeat(60);

    private Stories() {}

    private abstract static class Counting implements Story {

        private int answered;
        private int refused;

        /** A step that changes something. */
        interface Step {
            void run();
        }

        /** Whether it was answered. */
        boolean succeeds(Step step) {
            try {
                step.run();
                answered++;
                return true;
            } catch (AkidbException e) {
                Library.requireExcuse(e);
                refused++;
                return false;
            }
        }

        @Override
        public int answered() {
            return answered;
        }

        @Override
        public int refused() {
            return refused;
        }
    }

    /** Writes of all kinds to the database, then a clean stop (which writes snapshots of indexes) or a kill. */
    static final class Writes extends Counting {

        private final boolean killed;
        private Content sure = new Content(Map.of(), Set.of());

        /** What was refused after the last answer: of that a kill may leave something, for it was on its way to the disk. */
        private final List<Content> refusedLast = new ArrayList<>();

        Writes(boolean killed) {
            this.killed = killed;
        }

        @Override
        public void prepare(Path directory) {
            sure = Library.found(directory.resolve("data"), BOOKS);
        }

        private interface Change {
            void run(EmbeddedTableEngine engine, Table table);
        }

        private void change(EmbeddedTableEngine engine, Content after, Change change) {
            Table table = Library.books(engine);
            if (succeeds(() -> change.run(engine, table))) {
                if (!after.equals(sure)) {
                    refusedLast.clear(); // What changes nothing writes nothing, and leaves open what became of them.
                }
                sure = after;
            } else {
                refusedLast.add(after);
            }
            Content found = Library.read(engine);
            if (!found.equals(sure)) {
                throw new AssertionError("while it runs (answered / found): " + sure.difference(found));
            }
        }

        private void write(
                EmbeddedTableEngine engine, Content after, java.util.function.Function<Table, Mutation> what) {
            change(engine, after, (_, table) -> Fixtures.done(engine.write(table.id(), what.apply(table))));
        }

        private void put(EmbeddedTableEngine engine, OnConflict onConflict, String text, int from, int to) {
            Map<String, String> books = new LinkedHashMap<>();
            Content after = sure;
            for (int i = from; i < to; i++) {
                books.put("k" + i, text + " " + i);
                after = after.with("k" + i, text + " " + i);
            }
            write(engine, after, table -> Library.insert(table, onConflict, books));
        }

        @Override
        public void go(Path directory) throws IOException {
            Path data = directory.resolve("data");
            EmbeddedTableEngine engine;
            try {
                engine = Library.open(data);
            } catch (AkidbException e) {
                Library.requireExcuse(e);
                return;
            }
            try {
                tell(engine);
                if (killed) {
                    Story.copy(
                            data,
                            directory
                                    .resolveSibling(directory.getFileName() + "-killed")
                                    .resolve("data"));
                }
            } finally {
                try {
                    engine.close();
                } catch (AkidbException e) {
                    Library.requireExcuse(e);
                }
            }
        }

        private void tell(EmbeddedTableEngine engine) {
            put(engine, OnConflict.ERROR, "new", BOOKS, BOOKS + 3);
            write(engine, sure.without("k1").without("k2"), table -> Library.delete("k1", "k2"));
            Content renamed = sure.with("k3", "other").with("k4", "other");
            write(
                    engine,
                    renamed,
                    table -> new Mutation.Update(
                            new RowSelection.Keys(List.of("k3", "k4")),
                            Map.of("text", "other", "vector", Library.vector("other"))));
            put(engine, OnConflict.REPLACE, "long" + LONG, 10, 20);
            change(
                    engine,
                    sure.named("column shelf", true),
                    (_, table) -> engine.alter(table.id(), Library.addShelf()));
            put(engine, OnConflict.ERROR, "more" + LONG, 100, 115);
            Content fewer = sure;
            for (String key : sure.books().keySet()) {
                fewer = sure.books().get(key).startsWith("more") ? fewer.without(key) : fewer;
            }
            write(
                    engine,
                    fewer,
                    table -> new Mutation.Delete(
                            new RowSelection.Where(new Predicate.Like(FieldPath.column("text"), "more%"))));
            change(engine, sure.named("table other", true), (_, _) -> engine.create(Fixtures.documents("other")));
            if (sure.names().contains("index tree")) {
                change(engine, sure.named("index tree", false), (_, table) -> engine.dropIndex(table.id(), "tree"));
            }
            if (sure.names().contains("column shelf")) {
                change(
                        engine,
                        sure.named("column shelf", false),
                        (_, table) -> engine.alter(table.id(), new Alteration.DropColumn("shelf")));
            }
            if (sure.names().contains("table other")) {
                change(
                        engine,
                        sure.named("table other", false),
                        (_, _) -> engine.drop(engine.find("other").orElseThrow().id()));
            }
            put(engine, OnConflict.REPLACE, "last", 30, 40);
            put(engine, OnConflict.ERROR, "last", 200, 202);
        }

        @Override
        public void judge(Path directory) {
            List<Content> allowed = new ArrayList<>(List.of(sure));
            allowed.addAll(refusedLast);
            Path copy = directory
                    .resolveSibling(directory.getFileName() + "-killed")
                    .resolve("data");
            Library.judge(Files.exists(copy) ? copy : directory.resolve("data"), allowed);
        }
    }

    /** Keys are made and revoked. */
    static final class Keys extends Counting {

        private Set<String> names = new TreeSet<>();

        private static ApiKeys keys(Path directory) {
            return new ApiKeys(directory.resolve("data"), Clock.systemUTC());
        }

        @Override
        public void prepare(Path directory) throws IOException {
            Files.createDirectories(directory.resolve("data"));
            keys(directory).create("a", Set.of(Scope.READ), null, null);
            keys(directory).create("b", Set.of(Scope.WRITE), null, null);
            names = names(directory);
        }

        private static Set<String> names(Path directory) {
            return new TreeSet<>(
                    keys(directory).list().stream().map(ApiKey::name).toList());
        }

        private void change(Path directory, Set<String> after, Step step) {
            boolean done = succeeds(step);
            Set<String> found = names(directory);
            if (!found.equals(after) && (done || !found.equals(names))) {
                throw new AssertionError("keys " + found + " instead of " + after + (done ? "" : " or " + names));
            }
            names = found;
        }

        @Override
        public void go(Path directory) {
            for (String name : List.of("c", "d")) {
                Set<String> more = new TreeSet<>(names);
                more.add(name);
                change(directory, more, () -> keys(directory).create(name, Set.of(Scope.ADMIN), null, null));
            }
            Set<String> fewer = new TreeSet<>(names);
            fewer.remove("a");
            change(directory, fewer, () -> keys(directory).revoke("a"));
        }

        @Override
        public void judge(Path directory) {
            if (!names(directory).equals(names)) {
                throw new AssertionError("keys " + names(directory) + " instead of " + names);
            }
        }
    }

    /** A backup is made. */
    static final class BackUps extends Counting {

        private Content content = new Content(Map.of(), Set.of());
        private boolean made;

        @Override
        public void prepare(Path directory) throws IOException {
            content = Library.found(directory.resolve("data"), BOOKS);
            new ApiKeys(directory.resolve("data"), Clock.systemUTC()).create("a", Set.of(Scope.READ), null, null);
        }

        private static Backup backUp(Path directory, String name) {
            return BackupDirectory.writeLocked(
                    directory.resolve("data"),
                    directory.resolve("backups").resolve(name),
                    new Backup.Contents(true, true),
                    Clock.systemUTC(),
                    step -> {});
        }

        @Override
        public void go(Path directory) {
            made = succeeds(() -> backUp(directory, "first"));
        }

        @Override
        public void judge(Path directory) {
            Library.judge(directory.resolve("data"), List.of(content));
            Path first = directory.resolve("backups").resolve("first");
            if (made || Files.exists(first)) {
                restore(first, directory.resolve("restored"));
            } else {
                backUp(directory, "first");
            }
        }

        private void restore(Path backup, Path to) {
            new Restore(backup, to, false, Clock.systemUTC(), step -> {}).run();
            Library.judge(to, List.of(content));
            if (new ApiKeys(to, Clock.systemUTC()).list().size() != 1) {
                throw new AssertionError("the backup lacks the key");
            }
        }
    }

    /** A backup replaces what is in a directory. */
    static final class Restores extends Counting {

        private Content before = new Content(Map.of(), Set.of());
        private Content after = before;
        private boolean done;

        @Override
        public void prepare(Path directory) {
            after = Library.found(directory.resolve("other"), BOOKS / 2);
            before = Library.found(directory.resolve("data"), BOOKS);
            BackupDirectory.writeLocked(
                    directory.resolve("other"),
                    directory.resolve("backup"),
                    new Backup.Contents(true, true),
                    Clock.systemUTC(),
                    step -> {});
        }

        private static void restore(Path directory) {
            new Restore(directory.resolve("backup"), directory.resolve("data"), true, Clock.systemUTC(), step -> {})
                    .run();
        }

        @Override
        public void go(Path directory) {
            done = succeeds(() -> restore(directory));
        }

        @Override
        public void judge(Path directory) {
            Path data = directory.resolve("data");
            if (done) {
                Library.judge(data, List.of(after));
                return;
            }
            try {
                StoredDatabase.requireRestored(data);
                Library.judge(data, List.of(before, after));
            } catch (UnavailableException interrupted) {
                if (!Files.exists(data.resolve(StoredDatabase.RESTORE_UNFINISHED))) {
                    throw new AssertionError("the directory cannot be opened", interrupted);
                }
            }
            restore(directory);
            Library.judge(data, List.of(after));
        }
    }

    /** A database is compacted. */
    static final class Compactions extends Counting {

        private Content content = new Content(Map.of(), Set.of());

        @Override
        public void prepare(Path directory) {
            content = Library.found(directory.resolve("data"), BOOKS);
        }

        @Override
        public void go(Path directory) {
            succeeds(() -> DatabaseCompaction.run(directory.resolve("data"), Clock.systemUTC(), step -> {}));
        }

        @Override
        public void judge(Path directory) {
            Library.judge(directory.resolve("data"), List.of(content));
        }
    }
}
