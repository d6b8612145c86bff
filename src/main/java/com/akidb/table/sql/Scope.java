package com.akidb.table.sql;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import com.akidb.text.Words;
import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.parser.Token;
import net.sf.jsqlparser.schema.Column;
import org.jspecify.annotations.Nullable;

/** The sources that names in a select can mean, and those of the selects around it. */
final class Scope {

    private final @Nullable Scope outer;
    private final List<Source> sources = new ArrayList<>();

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    /**
     * A column that a name means.
     *
     * @param path keys into a JSON column; empty for the column itself
     */
    record Found(Source source, int position, List<String> path) {

        Source.Output column() {
            return source.columns().get(position);
        }

        Kind kind() {
            return path.isEmpty() ? column().kind() : Kind.INSIDE_JSON;
        }
    }

    List<Source> sources() {
        return sources;
    }

    void add(Source source) {
        if (sources.stream().anyMatch(other -> other.isCalled(source.alias()))) {
            throw Refusals.refused("has two tables called " + Refusals.shown(source.alias()) + "; give one an alias");
        }
        sources.add(source);
    }

    Found resolve(Column column) {
        List<String> names = names(column);
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Found found = scope.find(names);
            if (found != null) {
                if (!found.path().isEmpty() && found.column().kind() != Kind.JSON) {
                    throw Refusals.refused(column, "is no JSON column, so nothing lies inside it");
                }
                return found;
            }
        }
        List<String> known = sources.stream()
                .flatMap(source -> source.columns().stream())
                .map(Source.Output::name)
                .toList();
        String name = names.getLast();
        throw new InvalidInputException(
                ErrorCode.UNKNOWN_COLUMN,
                "query: there is no column " + Refusals.shown(String.join(".", names)) + "; there are "
                        + String.join(", ", known.subList(0, Math.min(20, known.size())))
                        + Suggestion.hint(name, known),
                Refusals.QUERY);
    }

    private @Nullable Found find(List<String> names) {
        if (names.size() > 1) {
            for (Source source : sources) {
                int position = source.isCalled(names.getFirst()) ? source.find(names.get(1)) : -1;
                if (position >= 0) {
                    return new Found(source, position, names.subList(2, names.size()));
                }
            }
        }
        Found found = null;
        for (Source source : sources) {
            int position = source.find(names.getFirst());
            if (position >= 0 && found != null) {
                throw Refusals.refused("has " + Refusals.shown(names.getFirst())
                        + ", which is a column of several tables; put the table's name before it");
            }
            if (position >= 0) {
                found = new Found(source, position, names.subList(1, names.size()));
            }
        }
        return found;
    }

    /** The parts of a dotted name, without quotes. */
    static List<String> names(Column column) {
        if (column.getASTNode() == null) {
            throw Refusals.refused(column, "is not allowed here");
        }
        List<String> names = new ArrayList<>();
        Token last = column.getASTNode().jjtGetLastToken();
        boolean name = true;
        for (Token token = column.getASTNode().jjtGetFirstToken(); ; token = token.next) {
            if (name == token.image.equals(".")) {
                throw Refusals.at(token.absoluteBegin, "has a name that is not allowed here");
            }
            if (name) {
                names.add(Words.unquoted(token.image));
            }
            name = !name;
            if (token == last || token.next == null) {
                return names;
            }
        }
    }
}
