package com.akidb.query;

/** Says which value of a row a name in a filter stands for. */
@FunctionalInterface
public interface FieldResolver {

    /**
     * The place of that value.
     *
     * @param name as the user wrote it, never empty
     * @param field the request field to blame, such as {@code filter[2].column}
     * @throws com.akidb.error.InvalidInputException if rows have nothing of that name
     */
    FieldPath resolve(String name, String field);

    /**
     * Whether values of that place can be JSON arrays; by default they can.
     *
     * @param place as {@link #resolve} gave it
     */
    default boolean holdsArrays(FieldPath place) {
        return true;
    }

    /**
     * The constant that a value of that place is compared with; by default what the user wrote.
     *
     * @param place as {@link #resolve} gave it
     * @param value a String, Long, Double or Boolean
     * @param field the request field to blame, such as {@code filter[2].value}
     * @return the constant as a {@link Predicate} holds it, such as an Instant for a point in time that was written as text
     * @throws com.akidb.error.InvalidInputException if values of that place are never of its kind
     */
    default Object constant(FieldPath place, Object value, String field) {
        return value;
    }
}
