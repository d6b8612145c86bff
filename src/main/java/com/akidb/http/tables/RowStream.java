package com.akidb.http.tables;

import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Call;
import com.akidb.http.server.LineStream;
import com.akidb.table.Projection.TableRow;
import com.akidb.table.RowService;
import com.akidb.table.RowService.TablePage;
import com.akidb.table.RowService.TableQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * Streams rows, one per line, reading page by page away from the event loop as the client takes them. The first page is read before
 * anything is sent, so that a wrong query is refused as usual. Each page is as of one commit, not all as of the same.
 */
public final class RowStream {

    private static final int PAGE = 500;

    private final RowService service;
    private final TableQuery query;
    private final RowJson writer;
    private final Call call;
    private long left;

    /** Where the next page begins. Pages are read one after the other, so it is never accessed by two threads at once. */
    private @Nullable String next;

    /** @param limit most rows; null for all */
    public RowStream(RowService service, TableQuery query, @Nullable Integer limit, RowJson writer, Call call) {
        this.service = service;
        this.query = query;
        this.writer = writer;
        this.call = call;
        this.left = limit == null ? Long.MAX_VALUE : limit;
    }

    /** A page, rendered. */
    public record Part(List<byte[]> pieces, @Nullable String next) {}

    /** The rows of a page that has been read already. */
    static LineStream of(TablePage page, RowJson writer, Duration stall) {
        return new LineStream(Flux.fromIterable(render(page.rows(), writer)), stall);
    }

    public Part first() {
        return read(query.cursor());
    }

    private Part next(String cursor) {
        call.memory().reuse(); // The page before has been written.
        return call.memory().during(() -> read(cursor));
    }

    private Part read(@Nullable String cursor) {
        TablePage page = service.query(query.from(cursor, (int) Math.min(PAGE, left)));
        left -= page.rows().size();
        return new Part(render(page.rows(), writer), left > 0 ? page.nextCursor() : null);
    }

    public LineStream reply(Part first, Duration stall) {
        next = first.next;
        Flux<Part> others = Flux.generate((SynchronousSink<String> sink) -> {
                    String place = next;
                    if (place == null) {
                        sink.complete();
                    } else {
                        sink.next(place);
                    }
                })
                .concatMap(cursor -> Mono.fromFuture(() -> call.offload().supply(() -> next(cursor))), 0)
                .doOnNext(part -> next = part.next);
        return new LineStream(Flux.just(first).concatWith(others).concatMapIterable(Part::pieces, 1), stall);
    }

    /** Lines in pieces of about {@link LineStream#PIECE} bytes, so that a slow client does not keep a whole page in memory. */
    private static List<byte[]> render(List<TableRow> rows, RowJson writer) {
        List<byte[]> pieces = new ArrayList<>();
        JsonWriter json = new JsonWriter(LineStream.PIECE + 1024);
        for (TableRow row : rows) {
            writer.write(json, row);
            json.put('\n');
            if (json.size() >= LineStream.PIECE) {
                pieces.add(Arrays.copyOf(json.array(), json.size()));
                json = new JsonWriter(LineStream.PIECE + 1024);
            }
        }
        if (json.size() > 0) {
            pieces.add(Arrays.copyOf(json.array(), json.size()));
        }
        return pieces;
    }
}
