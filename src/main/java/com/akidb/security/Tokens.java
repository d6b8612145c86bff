package com.akidb.security;

import com.akidb.account.Rights;
import com.akidb.account.Rights.InTable;
import com.akidb.error.ErrorCode;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.UnauthenticatedException;
import com.akidb.security.keys.HeldKey;
import com.akidb.security.keys.KeyRing;
import com.akidb.security.keys.RequestBucket;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jsonwebtoken.Claims;
import io.jsonwebtoken.JwsHeader;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.LocatorAdapter;
import io.jsonwebtoken.io.AbstractDeserializer;
import io.jsonwebtoken.io.AbstractSerializer;
import io.jsonwebtoken.security.SecurityException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.function.SingletonSupplier;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Short-lived tokens for people's browsers and apps: JWTs (RFC 7519) signed by HS256 or EdDSA. The header's {@code kid} names the API
 * key in whose name the server made it, or a key of the settings by which an application did; {@code sub} says whom it is for,
 * {@code exp} when it ends, {@code akidb} what it may: <code>{"scopes": ["read"], "tables": {...}}</code>. A token never may more than
 * its API key does by the time, and ends with it. Safe for many threads; never blocks, except where said.
 */
public final class Tokens {

    /** Longest token, in characters: it travels in a header. */
    static final int LONGEST = 4_096;

    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST_BUCKETS = 100_000;
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);
    private static final Pattern SUBJECT = Pattern.compile("[\\x21-\\x7e]{1,128}");
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final TokenKeys tokenKeys;
    private final KeyRing keys;
    private final @Nullable RequestRate rate;
    private final Duration maxLifetime;
    private final InstantSource clock;

    /** Made when the server's first token is, or at the start where there are keys: it takes a while. */
    private final SingletonSupplier<JwtParser> parser = SingletonSupplier.of(this::newParser);

    /** What was read of tokens whose signature is right, by their SHA-256. */
    private final Cache<ByteBuffer, Read> remembered =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    private final Cache<String, RequestBucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST_BUCKETS)
            .expireAfterAccess(Duration.ofMinutes(10))
            .build();

    /** @param rate the limit of requests for tokens that no API key made; null for none */
    Tokens(
            Path dataDirectory,
            TokenSettings settings,
            RevokedTokens revoked,
            KeyRing keys,
            @Nullable RequestRate rate,
            InstantSource clock) {
        this.tokenKeys = new TokenKeys(dataDirectory, settings, revoked);
        this.keys = keys;
        this.rate = rate;
        this.maxLifetime = settings.maxLifetime();
        this.clock = clock;
        if (!tokenKeys.areNone()) {
            parser.obtain();
        }
    }

    private JwtParser newParser() {
        return Jwts.parser()
                .sig()
                .clear()
                .add(Jwts.SIG.HS256)
                .add(Jwts.SIG.HS384)
                .add(Jwts.SIG.HS512)
                .add(Jwts.SIG.EdDSA)
                .and()
                .zip()
                .clear()
                .and()
                .json(new Json())
                .clock(() -> Date.from(clock.instant()))
                .clockSkewSeconds(CLOCK_SKEW.toSeconds())
                .keyLocator(new SigningKeys())
                .build();
    }

    /** A token as its claims say. */
    private record Read(String keyId, String subject, Instant expiresAt, Set<Scope> scopes, Rights rights) {}

    /**
     * A token that was made.
     *
     * @param text what its holder sends
     * @param keyId of the API key with which it ends
     */
    public record Made(String text, Instant expiresAt, String keyId) {}

    /** By the ids of keys. */
    private final class SigningKeys extends LocatorAdapter<Key> {
        @Override
        protected Key locate(JwsHeader header) {
            String id = header.getKeyId();
            Key key = id == null ? null : tokenKeys.other(id);
            key = key == null ? tokenKeys.own() : key;
            if (key == null) {
                throw new SecurityException("There is no such key");
            }
            return key;
        }
    }

    private static final class Json extends AbstractDeserializer<Map<String, ?>> {
        @Override
        protected Map<String, ?> doDeserialize(Reader reader) {
            return MAPPER.readValue(reader, new TypeReference<Map<String, Object>>() {});
        }
    }

    private static final class JsonOut extends AbstractSerializer<Map<String, ?>> {
        @Override
        protected void doSerialize(Map<String, ?> map, OutputStream out) {
            MAPPER.writeValue(out, map);
        }
    }

    /** Whether what came with a request is a token, rather than an API key. */
    static boolean isToken(String presented) {
        return presented.startsWith("eyJ") && presented.indexOf('.') > 0;
    }

    /**
     * Makes a token in the name of a caller with an API key. May touch the disk.
     *
     * @param subject whom it is for, 1 to 128 printable characters of ASCII
     * @param scopes at least one, of those that the caller has; never {@link Scope#ADMIN}
     * @param rights to what of the data; what the caller may not see is left out
     */
    public Made make(Caller caller, String subject, Duration lifetime, Set<Scope> scopes, Rights rights) {
        HeldKey parent = keys.byId(caller.id());
        if (caller.token() != null || parent == null) {
            throw new ForbiddenException(
                    caller.hasKey()
                            ? "A token cannot make tokens; only an API key can"
                            : "Tokens are made in the name of an API key, and this server needs none; make a key"
                                    + " first");
        }
        requireSubject(subject);
        if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(maxLifetime) > 0) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE, "expires_in", "must be 1 to " + maxLifetime.toSeconds() + " seconds");
        }
        requireScopes(caller, scopes);
        requireNarrower(caller.rights(), rights);
        Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
        Instant end = now.plus(lifetime);
        Instant parentEnd = parent.expiresAt();
        if (parentEnd != null && parentEnd.isBefore(end)) {
            end = parentEnd;
        }
        parser.obtain();
        String text = Jwts.builder()
                .json(new JsonOut())
                .header()
                .keyId(caller.id())
                .and()
                .subject(subject)
                .issuedAt(Date.from(now))
                .expiration(Date.from(end))
                .claim("akidb", claim(scopes, rights))
                .signWith(tokenKeys.make(), Jwts.SIG.HS256)
                .compact();
        if (text.length() > LONGEST) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE,
                    "tables",
                    "must be shorter: a token has at most " + LONGEST + " characters, and this one would have "
                            + text.length());
        }
        return new Made(text, end, caller.id());
    }

    private static void requireSubject(String subject) {
        if (!SUBJECT.matcher(subject).matches()) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "subject",
                    "must be 1 to 128 printable ASCII characters without spaces");
        }
    }

    private static void requireScopes(Caller caller, Set<Scope> scopes) {
        if (scopes.isEmpty()) {
            throw InvalidInputException.of(ErrorCode.INVALID_ARGUMENT, "scopes", "must be at least one of read, write");
        }
        for (Scope scope : scopes) {
            if (scope == Scope.ADMIN) {
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT, "scopes", "must be read and write only; no token may administrate");
            }
            if (!caller.may(scope)) {
                throw new ForbiddenException(
                        "The key " + caller.name() + " has not the scope " + scope.wireName() + " itself", "scopes");
            }
        }
    }

    private static void requireNarrower(Rights own, Rights given) {
        Map<String, InTable> tables = given.tables();
        if (tables == null) {
            return;
        }
        tables.forEach((name, part) -> {
            InTable mine = own.in(name);
            String field = "tables." + name;
            if (mine == null) {
                throw new ForbiddenException("The key itself may not see the table '" + name + "'", field);
            }
            if (mine.columns() != null
                    && part.columns() != null
                    && !mine.columns().containsAll(part.columns())) {
                throw new ForbiddenException("The key itself may not see all of these columns", field + ".columns");
            }
        });
    }

    private static Map<String, Object> claim(Set<Scope> scopes, Rights rights) {
        ObjectNode claim = MAPPER.createObjectNode();
        scopes.stream().sorted().forEach(scope -> claim.withArray("scopes").add(scope.wireName()));
        if (rights.areLimited()) {
            RightsJson.write(rights, claim.putObject("tables"));
        }
        return MAPPER.convertValue(claim, new TypeReference<Map<String, Object>>() {});
    }

    /**
     * Who comes with a token, and counts the request.
     *
     * @throws UnauthenticatedException if it is not valid, or not any more
     * @throws com.akidb.error.OverloadedException if its subject made too many requests
     */
    Caller admit(String token) {
        Caller caller = caller(token);
        RequestRate its = rateOf(caller);
        if (its != null) {
            buckets.get(caller.id(), _ -> new RequestBucket(caller.name(), its)).take();
        }
        return caller;
    }

    private @Nullable RequestRate rateOf(Caller caller) {
        HeldKey parent =
                caller.token() == null ? null : keys.byId(caller.token().keyId());
        return parent == null ? rate : parent.rate();
    }

    /**
     * Who comes with a token.
     *
     * @throws UnauthenticatedException if it is not valid, or not any more
     */
    Caller caller(String token) {
        if (token.length() > LONGEST) {
            throw new UnauthenticatedException("The token is longer than any token is");
        }
        ByteBuffer digest = digest(token);
        Read read = remembered.getIfPresent(digest);
        if (read == null) {
            read = read(token);
            remembered.put(digest, read);
        }
        if (!clock.instant().isBefore(read.expiresAt())) {
            throw new UnauthenticatedException("The token expired at " + read.expiresAt());
        }
        Caller.Token facts = new Caller.Token(read.keyId(), read.expiresAt());
        String id = read.keyId() + "/" + read.subject();
        if (tokenKeys.other(read.keyId()) != null) {
            return new Caller(id, id, read.scopes(), read.rights(), facts);
        }
        HeldKey parent = keys.byId(read.keyId());
        if (parent == null) {
            throw new UnauthenticatedException(
                    "The key that made or signed the token is not known, was revoked, or has expired");
        }
        Caller its = parent.caller();
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        read.scopes().stream().filter(its::may).forEach(scopes::add);
        return new Caller(
                id, its.name() + "/" + read.subject(), scopes, its.rights().and(read.rights()), facts);
    }

    private static ByteBuffer digest(String token) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Read read(String token) {
        try {
            if (tokenKeys.areNone()) {
                throw new SecurityException("There are no keys");
            }
            var signed = parser.obtain().parseSignedClaims(token);
            return read(String.valueOf(signed.getHeader().getKeyId()), signed.getPayload());
        } catch (JwtException | IllegalArgumentException invalid) {
            throw new UnauthenticatedException(
                    "The token is not valid: it has expired, or is not signed by a key of this server or its settings");
        } catch (InvalidInputException unfit) {
            throw new UnauthenticatedException("The token's claim is not valid: " + unfit.detail());
        }
    }

    private Read read(String keyId, Claims claims) {
        Date end = claims.getExpiration();
        if (end == null) {
            throw InvalidInputException.missing("exp");
        }
        if (end.toInstant().isAfter(clock.instant().plus(maxLifetime).plus(CLOCK_SKEW))) {
            throw InvalidInputException.of(
                    ErrorCode.OUT_OF_RANGE, "exp", "must be at most " + maxLifetime.toSeconds() + " seconds from now");
        }
        String subject = claims.getSubject();
        requireSubject(subject == null ? "" : subject);
        JsonNode claim = MAPPER.valueToTree(claims.get("akidb"));
        requireMembers(claim);
        return new Read(
                keyId,
                String.valueOf(subject),
                end.toInstant(),
                scopes(claim.path("scopes")),
                RightsJson.read(claim.path("tables"), "akidb.tables"));
    }

    /** A limit whose name is misspelt must not be none. */
    private static void requireMembers(JsonNode claim) {
        for (String name : claim.propertyNames()) {
            if (!name.equals("scopes") && !name.equals("tables")) {
                throw InvalidInputException.of(
                        ErrorCode.UNKNOWN_FIELD, "akidb", "may have the members scopes and tables, and no others");
            }
        }
    }

    private static Set<Scope> scopes(JsonNode names) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        Set<String> known = new HashSet<>(List.of("read", "write"));
        for (JsonNode name : names.isArray() ? names : MAPPER.createArrayNode()) {
            if (!known.contains(name.asString(""))) {
                throw InvalidInputException.of(
                        ErrorCode.INVALID_ARGUMENT, "akidb.scopes", "must be an array of read and write");
            }
            scopes.add(Scope.valueOf(name.asString("").toUpperCase(Locale.ROOT)));
        }
        if (scopes.isEmpty()) {
            throw InvalidInputException.of(
                    ErrorCode.INVALID_ARGUMENT, "akidb.scopes", "must be at least one of read, write");
        }
        return scopes;
    }

    /** Whether a caller who came with a token could come again. */
    boolean isStillValid(Caller.Token token) {
        return clock.instant().isBefore(token.expiresAt())
                && (tokenKeys.other(token.keyId()) != null || keys.byId(token.keyId()) != null);
    }

    /** A secret of this server for some purpose, the same as long as its data directory is. May touch the disk. */
    public byte[] secret(String purpose) {
        return tokenKeys.derived(purpose);
    }
}
