package com.akidb.engine.embedded.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQLite's words for how it runs a query, with the names that users know. */
final class PlanText {

    private static final Pattern COLUMN = Pattern.compile("\\bc(\\d+)\\b");

    private PlanText() {}

    static List<String> read(ResultSet plan, TableLayout layout, List<StoredIndex> indexes) throws SQLException {
        List<String> lines = new ArrayList<>();
        while (plan.next()) {
            lines.add(translate(plan.getString(4), layout, indexes));
        }
        return lines;
    }

    private static String translate(String detail, TableLayout layout, List<StoredIndex> indexes) {
        TableNames names = layout.names();
        String text = detail.replace(names.key(), "of the primary key");
        text = text.replaceAll("\\bunique_" + names.number() + "_(\\d+)\\b", "of unique c$1");
        for (StoredIndex index : indexes) {
            String tree = "\\b" + names.tree(index.number()) + "\\b";
            text = text.replaceAll(tree, Matcher.quoteReplacement("'" + index.name() + "'"));
        }
        text = text.replaceAll("\\b" + names.rows() + "\\b", "rows");
        return COLUMN.matcher(text).replaceAll(match -> Matcher.quoteReplacement(name(match.group(1), layout)));
    }

    private static String name(String number, TableLayout layout) {
        int position = layout.positionOf(Integer.parseInt(number));
        return position < 0 ? "c" + number : "'" + layout.column(position).name() + "'";
    }
}
