package com.akidb.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was written, before anyone looked what its names mean. {@code at} is where it begins in the text, in UTF-16 units.
 */
sealed interface Syntax {

    int at();

    /** A dotted name; a part that was quoted may hold anything. */
    record Name(int at, List<Part> parts) implements Syntax {

        record Part(String text, boolean quoted) {}

        /**
         * The parts from one on as one dotted name, in which a dot of a quoted part belongs to a key. A name that is one
         * quoted part is taken as it is, dots and all.
         */
        String dotted(int from) {
            if (parts.size() == from + 1) {
                return parts.getLast().text();
            }
            StringBuilder dotted = new StringBuilder();
            for (Part part : parts.subList(from, parts.size())) {
                dotted.append(dotted.isEmpty() ? "" : ".").append(part.quoted() ? escaped(part.text()) : part.text());
            }
            return dotted.toString();
        }

        private static String escaped(String part) {
            StringBuilder escaped = new StringBuilder();
            for (int i = 0; i < part.length(); i++) {
                char unit = part.charAt(i);
                if (unit == '\\' && i + 1 < part.length()) {
                    escaped.append(unit).append(part.charAt(++i));
                } else {
                    escaped.append(unit == '.' ? "\\." : unit);
                }
            }
            return escaped.toString();
        }
    }

    /** A string, Long, Double, Boolean or null that stands in the text. */
    record Literal(int at, @Nullable Object value) implements Syntax {}

    /** A {@code ?}, the how manyeth from 0. */
    record Param(int at, int index) implements Syntax {}

    /** {@code - + not}. */
    record Unary(int at, String operator, Syntax operand) implements Syntax {}

    /** {@code + - * / % ||} and comparisons. */
    record Binary(int at, String operator, int operatorAt, Syntax left, Syntax right) implements Syntax {}

    /** {@code and} or {@code or} of at least two. */
    record Chain(int at, boolean all, List<Syntax> terms) implements Syntax {}

    /** @param choices a {@link Row}, or a {@link Subselect} */
    record In(int at, Syntax value, boolean not, Syntax choices) implements Syntax {}

    /** @param plain whether it is {@code like} and has no {@code escape} */
    record Like(int at, Syntax value, boolean not, Syntax pattern, boolean plain) implements Syntax {}

    record Between(int at, Syntax value, boolean not, Syntax low, Syntax high) implements Syntax {}

    record IsNull(int at, Syntax value, boolean not) implements Syntax {}

    /** {@code contains}, {@code contains any} and {@code contains all}; {@code quantifier} is empty for the first. */
    record Contains(int at, Syntax value, boolean not, String quantifier, Syntax wanted) implements Syntax {}

    /** Several in parentheses, or none. */
    record Row(int at, List<Syntax> items) implements Syntax {}

    /** @param star whether the arguments are a star */
    record Call(int at, String name, boolean distinct, boolean star, List<Syntax> arguments) implements Syntax {}

    record Case(
            int at,
            @Nullable Syntax operand,
            List<When> whens,
            @Nullable Syntax otherwise) implements Syntax {

        record When(Syntax condition, Syntax result) {}
    }

    /** @param type in lower case */
    record Cast(int at, Syntax value, String type) implements Syntax {}

    record Subselect(int at, SelectSyntax select) implements Syntax {}

    record Exists(int at, SelectSyntax select) implements Syntax {}

    /** What has a form of SQL that nothing here knows. */
    record Unknown(int at) implements Syntax {}

    /** A select, clause by clause. */
    record SelectSyntax(
            int at,
            boolean distinct,
            List<Item> items,
            List<From> from,
            @Nullable Syntax where,
            List<Syntax> groups,
            @Nullable Syntax having,
            List<Order> orders,
            @Nullable Syntax limit,
            @Nullable Syntax offset) {

        /**
         * A column of the answer, or a star.
         *
         * @param value null for a star
         * @param starOf the table whose columns a star means; null for all
         * @param text as written
         */
        record Item(
                int at,
                @Nullable Syntax value,
                @Nullable String starOf,
                @Nullable String alias,
                String text) {}

        enum JoinKind {
            FIRST,
            INNER,
            LEFT,
            CROSS
        }

        /**
         * A table or a select in parentheses.
         *
         * @param table null if it is a select
         */
        record From(
                int at,
                JoinKind kind,
                @Nullable String table,
                @Nullable SelectSyntax select,
                @Nullable String alias,
                @Nullable Syntax on) {}

        /** @param nullsFirst null if nothing is said */
        record Order(
                Syntax value, boolean descending, @Nullable Boolean nullsFirst) {}
    }
}
