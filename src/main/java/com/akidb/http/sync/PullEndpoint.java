package com.akidb.http.sync;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.account.Rights;
import com.akidb.engine.Column;
import com.akidb.engine.ColumnType;
import com.akidb.engine.Row;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.Reply;
import com.akidb.http.tables.RowJson;
import com.akidb.query.FilterParser;
import com.akidb.query.Predicate;
import com.akidb.security.Tokens;
import com.akidb.sync.PullService;
import com.akidb.sync.PullService.ClientStateNotFound;
import com.akidb.sync.PullService.Patch;
import com.akidb.sync.PullService.Patch.Operation;
import com.akidb.sync.PullService.Pull;
import com.akidb.sync.PullService.Pulled;
import com.akidb.sync.Refusal;
import com.akidb.sync.Subscription;
import com.akidb.sync.Subscription.Vectors;
import com.akidb.table.RowService;
import com.akidb.table.TableSchema;
import com.akidb.vector.VectorCodec;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Tells clients what happened to the tables that they subscribe to; docs/SYNC-GUIDE.md describes the protocol. */
final class PullEndpoint implements Endpoint {

    /** Where the keys of rows are told as they are. */
    private static final byte[] NO_SECRET = new byte[32];

    private static final byte[] UNKNOWN_VERSION = piece("{\"error\":\"VersionNotSupported\",\"versionType\":\"pull\"}");

    private static final byte[] COOKIE = piece("{\"cookie\":");
    private static final byte[] LAST_MUTATIONS = piece(",\"lastMutationIDChanges\":");
    private static final byte[] PATCH = piece(",\"patch\":");
    private static final byte[] MORE = piece(",\"more\":");

    private final PullService pulls;
    private final RowService rows;
    private final Tokens tokens;

    PullEndpoint(PullService pulls, RowService rows, Tokens tokens) {
        this.tokens = tokens;
        this.pulls = pulls;
        this.rows = rows;
    }

    @Override
    public Set<Extra> extras() {
        return EnumSet.of(Extra.LIMITED);
    }

    @Override
    public Mono<? extends Reply> handle(Call call) {
        PullBody body = new PullBody();
        String inQuery = call.query("subscriptions").text("subscriptions", "");
        call.json().object(PullBody.FIELDS, body::member);
        if (body.version < 0) {
            throw InvalidInputException.missing("pullVersion");
        }
        if (body.version != PushEndpoint.VERSION) {
            return Mono.just(Answer.ok(new JsonWriter(64).put(UNKNOWN_VERSION)));
        }
        String group = SyncIds.require(body.group, "clientGroupID");
        String subscriptions = body.subscriptions == null && !inQuery.isEmpty() ? inQuery : body.subscriptions;
        if (subscriptions == null) {
            throw InvalidInputException.missing("subscriptions");
        }
        Pull pull = pull(call, body, group, subscriptions);
        return call.answer(() -> pulls.pull(pull, call.offload()::supply), PullEndpoint::answer);
    }

    private Pull pull(Call call, PullBody body, String group, String subscriptions) {
        return new Pull(
                group,
                call.caller().id(),
                call.rights(),
                body.cookie,
                body.limit,
                body.partialClear,
                call.rights().areLimited() ? tokens.secret("keys of rows in patches") : NO_SECRET,
                subscriptions,
                () -> SubscriptionsBody.read(subscriptions, rows, call.rights()),
                operations -> new PatchJson().write(operations));
    }

    private static Answer answer(Pulled pulled) {
        return switch (pulled) {
            case ClientStateNotFound(Map<String, Long> last) ->
                Answer.ok(new JsonWriter(128)
                        .put(piece("{\"error\":\"ClientStateNotFound\",\"lastMutationIDs\":"))
                        .numbers(last)
                        .put('}'));
            case Patch patch -> answer(patch);
        };
    }

