package com.akidb.engine.embedded;

import com.akidb.error.NotFoundException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The tables that are open. Any thread reads, without waiting; one at a time changes. */
final class OpenTables {

    private volatile Snapshot now = new Snapshot(Map.of(), Map.of());

    /** Never changed once it is published. */
    private record Snapshot(Map<UUID, OpenTable> byId, Map<String, OpenTable> byName) {}

    /** In the order of their creation. */
    Collection<OpenTable> all() {
        return Collections.unmodifiableCollection(now.byId().values());
    }

    /** The table of that id. */
    Optional<OpenTable> find(UUID id) {
        return Optional.ofNullable(now.byId().get(id));
    }

    /** The table of that name. */
    Optional<OpenTable> find(String name) {
        return Optional.ofNullable(now.byName().get(name));
    }

    /**
     * The table of that id.
     *
     * @throws NotFoundException if there is none
     */
    OpenTable get(UUID id) {
        return find(id).orElseThrow(() -> noTable(id));
    }

    static NotFoundException noTable(UUID id) {
        return new NotFoundException("There is no table " + id);
    }

    void add(OpenTable table) {
        change(tables -> tables.put(table.record().id(), table));
    }

    void remove(OpenTable table) {
        change(tables -> tables.remove(table.record().id()));
    }

    /** Looks at the names again: a table has another one. */
    void renamed() {
        change(_ -> {});
    }

    private synchronized void change(Consumer<Map<UUID, OpenTable>> change) {
        Map<UUID, OpenTable> byId = new LinkedHashMap<>(now.byId());
        change.accept(byId);
        Map<String, OpenTable> byName = new HashMap<>();
        byId.values().forEach(table -> byName.put(table.record().definition().name(), table));
        now = new Snapshot(byId, byName);
    }
}
