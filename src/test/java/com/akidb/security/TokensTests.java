package com.akidb.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.account.Rights;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.UnauthenticatedException;
import com.akidb.security.keys.KeyRing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tokens: who makes which, and which are believed. */
class TokensTests {

    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Rights NOTES = RightsJson.parse("{\"notes\": {\"columns\": [\"title\"]}}", "tables");

    @TempDir
    private Path data;

    private Instant time = NOW;
    private final InstantSource clock = () -> time;
    private final KeyPair pair = newPair();
    private ApiKeys keys;
    private ApiKey parent;

    @BeforeEach
    void makeAKey() {
        keys = new ApiKeys(data, clock);
        parent = keys.create("backend", Set.of(Scope.READ, Scope.WRITE), null, null)
                .key();
    }

    private static KeyPair newPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private KeyRing ring() {
        return new KeyRing(data, false, null, clock);
    }

    private Tokens tokens(KeyRing ring) {
        return tokens(ring, new RevokedTokens(data));
    }

    private Tokens tokens(KeyRing ring, RevokedTokens revoked) {
        TokenSettings settings = new TokenSettings(
                Duration.ofHours(24),
                Map.of("app", Base64.getEncoder().encodeToString(SECRET)),
                Map.of(
                        "mobile",
                        Base64.getEncoder().encodeToString(pair.getPublic().getEncoded())));
        return new Tokens(data, settings, revoked, ring, null, clock);
    }

    private Tokens tokens() {
        return tokens(ring());
    }

    private static Caller caller(ApiKey key) {
        return new Caller(key.id(), key.name(), key.scopes(), key.rights(), null);
    }

    private Tokens.Made make(Tokens tokens, Rights rights, Scope... scopes) {
        return tokens.make(caller(parent), "alice", Duration.ofHours(1), Set.of(scopes), rights);
    }

    /** A claim as an application writes it. */
    private static Map<String, Object> claim() {
        return Map.of("scopes", List.of("read"), "tables", Map.of("notes", Map.of()));
    }

    private String signed(String kid, Key key, Instant end, Map<String, Object> claim) {
        return signed(kid, key, end, claim, "alice");
    }

