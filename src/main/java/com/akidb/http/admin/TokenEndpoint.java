package com.akidb.http.admin;

import static com.akidb.http.json.JsonWriter.piece;

import com.akidb.account.Rights;
import com.akidb.error.ErrorCode;
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
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
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
        JsonReader json = call.json();
        json.object(TokenBody.FIELDS, body::member);
        json.end();
        String subject = body.subject;
        if (subject == null) {
            throw InvalidInputException.missing("subject");
        }
        call.concerns(subject);
        return call.blocking(
                () -> {
                    requireFitting(call.rights(), body.rights);
                    return tokens.make(call.caller(), subject, body.lifetime, body.scopes, body.rights);
                },
                made -> {
                    JsonWriter answer =
                            new JsonWriter(512).put(piece("{\"token\":")).value(made.text());
                    answer.put(piece(",\"expires_at\":")).value(made.expiresAt().toString());
                    return Answer.json(
                            HttpStatus.CREATED,
                            answer.put(piece(",\"key_id\":"))
                                    .value(made.keyId())
                                    .put('}'));
                });
    }

    /**
     * Refuses what does not fit the tables as the caller sees them: whoever came with the token would be refused for ever. Tables
     * and columns that the caller may not see are left to the tokens to refuse, whether they are there or not.
     */
    private void requireFitting(Rights own, Rights given) {
        Map<String, Rights.InTable> tables = given.tables();
        if (tables == null) {
            return;
        }
        tables.forEach((name, part) -> {
            Rights.InTable mine = own.in(name);
            if (mine == null) {
                return;
            }
            String field = "tables." + name;
            try {
                rows.schema(name, own).requireGivable(visible(part, mine), field);
            } catch (NotFoundException gone) {
                throw new NotFoundException(gone.code(), gone.detail(), field);
            }
        });
    }

    private static Rights.InTable visible(Rights.InTable given, Rights.InTable own) {
        if (given.columns() == null || own.columns() == null) {
            return given;
        }
        Set<String> both = new HashSet<>(given.columns());
        both.retainAll(own.columns());
        return new Rights.InTable(both, given.conditions());
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
