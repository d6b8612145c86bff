package com.akidb.query;

import com.akidb.error.ErrorCode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the conditions of a filter that hold constants, however the filter was written. */
final class FilterLeaves {

    private final FieldResolver fields;

    FilterLeaves(FieldResolver fields) {
        this.fields = fields;
    }

    Predicate compare(FieldPath field, Predicate.Operator operator, Object value, Place place) {
        Object constant = constant(field, value, place);
        boolean ordered = operator != Predicate.Operator.EQUAL && operator != Predicate.Operator.NOT_EQUAL;
        if (ordered && constant instanceof Boolean) {
            throw place.invalid(
                    ErrorCode.WRONG_TYPE, "must be a string or a number; true and false compare by = and != only");
        }
        return new Predicate.Compare(field, operator, constant);
    }

    Predicate like(FieldPath field, @Nullable Object value, Place place) {
        String pattern = FilterValues.pattern(value, place);
        if (constant(field, pattern, place) instanceof String) {
            return new Predicate.Like(field, pattern);
        }
        throw place.invalid(ErrorCode.WRONG_TYPE, "cannot be used with 'like', since '" + field + "' holds no strings");
    }

    Predicate contains(FieldPath field, Predicate.Quantifier quantifier, List<Object> elements, Place place) {
        if (!fields.holdsArrays(field)) {
            throw place.invalid(
                    ErrorCode.WRONG_TYPE, "cannot be used with 'contains', since '" + field + "' holds no arrays");
        }
        return new Predicate.Contains(field, quantifier, elements);
    }

    /** What a value of that field is compared with. */
    Object constant(FieldPath field, Object value, Place place) {
        return value instanceof Instant ? value : fields.constant(field, value, place.field());
    }
}