    private static Answer answer(Patch patch) {
        JsonWriter head = new JsonWriter(512);
        head.put(COOKIE).json(patch.cookie());
        head.put(LAST_MUTATIONS).numbers(patch.lastMutations()).put(PATCH);
        JsonWriter tail = new JsonWriter(32).put(MORE).value(patch.more());
        if (!patch.refused().isEmpty()) {
            tail.put(piece(",\"refused\":{"));
            String comma = "";
            for (Map.Entry<String, List<Refusal>> each : patch.refused().entrySet()) {
                tail.put(piece(comma)).value(each.getKey()).put(':');
                tail.array(each.getValue(), (to, refusal) -> {
                    PushEndpoint.refusal(to.put('{'), refusal);
                    to.put('}');
                });
                comma = ",";
            }
            tail.put('}');
        }
        return Answer.ok(head, patch.steps(), tail.put('}'));
    }

    /** The body of a pull. */
    private static final class PullBody {

        private static final Fields FIELDS = Fields.of(
                "pullVersion",
                "clientGroupID",
                "profileID",
                "schemaVersion",
                "cookie",
                "subscriptions",
                "limit",
                "partialClear",
                "clientID",
                "lastMutationID");

        private int version = -1;
        private @Nullable String group;
        private @Nullable String cookie;
        private @Nullable String subscriptions;
        private int limit = Pull.MAX_LIMIT;
        private boolean partialClear;

        void member(JsonReader json, String name) {
            switch (name) {
                case "pullVersion" -> version = json.integer(0, Integer.MAX_VALUE);
                case "clientGroupID" -> group = json.string();
                case "cookie" -> cookie = json.nothing() ? null : json.raw();
                case "subscriptions" -> subscriptions = json.nothing() ? null : json.raw();
                case "limit" -> limit = json.nothing() ? limit : json.integer(1, Pull.MAX_LIMIT);
                case "partialClear" -> partialClear = !json.nothing() && json.bool();
                default -> json.raw();
            }
        }
    }

    /** The subscriptions of a pull. */
    private static final class SubscriptionsBody {

        private static final Fields FIELDS = Fields.of("table", "columns", "where", "vectors");
        private static final int MOST = 100;

        private @Nullable TableSchema schema;
        private @Nullable List<String> columns;
        private @Nullable JsonNode where;
        private Vectors vectors = Vectors.INT8;

        static List<Subscription> read(String text, RowService rows, Rights rights) {
            List<Subscription> all = new ArrayList<>();
            Set<String> tables = new HashSet<>();
            JsonReader json = JsonReader.of(text, "subscriptions");
            json.array("an array of subscriptions", (each, index) -> {
                if (index == MOST) {
                    throw InvalidInputException.of(ErrorCode.OUT_OF_RANGE, "subscriptions", "must be at most " + MOST);
                }
                SubscriptionsBody body = new SubscriptionsBody();
                String path = each.path();
                each.object(FIELDS, (member, name) -> body.member(member, name, rows, rights));
                Subscription subscription = body.subscription(path);
                if (!tables.add(subscription.schema().name())) {
                    throw InvalidInputException.of(
                            ErrorCode.INVALID_ARGUMENT, path + ".table", "is subscribed to twice");
                }
                all.add(subscription);
            });
            json.end();
            if (all.isEmpty()) {
                throw InvalidInputException.of(ErrorCode.INVALID_ARGUMENT, "subscriptions", "cannot be empty");
            }
            return all;
        }

        private void member(JsonReader json, String name, RowService rows, Rights rights) {
            switch (name) {
                case "table" -> schema = schema(json, rows, rights);
                case "columns" -> columns = json.nothing() ? null : columns(json);
                case "where" -> where = json.nothing() ? null : json.tree();
                case "vectors" -> vectors = json.nothing() ? vectors : vectors(json);
                default -> throw new IllegalStateException(name);
            }
        }

        private static TableSchema schema(JsonReader json, RowService rows, Rights rights) {
            String path = json.path();
            try {
                return rows.schema(json.string(), rights);
            } catch (NotFoundException e) {
                throw new NotFoundException(e.code(), e.detail(), path);
            }
        }

