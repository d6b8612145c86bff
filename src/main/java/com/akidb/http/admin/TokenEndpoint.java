package com.akidb.http.admin;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.account.Rights;
import com.akidb.error.ErrorCode;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.http.json.Fields;
import com.akidb.http.json.JsonReader;
import com.akidb.http.json.JsonWriter;
import com.akidb.http.server.Answer;
import com.akidb.http.server.Call;
import com.akidb.http.server.Endpoint;
import com.akidb.http.server.Endpoint.Extra;
import com.akidb.http.server.RouteTable;
import com.akidb.security.RightsJson;
import com.akidb.security.Scope;
import com.akidb.security.Tokens;
import com.akidb.table.RowService;
import com.akidb.table.TableSchema;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;

/** {@code POST /api/v1/tokens}: makes short-lived tokens, which may less than the API key that asks for them. */
final class TokenEndpoint {

    private final Tokens tokens;
    private final RowService rows;

    TokenEndpoint(Tokens tokens, RowService rows) {
        this.tokens = tokens;
        this.rows = rows;
    }

    void addTo(RouteTable routes) {
        routes.add("POST", "/api/v1/tokens", Scope.READ, Endpoint.with(this::create, Extra.LIMITED, Extra.AUDITED));
    }

    private Mono<Answer> create(Call call) {
        call.query();
        TokenBody body = new TokenBody();
        call.json().object(TokenBody.FIELDS, body::member);
        String subject = body.subject;
        if (subject == null) {
            throw InvalidInputException.missing("subject");
        }
        call.concerns(subject);
        return call.blocking(
                () -> {
                    requireFitting(call.rights().and(body.rights));
                    return tokens.make(call.caller(), subject, body.lifetime, body.scopes, body.rights);
                },
                made -> {
                    JsonWriter json =
                            new JsonWriter(512).put(piece("{\"token\":")).value(made.text());
                    json.put(piece(",\"expires_at\":")).value(made.expiresAt().toString());
                    return Answer.json(
                            HttpStatus.CREATED,
                            json.put(piece(",\"key_id\":")).value(made.keyId()).put('}'));
                });
    }

    /** Refuses conditions that do not fit the tables: whoever came with the token would be refused for ever. */
    private void requireFitting(Rights rights) {
        Map<String, Rights.InTable> tables = rights.tables();
        if (tables == null) {
            return;
        }
        tables.forEach((name, part) -> {
            String field = "tables." + name;
            try {
                TableSchema whole = rows.schema(name, Rights.ALL);
                if (part.columns() != null) {
                    part.columns().forEach(column -> whole.column(column, field + ".columns"));
                }
                var unused = rows.schema(name, rights);
            } catch (NotFoundException gone) {
                throw new NotFoundException(gone.code(), gone.detail(), field);
            } catch (ForbiddenException unfit) {
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT,
                        field + ".where",
                        "does not fit the table: "
                                + (unfit.getCause() == null
                                        ? ""
                                        : unfit.getCause().getMessage()));
            }
        });
    }

    /** What kind of token is asked for. */
    private static final class TokenBody {

        private static final Fields FIELDS = Fields.of("subject", "expires_in", "scopes", "tables");

        private @Nullable String subject;
        private Duration lifetime = Duration.ofHours(1);
        private Set<Scope> scopes = EnumSet.of(Scope.READ);
        private Rights rights = Rights.ALL;

        void member(JsonReader json, String name) {
            switch (name) {
                case "subject" -> subject = json.string();
                case "expires_in" -> lifetime = json.nothing() ? lifetime : Duration.ofSeconds(json.longInteger());
                case "scopes" -> {
                    Set<Scope> given = EnumSet.noneOf(Scope.class);
                    json.array("an array of scopes", (scope, index) -> given.add(scope(scope)));
                    scopes = given;
                }
                case "tables" -> rights = RightsJson.read(json.tree(), "tables");
                default -> throw new IllegalStateException(name);
            }
        }

        private static Scope scope(JsonReader json) {
            String name = json.string();
            for (Scope scope : Scope.values()) {
                if (scope.wireName().equals(name)) {
                    return scope;
                }
            }
            throw json.invalid(ErrorCode.INVALID_ARGUMENT, "must be read or write");
        }
    }
}
