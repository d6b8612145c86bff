package com.akidb.engine.embedded.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SQLite's plan of a select in words of the product: tables, indexes and columns by the names that users gave them. What it does
 * inside another step stands behind two spaces more.
 */
public final class SelectPlan {

    private static final Pattern READ = Pattern.compile("(SCAN|SEARCH) (\\w+)(?: USING (.*?))?( LEFT-JOIN)?");
    private static final Pattern USED =
            Pattern.compile("(AUTOMATIC |PARTIAL )*(?:COVERING )?INDEX ?(\\w*) ?(\\(.*\\))?");
    private static final Pattern SORT = Pattern.compile("USE TEMP B-TREE FOR (.*)");
    private static final Pattern INNER = Pattern.compile("(REUSE )?(CORRELATED )?(?:SCALAR |LIST )SUBQUERY (\\d+)");
    private static final Pattern MADE = Pattern.compile("(CO-ROUTINE|MATERIALIZE) \\S+");

    private final Map<String, UUID> aliases;
    private final Function<UUID, Words> words;

    /** What users call the parts of a table. */
    public interface Words {

        /** The table's own name. */
        String name();

        /** A piece of a plan with the names of indexes and columns put in. */
        String named(String piece);
    }

    /** @param aliases tables by what the select calls them */
    SelectPlan(Map<String, UUID> aliases, Function<UUID, Words> words) {
        this.aliases = aliases;
        this.words = words;
    }

    /** The steps of a plan, in SQLite's order. */
    List<String> read(ResultSet steps) throws SQLException {
        List<String> lines = new ArrayList<>();
        Map<Integer, Integer> depths = new HashMap<>();
        while (steps.next()) {
            int depth = depths.getOrDefault(steps.getInt(2), -1) + 1;
            depths.put(steps.getInt(1), depth);
            lines.add("  ".repeat(depth) + step(steps.getString(4)));
        }
        return lines;
    }

    private String step(String detail) {
        Matcher read = READ.matcher(detail);
        if (read.matches()) {
            return read(read.group(1).equals("SEARCH"), read.group(2), read.group(3));
        }
        Matcher sort = SORT.matcher(detail);
        if (sort.matches()) {
            String what = sort.group(1);
            return what.equals("GROUP BY")
                    ? "sort into groups"
                    : what.contains("ORDER BY")
                            ? "sort" + (what.equals("ORDER BY") ? "" : " by what the index leaves open")
                            : "drop what is there twice";
        }
        Matcher inner = INNER.matcher(detail);
        if (inner.matches()) {
            return inner.group(1) != null
                    ? "use the inner select's rows again"
                    : inner.group(2) != null ? "for each row, the inner select" : "once, the inner select";
        }
        Matcher made = MADE.matcher(detail);
        if (made.matches()) {
            return made.group(1).equals("MATERIALIZE")
                    ? "make the rows of the inner select first"
                    : "make the rows of the inner select as they are needed";
        }
        return switch (detail) {
            case "SCAN CONSTANT ROW" -> "one row without a table";
            case "MULTI-INDEX OR" -> "each part of the or by an index";
            default -> detail.toLowerCase(Locale.ROOT).replaceAll("\\b(?:r\\d+|s\\d+)\\b", "rows");
        };
    }

    private String read(boolean search, String alias, @Nullable String using) {
        if (alias.equals("v")) {
            return "read its vector";
        }
        UUID table = aliases.get(alias);
        if (table == null) {
            return search ? "look up rows of the inner select" : "go through the rows of the inner select";
        }
        Words its = words.apply(table);
        if (using == null) {
            return "read every row of " + its.name();
        }
        Matcher used = USED.matcher(using);
        String how = !used.matches()
                ? "by its place"
                : used.group(2).isEmpty() || used.group(1) != null
                        ? "by an index made for this query"
                        : "by the index " + its.named(used.group(2));
        String sought = used.matches() && used.group(3) != null ? " " + its.named(used.group(3)) : "";
        return search
                ? "look up rows of " + its.name() + " " + how + sought
                : "read every row of " + its.name() + " " + how.replaceFirst("^by", "in the order of");
    }
}
