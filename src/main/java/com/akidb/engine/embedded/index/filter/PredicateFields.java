package com.akidb.engine.embedded.index.filter;

import com.akidb.query.FieldPath;
import com.akidb.query.Predicate;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which fields a predicate names. */
final class PredicateFields {

    private PredicateFields() {}

    static Set<FieldPath> of(Predicate predicate) {
        Set<FieldPath> fields = new LinkedHashSet<>();
        collect(predicate, fields);
        return fields;
    }

    private static void collect(Predicate predicate, Set<FieldPath> into) {
        switch (predicate) {
            case Predicate.And and -> and.terms().forEach(term -> collect(term, into));
            case Predicate.Or or -> or.terms().forEach(term -> collect(term, into));
            case Predicate.Not not -> collect(not.term(), into);
            case Predicate.Compare compare -> into.add(compare.field());
            case Predicate.In in -> into.add(in.field());
            case Predicate.Like like -> into.add(like.field());
            case Predicate.IsNull isNull -> into.add(isNull.field());
        }
    }
}
