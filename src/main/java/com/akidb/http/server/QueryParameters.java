package com.akidb.http.server;

import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.http.json.Fields;
import java.util.List;
import java.util.Map;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** The parameters of a request's query, each of them known and there at most once. */
public record QueryParameters(Map<String, List<String>> values) {

    static QueryParameters of(ServerHttpRequest request, String... known) {
        Map<String, List<String>> values = request.getQueryParams();
        if (values.isEmpty()) {
            return new QueryParameters(values);
        }
        Fields fields = Fields.of(known);
        values.forEach((name, all) -> {
            if (fields.find(name) < 0) {
                throw new InvalidInputException(ErrorCode.UNKNOWN_FIELD, fields.unknown("query parameter", name), name);
            }
            if (all.size() > 1) {
                throw new InvalidInputException(
                        ErrorCode.INVALID_ARGUMENT, "Query parameter " + name + " occurs more than once", name);
            }
        });
        return new QueryParameters(values);
    }

    public String text(String name, String fallback) {
        List<String> all = values.get(name);
        return all == null || all.isEmpty() || all.getFirst() == null ? fallback : all.getFirst();
    }

    public boolean flag(String name) {
        return switch (text(name, "false")) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new InvalidInputException(
                        ErrorCode.WRONG_TYPE, "Query parameter " + name + " must be true or false", name);
        };
    }

    public int integer(String name, int fallback, int least, int most) {
        String text = text(name, Integer.toString(fallback));
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            if (!text.matches("[+-]?\\d+")) {
                throw new InvalidInputException(
                        ErrorCode.WRONG_TYPE, "Query parameter " + name + " must be an integer", name);
            }
        }
        throw new InvalidInputException(
                ErrorCode.OUT_OF_RANGE, "Query parameter " + name + " must be between " + least + " and " + most, name);
    }
}