    private String signed(String kid, Key key, Instant end, Map<String, Object> claim, String subject) {
        String header = key instanceof PrivateKey ? "EdDSA" : "HS256";
        ObjectNode claims = JSON.createObjectNode().put("sub", subject).put("exp", end.getEpochSecond());
        claims.set("akidb", JSON.valueToTree(claim));
        String text =
                encoded("{\"alg\":\"" + header + "\",\"kid\":\"" + kid + "\"}") + "." + encoded(claims.toString());
        return text + "." + signature(key, text);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** By the JDK's own means, not those of the library that reads tokens. */
    private static String signature(Key key, String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            byte[] signature;
            if (key instanceof PrivateKey secret) {
                Signature signing = Signature.getInstance("Ed25519");
                signing.initSign(secret);
                signing.update(bytes);
                signature = signing.sign();
            } else {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(key);
                signature = mac.doFinal(bytes);
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static SecretKeySpec secret(byte[] bytes) {
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    private void refuses(String token) {
        Tokens tokens = tokens();
        assertThatThrownBy(() -> tokens.admit(token)).isInstanceOf(UnauthenticatedException.class);
    }

    @Test
    void letsInWhoHasATokenThatAKeyMade() {
        Tokens tokens = tokens();
        Tokens.Made made = make(tokens, NOTES, Scope.READ);

        Caller caller = tokens.admit(made.text());

        assertThat(made.keyId()).isEqualTo(parent.id());
        assertThat(made.expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(caller.id()).isEqualTo(parent.id() + "/alice");
        assertThat(caller.name()).isEqualTo("backend/alice");
        assertThat(caller.scopes()).containsExactly(Scope.READ);
        assertThat(caller.rights()).isEqualTo(NOTES);
        assertThat(tokens().admit(made.text())).isEqualTo(caller);
    }

    @Test
    void keepsItsOwnKeyWhereOnlyItsOwnerReadsIt() throws Exception {
        make(tokens(), Rights.ALL, Scope.READ);
        Path file = data.resolve("security").resolve("tokens.key");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        String made = make(tokens(), Rights.ALL, Scope.READ).text();
        Files.delete(file);
        refuses(made);
    }

    @Test
    void endsATokenWithItsTimeAndWithItsKey() {
        Tokens tokens = tokens();
        Tokens.Made made = make(tokens, Rights.ALL, Scope.READ);
        Caller.Token facts = Objects.requireNonNull(tokens.admit(made.text()).token());
        assertThat(tokens.isStillValid(facts)).isTrue();
        time = made.expiresAt();
        assertThat(tokens.isStillValid(facts)).isFalse();
        assertThatThrownBy(() -> tokens.admit(made.text()))
                .isInstanceOf(UnauthenticatedException.class)
                .hasMessageContaining("expired");
        time = NOW;
        KeyRing ring = ring();
        Tokens again = tokens(ring);
        again.admit(made.text());
        keys.revoke("backend");
        ring.refresh();
        assertThat(again.isStillValid(facts)).isFalse();
        assertThatThrownBy(() -> again.admit(made.text())).isInstanceOf(UnauthenticatedException.class);
    }

    @Test
    void lastsNoLongerThanItsKey() {
        ApiKey brief = keys.create("brief", Set.of(Scope.READ), NOW.plusSeconds(60), null)
                .key();
        Tokens.Made made = tokens().make(caller(brief), "alice", Duration.ofHours(1), Set.of(Scope.READ), Rights.ALL);
        assertThat(made.expiresAt()).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void mayNeverMoreThanItsKey() {
        ApiKey narrow =
                keys.create("narrow", Set.of(Scope.READ), null, null, NOTES).key();
        Tokens tokens = tokens();
        Caller asking = caller(narrow);
        Duration hour = Duration.ofHours(1);
        assertThatThrownBy(() -> tokens.make(asking, "a", hour, Set.of(Scope.WRITE), Rights.ALL))
                .isInstanceOf(ForbiddenException.class);
        assertThatThrownBy(() -> tokens.make(asking, "a", hour, Set.of(Scope.ADMIN), Rights.ALL))
                .isInstanceOf(InvalidInputException.class);
        Rights other = RightsJson.parse("{\"other\": {}}", "tables");
        assertThatThrownBy(() -> tokens.make(asking, "a", hour, Set.of(Scope.READ), other))
                .isInstanceOf(ForbiddenException.class);
        Rights wider = RightsJson.parse("{\"notes\": {\"columns\": [\"diary\"]}}", "tables");
        assertThatThrownBy(() -> tokens.make(asking, "a", hour, Set.of(Scope.READ), wider))
                .isInstanceOf(ForbiddenException.class);
        Tokens.Made made = tokens.make(asking, "a", hour, Set.of(Scope.READ), Rights.ALL);
        assertThat(tokens.admit(made.text()).rights()).isEqualTo(NOTES);
        assertThatThrownBy(() -> tokens.make(tokens.admit(made.text()), "a", hour, Set.of(Scope.READ), Rights.ALL))
                .isInstanceOf(ForbiddenException.class);
    }

    @Test
    void joinsTheConditionsOfAKeyAndItsToken() {
        String own = "{\"notes\": {\"where\": [{\"column\": \"team\", \"operator\": \"=\", \"value\": 1}]}}";
        String its = "{\"notes\": {\"where\": [{\"column\": \"owner\", \"operator\": \"=\", \"value\": \"a\"}]}}";
        ApiKey team = keys.create("team", Set.of(Scope.READ), null, null, RightsJson.parse(own, "tables"))
                .key();
        Tokens tokens = tokens();
        Tokens.Made made = tokens.make(
                caller(team), "a", Duration.ofHours(1), Set.of(Scope.READ), RightsJson.parse(its, "tables"));
        Rights.InTable part =
                Objects.requireNonNull(tokens.admit(made.text()).rights().in("notes"));
        assertThat(part.conditions()).hasSize(2);
    }

    @Test
    void believesApplicationsWhoseKeysAreInTheSettings() {
        Instant end = NOW.plusSeconds(600);
        for (String token : List.of(
                signed("app", secret(SECRET), end, claim()), signed("mobile", pair.getPrivate(), end, claim()))) {
            Caller caller = tokens().admit(token);
            assertThat(caller.id()).endsWith("/alice");
            assertThat(caller.scopes()).containsExactly(Scope.READ);
            assertThat(caller.rights().in("notes")).isEqualTo(Rights.InTable.WHOLE);
            assertThat(caller.rights().in("vault")).isNull();
        }
    }

    @Test
    void believesNobodyElse() {
        Instant end = NOW.plusSeconds(600);
        make(tokens(), Rights.ALL, Scope.READ);
        String right = signed("app", secret(SECRET), end, claim());
        tokens().admit(right);
        refuses(signed(
                "app", secret("another secret of 32 bytes, or so".getBytes(StandardCharsets.US_ASCII)), end, claim()));
        refuses(signed("unknown", secret(SECRET), end, claim()));
        refuses(signed(parent.id(), secret(SECRET), end, claim()));
        refuses(signed("mobile", secret(pair.getPublic().getEncoded()), end, claim()));
        refuses(signed("mobile", newPair().getPrivate(), end, claim()));
        String[] parts = right.split("\\.");
        refuses(encoded("{\"alg\":\"none\",\"kid\":\"app\"}") + "." + parts[1] + ".");
        refuses(parts[0] + "." + parts[1] + ".");
        refuses(parts[0] + "." + encoded("{\"sub\":\"x\",\"exp\":9999999999}") + "." + parts[2]);
        refuses("eyJ.x.y");
        refuses("eyJ" + "a".repeat(5_000) + ".b.c");
    }

    @Test
    void refusesTokensOfAnApplicationWhoseKeyIsRevokedWhileItRuns() {
        RevokedTokens followed = new RevokedTokens(data);
        Tokens tokens = tokens(ring(), followed);
        String ofApp = signed("app", secret(SECRET), NOW.plusSeconds(600), claim());
        String ofMobile = signed("mobile", pair.getPrivate(), NOW.plusSeconds(600), claim());
        Caller.Token facts = Objects.requireNonNull(tokens.admit(ofApp).token());

        new RevokedTokens(data).revoke("app");
        followed.refresh();

        assertThat(tokens.isStillValid(facts)).isFalse();
        assertThatThrownBy(() -> tokens.admit(ofApp)).isInstanceOf(UnauthenticatedException.class);
        String another = signed("app", secret(SECRET), NOW.plusSeconds(700), claim());
        assertThatThrownBy(() -> tokens.admit(another)).isInstanceOf(UnauthenticatedException.class);
        refuses(ofApp);
        tokens.admit(ofMobile);

        new RevokedTokens(data).restore("app");
        followed.refresh();

        assertThat(tokens.isStillValid(facts)).isTrue();
        tokens.admit(ofApp);
        assertThatThrownBy(() -> new RevokedTokens(data).restore("app")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> new RevokedTokens(data).revoke("two\nlines"))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void refusesClaimsThatSayNothingOrTooMuch() {
        Instant end = NOW.plusSeconds(600);
        SecretKeySpec key = secret(SECRET);
        refuses(signed("app", key, NOW.minusSeconds(1), claim()));
        refuses(signed("app", key, NOW.plus(Duration.ofDays(2)), claim()));
        refuses(signed("app", key, end, Map.of()));
        refuses(signed("app", key, end, Map.of("scopes", List.of("admin"))));
        refuses(signed("app", key, end, Map.of("scopes", List.of())));
        refuses(signed("app", key, end, Map.of("scopes", List.of("read"), "tables", List.of("notes"))));
        refuses(signed("app", key, end, Map.of("scopes", List.of("read"), "table", Map.of("notes", Map.of()))));
        refuses(signed("app", key, end, Map.of("scopes", Map.of("a", "read"))));
        Map<String, Object> unfilled = new HashMap<>(Map.of("scopes", List.of("read")));
        unfilled.put("tables", null);
        refuses(signed("app", key, end, unfilled));
        refuses(signed("app", key, end, claim(), ""));
        refuses(signed("app", key, end, claim(), "a\nb"));
        ObjectNode endless = JSON.createObjectNode().put("sub", "alice");
        endless.set("akidb", JSON.valueToTree(claim()));
        String text = encoded("{\"alg\":\"HS256\",\"kid\":\"app\"}") + "." + encoded(endless.toString());
        refuses(text + "." + signature(key, text));
    }

    @Test
    void refusesSettingsThatAreNoKeys() {
        Duration day = Duration.ofDays(1);
        assertThatThrownBy(() -> new TokenSettings(day, Map.of("app", "c2hvcnQ="), Map.of()))
                .hasMessageContaining("akidb.security.tokens.secrets.app")
                .hasMessageContaining("32 bytes");
        assertThatThrownBy(() -> new TokenSettings(day, Map.of(), Map.of("app", "c2hvcnQ=")))
                .hasMessageContaining("akidb.security.tokens.public-keys.app");
        assertThatThrownBy(() -> new TokenSettings(Duration.ofDays(31), Map.of(), Map.of()))
                .hasMessageContaining("max-lifetime");
    }
}
