package com.akidb.http.sync;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.account.Rights;
import com.akidb.engine.OnConflict;
import com.akidb.error.ErrorCode;
import com.akidb.error.InvalidInputException;
import com.akidb.error.Suggestion;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.Reply;
import com.akidb.http.tables.RowJson;
import com.akidb.sync.PushService;
import com.akidb.sync.PushService.Change;
import com.akidb.sync.PushService.Counted;
import com.akidb.sync.PushService.Outcome;
import com.akidb.sync.PushService.Push;
import com.akidb.sync.PushService.Pushed;
import com.akidb.sync.PushService.UnknownClient;
import com.akidb.sync.Refusal;
import com.akidb.table.RowService;
import com.akidb.table.RowService.EmbedMode;
import com.akidb.table.RowService.RowInsert;
import com.akidb.table.TableSchema;
import com.akidb.text.Words;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Takes in what clients changed; docs/SYNC-GUIDE.md describes the protocol. */
final class PushEndpoint implements Endpoint {

    static final int VERSION = 1;

    private static final byte[] UNKNOWN_CLIENT = piece("{\"error\":\"ClientStateNotFound\"}");
    private static final byte[] UNKNOWN_VERSION = piece("{\"error\":\"VersionNotSupported\",\"versionType\":\"push\"}");

    private final PushService pushes;
    private final RowService rows;

    PushEndpoint(PushService pushes, RowService rows) {
        this.pushes = pushes;
        this.rows = rows;
    }

    @Override
    public Set<Extra> extras() {
        return EnumSet.of(Extra.LIMITED);
    }

    @Override
    public Mono<? extends Reply> handle(Call call) {
        call.query();
        PushBody body = PushBody.read(call.json(), rows, call.rights());
        if (body.version != VERSION) {
            return Mono.just(Answer.ok(new JsonWriter(64).put(UNKNOWN_VERSION)));
        }
        String group = SyncIds.require(body.group, "clientGroupID");
        call.concerns(group);
        Push push = new Push(group, call.caller().id(), body.mutations);
        return call.blocking(() -> pushes.push(push, call.account()), PushEndpoint::answer);
    }

    private static Answer answer(Outcome outcome) {
        JsonWriter json = new JsonWriter(64);
        switch (outcome) {
            case UnknownClient _ -> json.put(UNKNOWN_CLIENT);
            case Counted(Map<String, List<Refusal>> refused) -> {
                json.put(piece("{\"refused\":["));
                String comma = "";
                for (Map.Entry<String, List<Refusal>> each : refused.entrySet()) {
                    for (Refusal refusal : each.getValue()) {
                        json.put(piece(comma + "{\"clientID\":"))
                                .value(each.getKey())
                                .put(',');
                        refusal(json, refusal);
                        json.put('}');
                        comma = ",";
                    }
                }
                json.put(']').put('}');
            }
        }
        return Answer.ok(json);
    }

    /** Writes the members of a refusal. */
    static void refusal(JsonWriter json, Refusal refusal) {
        json.put(piece("\"id\":")).value(refusal.id());
        json.put(piece(",\"code\":")).value(refusal.code());
        json.put(piece(",\"detail\":")).value(refusal.detail());
        if (refusal.field() != null) {
            json.put(piece(",\"field\":")).value(refusal.field());
        }
    }

    /** The body of a push. */
    private static final class PushBody {

        private static final Fields FIELDS =
                Fields.of("pushVersion", "clientGroupID", "profileID", "schemaVersion", "mutations", "clientID");
        private static final Fields MUTATION = Fields.of("clientID", "id", "name", "args", "timestamp");

        private final RowService rows;
        private final Rights rights;
        private final List<Pushed> mutations = new ArrayList<>();
        private int version = -1;
        private @Nullable String group;

        private PushBody(RowService rows, Rights rights) {
            this.rows = rows;
            this.rights = rights;
        }

        static PushBody read(JsonReader json, RowService rows, Rights rights) {
            PushBody body = new PushBody(rows, rights);
            json.object(FIELDS, body::member);
            json.end();
            if (body.version < 0) {
                throw InvalidInputException.missing("pushVersion");
            }
            return body;
        }

        private void member(JsonReader json, String name) {
            switch (name) {
                case "pushVersion" -> version = json.integer(0, Integer.MAX_VALUE);
                case "clientGroupID" -> group = json.string();
                case "mutations" -> json.array("an array of mutations", (each, index) -> mutation(each));
                default -> json.raw();
            }
        }

