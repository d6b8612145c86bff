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
}