        private static List<String> columns(JsonReader json) {
            List<String> names = new ArrayList<>();
            json.array("an array of names", (name, index) -> names.add(name.string()));
            return names;
        }

        private static Vectors vectors(JsonReader json) {
            return switch (json.string()) {
                case "int8" -> Vectors.INT8;
                case "float32" -> Vectors.FLOAT32;
                default -> throw json.invalid(ErrorCode.INVALID_ARGUMENT, "must be int8 or float32");
            };
        }

        private Subscription subscription(String path) {
            if (schema == null) {
                throw InvalidInputException.missing(path + ".table");
            }
            Predicate condition = where == null ? null : FilterParser.parse(where, path + ".where", schema.fields());
            return new Subscription(schema, columns, condition, vectors, path);
        }
    }

    /** Writes patches. */
    private static final class PatchJson {

        private static final byte[] PUT = piece("{\"op\":\"put\",\"key\":");
        private static final byte[] VALUE = piece(",\"value\":");
        private static final byte[] DELETE = piece("{\"op\":\"del\",\"key\":");

        /** What stands before the values of a subscription's columns. */
        private final Map<Subscription, byte[][]> names = new IdentityHashMap<>();

        private final Map<String, String> prefixes = new HashMap<>();

        List<ByteBuffer> write(List<Operation> operations) {
            return new JsonWriter(16 + 160 * operations.size())
                    .array(operations, this::write)
                    .pieces();
        }

        private void write(JsonWriter json, Operation operation) {
            switch (operation) {
                case Operation.Clear(@Nullable String table) -> {
                    json.put(piece("{\"op\":\"clear\""));
                    if (table != null) {
                        json.put(piece(",\"prefix\":")).value(prefix(table));
                    }
                }
                case Operation.Delete(String table, String key) ->
                    json.put(DELETE).value(prefix(table) + key);
                case Operation.Put(Subscription subscription, String key, Row row) -> {
                    json.put(PUT)
                            .value(prefix(subscription.schema().name()) + key)
                            .put(VALUE);
                    value(json, subscription, row);
                    json.put(piece(",\"row\":")).value(row.rowId());
                }
            }
            json.put('}');
        }

        /** With what the keys of a table's rows begin: as JavaScript's encodeURIComponent has it, for names may have slashes. */
        private String prefix(String table) {
            return prefixes.computeIfAbsent(
                    table,
                    name -> URLEncoder.encode(name, StandardCharsets.UTF_8)
                                    .replace("+", "%20")
                                    .replace("%21", "!")
                                    .replace("%27", "'")
                                    .replace("%28", "(")
                                    .replace("%29", ")")
                                    .replace("%7E", "~")
                            + "/");
        }

        private void value(JsonWriter json, Subscription subscription, Row row) {
            List<Column> columns = subscription.columns();
            byte[][] prepared = names.computeIfAbsent(subscription, PatchJson::names);
            json.put('{');
            for (int i = 0; i < columns.size(); i++) {
                json.put(prepared[i]);
                Column column = columns.get(i);
                Object value = row.values().get(subscription.schema().position(column.name()));
                if (column.type() == ColumnType.VECTOR && value instanceof float[] vector) {
                    json.value(base64(vector, subscription.vectors()));
                } else {
                    RowJson.writeCell(json, column.type(), value);
                }
                json.put(',');
            }
            json.put(piece("\"version\":")).value(row.version()).put('}');
        }

        private static String base64(float[] vector, Vectors as) {
            return switch (as) {
                case INT8 -> Base64.getEncoder().encodeToString(VectorCodec.encodeInt8(vector));
                case FLOAT32 -> VectorCodec.encodeBase64(vector);
            };
        }

        private static byte[][] names(Subscription subscription) {
            return subscription.columns().stream()
                    .map(column -> {
                        JsonWriter name =
                                new JsonWriter(32).value(column.name()).put(':');
                        return Arrays.copyOf(name.array(), name.size());
                    })
                    .toArray(byte[][]::new);
        }
    }
}
