package com.akidb.transfer;

import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request that was written down before it was sent, so that after a lost answer it can be told whether its rows are in:
 * they are if the table has so many rows more, and are not if it has as many as before.
 *
 * @param from number of its first row in the file
 * @param to number of its last row in the file; rows between them that were refused are not in the request
 * @param rows how many it has
 * @param rowCount of the table before it
 * @param consumed how far the file was read, which is the end of the batch that the request belongs to
 * @param refused rows of the batch that the server refused before it
 */
record InFlightBatch(long from, long to, int rows, long rowCount, long consumed, List<Refusal> refused) {

    InFlightBatch {
        refused = List.copyOf(refused);
    }

    /** A row that was refused. */
    record Refusal(long number, String why) {}

    static InFlightBatch of(List<SourceRecord> rows, JsonNode table, long consumed, List<Refusal> refused) {
        return new InFlightBatch(
                rows.getFirst().number(),
                rows.getLast().number(),
                rows.size(),
                table.path("row_count").asLong(0),
                consumed,
                refused);
    }

    /** As it was written down; null if nothing was on its way. */
    static @Nullable InFlightBatch read(JsonNode kept) {
        if (kept.isMissingNode()) {
            return null;
        }
        List<Refusal> refused = new ArrayList<>();
        kept.path("refused")
                .forEach(each -> refused.add(new Refusal(
                        each.path("number").asLong(0), each.path("why").asString(""))));
        return new InFlightBatch(
                kept.path("from").asLong(0),
                kept.path("to").asLong(0),
                kept.path("rows").asInt(0),
                kept.path("row_count").asLong(0),
                kept.path("consumed").asLong(0),
                refused);
    }

    ObjectNode json() {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("from", from)
                .put("to", to)
                .put("rows", rows)
                .put("row_count", rowCount)
                .put("consumed", consumed);
        ArrayNode list = json.putArray("refused");
        refused.forEach(each -> list.addObject().put("number", each.number).put("why", each.why));
        return json;
    }

    /** Why a row of the batch was refused; null if it was not. */
    @Nullable
    String whyRefused(long number) {
        return refused.stream()
                .filter(each -> each.number == number)
                .map(Refusal::why)
                .findFirst()
                .orElse(null);
    }

    /**
     * Whether it arrived.
     *
     * @param table as it is now
     * @throws ConflictException if others brought or took rows meanwhile, so that it cannot be told
     */
    boolean isIn(JsonNode table) {
        long more = table.path("row_count").asLong(0) - rowCount;
        if (more == 0 || more == rows) {
            return more == rows;
        }
        throw new ConflictException(
                ErrorCode.CONFLICT,
                "The server was lost while lines " + from + " to " + to + " were on their way, and others brought or"
                        + " took rows since; look whether they are in, and say --in-doubt kept or --in-doubt lost");
    }
}