        private void mutation(JsonReader json) {
            Mutation mutation = new Mutation();
            String path = json.path();
            json.object(MUTATION, mutation::member);
            if (mutation.id < 1) {
                throw InvalidInputException.missing(path + ".id");
            }
            if (mutation.name == null) {
                throw InvalidInputException.missing(path + ".name");
            }
            // Clients of the version before have no id here; they are told that it is no longer understood.
            String client = version == VERSION || version < 0
                    ? SyncIds.require(mutation.client, path + ".clientID")
                    : String.valueOf(mutation.client);
            MutationArguments arguments = new MutationArguments(mutation.name, mutation.arguments, rows, rights);
            mutations.add(new Pushed(client, mutation.id, arguments::read));
        }

        /** A mutation as it comes. */
        private static final class Mutation {
            private @Nullable String client;
            private long id;
            private @Nullable String name;
            private String arguments = "null";

            void member(JsonReader json, String field) {
                switch (field) {
                    case "clientID" -> client = json.string();
                    case "id" -> {
                        id = json.longInteger();
                        if (id < 1) {
                            throw json.invalid(ErrorCode.OUT_OF_RANGE, "must be 1 or more");
                        }
                    }
                    case "name" -> name = json.string();
                    case "args" -> arguments = json.raw();
                    default -> json.raw();
                }
            }
        }
    }

    /**
     * A mutation's name and arguments. They are read when it is its turn: what is wrong with them refuses the mutation, not the
     * push.
     */
    private record MutationArguments(String name, String json, RowService rows, Rights rights) {

        private static final int MOST_ROWS = 1_000;
        private static final Map<String, Fields> FIELDS = Map.of(
                "insert", Fields.of("table", "rows", "onConflict"),
                "update", Fields.of("table", "key", "values", "ifVersion"),
                "delete", Fields.of("table", "key", "ifVersion"));
        private static final List<String> NAMES = List.of("insert", "update", "delete");
        private static final List<String> CONFLICTS = List.of("error", "replace", "ignore");

        Change read() {
            Fields fields = FIELDS.get(name);
            if (fields == null) {
                throw unknown("name", name, NAMES);
            }
            Map<String, String> given = new HashMap<>();
            JsonReader whole = JsonReader.of(json, "args");
            whole.object(fields, (member, field) -> {
                String raw = member.raw();
                if (!raw.equals("null")) {
                    given.put(field, raw);
                }
            });
            TableSchema schema = rows.schema(required(given, "table").string(), rights);
            return switch (name) {
                case "insert" -> new Change.Insert(insert(schema, given));
                case "update" ->
                    new Change.Update(
                            schema,
                            key(required(given, "key")),
                            new RowJson.Parser(schema).values(required(given, "values")),
                            version(given));
                default -> new Change.Delete(schema, key(required(given, "key")), version(given));
            };
        }

        private static JsonReader required(Map<String, String> given, String field) {
            String raw = given.get(field);
            if (raw == null) {
                throw InvalidInputException.missing(field);
            }
            return JsonReader.of(raw, field);
        }

        private static RowInsert insert(TableSchema schema, Map<String, String> given) {
            List<@Nullable Object[]> all = new ArrayList<>();
            RowJson.Parser parser = new RowJson.Parser(schema);
            required(given, "rows").array("an array of rows", (row, index) -> {
                if (index == MOST_ROWS) {
                    throw InvalidInputException.of(
                            ErrorCode.OUT_OF_RANGE, "rows", "must be at most " + MOST_ROWS + " in one mutation");
                }
                all.add(parser.row(row));
            });
            String onConflict = given.containsKey("onConflict")
                    ? required(given, "onConflict").string()
                    : "error";
            OnConflict how = switch (onConflict) {
                case "error" -> OnConflict.ERROR;
                case "replace" -> OnConflict.REPLACE;
                case "ignore" -> OnConflict.IGNORE;
                default -> throw unknown("onConflict", onConflict, CONFLICTS);
            };
            return new RowInsert(schema, all, how, EmbedMode.ASYNC);
        }

        private static String key(JsonReader json) {
            return json.peek() == '"' ? json.string() : Long.toString(json.longInteger());
        }

        private static @Nullable Long version(Map<String, String> given) {
            return given.containsKey("ifVersion") ? required(given, "ifVersion").longInteger() : null;
        }

        private static InvalidInputException unknown(String field, String word, List<String> known) {
            return InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    field,
                    "must be one of " + String.join(", ", known) + "; got '" + Words.shown(word) + "'"
                            + Suggestion.hint(word, known));
        }
    }
}
