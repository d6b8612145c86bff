package com.akidb.collection;

import com.akidb.concurrent.Futures;
import com.akidb.engine.Table;
import com.akidb.engine.TableEngine;
import com.akidb.error.ErrorCode;
import com.akidb.error.NotFoundException;
import com.akidb.text.Names;
import com.akidb.text.Words;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Finds collections by id or name among the engine's tables. Touches no disk. */
final class CollectionDirectory {

    private final TableEngine engine;

    CollectionDirectory(TableEngine engine) {
        this.engine = engine;
    }

    /** The collection of that UUID, else of that name; NotFound if there is none. */
    Collection require(String collection) {
        return find(collection)
                .filter(CollectionTable::isCollection)
                .map(CollectionTable::collection)
                .orElseThrow(() -> notFound(collection));
    }

    List<Collection> all() {
        return engine.tables().stream()
                .filter(CollectionTable::isCollection)
                .map(CollectionTable::collection)
                .toList();
    }

    static NotFoundException notFound(String collection) {
        return new NotFoundException(
                ErrorCode.NOT_FOUND, "Collection '" + Words.shown(collection) + "' not found", "collection");
    }

    /**
     * The failure to report for one that the engine told: a table that is gone meanwhile is a collection that is gone.
     */
    static Throwable translate(Throwable failure, Collection collection) {
        Throwable cause = Futures.unwrap(failure);
        return cause instanceof NotFoundException ? notFound(collection.name()) : cause;
    }

    private Optional<Table> find(String collection) {
        return Names.isUuid(collection) ? engine.find(UUID.fromString(collection)) : engine.find(collection);
    }
}
