package com.akidb.query;

import java.util.List;

/**
 * A condition on a row. Values are String, Long, Double, Boolean or {@link java.time.Instant}, never null. As in SQL, a
 * comparison with an absent value or with one of another kind is not true; unlike SQL, {@code Not} is plain negation
 * only over the leaves {@code =} and {@code in}: {@code !=}, {@code not in} and {@code Not} let no absent value pass,
 * but do let one of another kind pass. An order or a pattern against another kind is unknown, and so is its negation. A
 * JSON array or object is a value of a kind of its own that equals nothing; paths do not lead into arrays.
 * Int and float compare with one another by number; strings by code point; bool only for equality.
 */
public sealed interface Predicate {

    /** All hold; true if empty. */
    record And(List<Predicate> terms) implements Predicate {
        public And {
            terms = List.copyOf(terms);
        }
    }

    /** At least one holds; false if empty. */
    record Or(List<Predicate> terms) implements Predicate {
        public Or {
            terms = List.copyOf(terms);
        }
    }

    /** The term is false (and not unknown). */
    record Not(Predicate term) implements Predicate {}

    /** Compares a value with a constant. */
    record Compare(FieldPath field, Operator operator, Object value) implements Predicate {}

    /** The value is one of these. */
    record In(FieldPath field, List<Object> values) implements Predicate {
        public In {
            values = List.copyOf(values);
        }
    }

    /** SQL's LIKE: {@code %} any run, {@code _} any one code point; case matters; escape is a backslash. */
    record Like(FieldPath field, String pattern) implements Predicate {}

    /**
     * The value is a JSON array that has an element equal to one of these, or one to each. A value that is no array contains
     * nothing: it is false.
     */
    record Contains(FieldPath field, Quantifier quantifier, List<Object> values) implements Predicate {
        public Contains {
            values = List.copyOf(values);
        }
    }

    /** The value is absent or JSON null. */
    record IsNull(FieldPath field) implements Predicate {}

    /** How many of several values an array must have. */
    enum Quantifier {
        ANY,
        ALL
    }

    /** The comparisons. */
    enum Operator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }
}
