package com.akidb.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.ConflictException;
import com.akidb.error.CorruptDataException;
import com.akidb.error.ErrorCode;
import com.akidb.error.ForbiddenException;
import com.akidb.error.InvalidInputException;
import com.akidb.error.NotFoundException;
import com.akidb.error.OverloadedException;
import com.akidb.error.UnauthenticatedException;
import com.akidb.security.keys.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys from their making to their end, through the file and the gate. */
class ApiKeysTests {

    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

    @TempDir
    private Path data;

    private Instant time = NOW;
    private final InstantSource clock = () -> time;

    private ApiKeys keys() {
        return new ApiKeys(data, clock);
    }

    private KeyRing ring(boolean alwaysRequired) {
        return new KeyRing(data, alwaysRequired, null, clock);
    }

    private String create(String name, Scope... scopes) {
        return keys().create(name, Set.of(scopes), null, null).text();
    }

    private static Gate gate(KeyRing ring, Quota quota) {
        return new Gate(ring, TestGates.tokens(ring), quota);
    }

    private static Caller admit(KeyRing ring, String key, @Nullable Scope scope) {
        return gate(ring, Quota.NONE)
                .admit(List.of("Bearer " + key), List.of(), scope, "GET /", true)
                .caller();
    }

    @Test
    void letsInWhoHasAKeyWithTheScope() {
        String key = create("reader", Scope.READ);

        Caller caller = admit(ring(false), key, Scope.READ);

        assertThat(caller.name()).isEqualTo("reader");
        assertThat(key).matches("akidb_[a-z0-9]{8}_[A-Za-z0-9_-]{43}").contains(caller.id());
        assertThatThrownBy(() -> admit(ring(false), key, Scope.WRITE))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage("This needs an API key with the scope write; the key reader has read");
    }

    @Test
    void letsAdministratorsDoEverythingAndWritersNotRead() {
        String admin = create("admin", Scope.ADMIN);
        String writer = create("collector", Scope.WRITE);
        KeyRing ring = ring(false);

        for (Scope scope : Scope.values()) {
            assertThat(admit(ring, admin, scope).name()).isEqualTo("admin");
        }
        assertThatThrownBy(() -> admit(ring, writer, Scope.READ)).isInstanceOf(ForbiddenException.class);
        assertThat(admit(ring, writer, null).name()).isEqualTo("collector");
    }

    @Test
    void keepsNoKeyButItsHashForItsOwnerAlone() throws IOException {
        String key = create("reader", Scope.READ);
        Path file = data.resolve("security/keys.json");

        assertThat(Files.readString(file)).contains("reader").doesNotContain(key.substring(key.lastIndexOf('_') + 1));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        try (var left = Files.list(file.getParent())) {
            assertThat(left.map(path -> path.getFileName().toString())).containsOnly("keys.json", "keys.lock");
        }
    }

    @Test
    void refusesWhatIsAlmostTheKey() {
        String key = create("reader", Scope.READ);
        KeyRing ring = ring(false);
        char last = key.charAt(key.length() - 1) == 'A' ? 'E' : 'A';

        for (String wrong : List.of(
                key.substring(0, key.length() - 1) + last,
                key + "A",
                key.substring(0, key.length() - 1),
                key.toUpperCase(Locale.ROOT),
                "akidb_00000000_" + "A".repeat(43),
                "none")) {
            assertThatThrownBy(() -> admit(ring, wrong, Scope.READ))
                    .isInstanceOf(UnauthenticatedException.class)
                    .hasMessage("The API key is not known; it may have been revoked");
        }
    }

    @Test
    void seesWhatOthersChangedAndStaysClosedWhenTheLastKeyIsGone() {
        KeyRing ring = ring(false);
        assertThat(ring.isRequired()).isFalse();

        String key = create("reader", Scope.READ);
        ring.refresh();
        assertThat(admit(ring, key, Scope.READ).name()).isEqualTo("reader");

        assertThat(keys().revoke("reader").name()).isEqualTo("reader");
        ring.refresh();
        assertThat(ring.isRequired()).isTrue();
        assertThatThrownBy(() -> admit(ring, key, Scope.READ)).isInstanceOf(UnauthenticatedException.class);
    }

    @Test
    void keepsTheKeysItHasWhenTheirFileIsDamaged() throws IOException {
        String key = create("reader", Scope.READ);
        KeyRing ring = ring(false);

        Files.writeString(data.resolve("security/keys.json"), "{\"version\": 1, \"keys\": [{}]}");
        ring.refresh();

        assertThat(admit(ring, key, Scope.READ).name()).isEqualTo("reader");
        assertThatThrownBy(() -> ring(false))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("keys.json is damaged: ");
        assertThatThrownBy(() -> create("other", Scope.READ)).isInstanceOf(CorruptDataException.class);
    }

    @Test
    void refusesKeysThatAreTooOld() {
        String key = keys().create("short", Set.of(Scope.READ), NOW.plusSeconds(60), null)
                .text();
        KeyRing ring = ring(false);

        time = NOW.plusSeconds(59);
        assertThat(admit(ring, key, Scope.READ).name()).isEqualTo("short");
        time = NOW.plusSeconds(60);
        assertThatThrownBy(() -> admit(ring, key, Scope.READ))
                .isInstanceOf(UnauthenticatedException.class)
                .hasMessage("The API key short expired at 2026-11-25T10:01:00Z");
    }

    @Test
    void askedForKeysBeforeThereIsOneRefusesEverybody() {
        assertThatThrownBy(() -> admit(ring(true), "none", null)).isInstanceOf(UnauthenticatedException.class);
        assertThat(admit(ring(false), "none", Scope.ADMIN)).isEqualTo(Caller.ANONYMOUS);
    }

    @Test
    void letsAKeyMakeAsManyRequestsAsItMayAndSaysWhenTheNextMayCome() {
        String key = keys().create("slow", Set.of(Scope.READ), null, new RequestRate(0.001, 3))
                .text();
        KeyRing ring = ring(false);

        for (int i = 0; i < 3; i++) {
            admit(ring, key, Scope.READ);
        }
        assertThatThrownBy(() -> admit(ring, key, Scope.READ))
                .isInstanceOfSatisfying(OverloadedException.class, limited -> {
                    assertThat(limited.code()).isEqualTo(ErrorCode.RATE_LIMITED);
                    assertThat(limited.detail()).contains("slow").contains("0.001 requests per second, 3 at once");
                    assertThat(limited.retryAfter()).isBetween(Duration.ofSeconds(900), Duration.ofSeconds(1000));
                });
        create("other", Scope.READ);
        ring.refresh();
        assertThatThrownBy(() -> admit(ring, key, Scope.READ))
                .as("another key changed nothing about this one")
                .isInstanceOf(OverloadedException.class);
    }

    @Test
    void tellsTheQuotaWhoUsesWhat() {
        String key = create("reader", Scope.READ);
        List<String> told = new ArrayList<>();
        Gate gate = gate(ring(false), (caller, route, unit, amount) -> {
            told.add(caller.name() + " " + route + " " + unit + " " + amount);
            if (amount > 100) {
                throw new OverloadedException(ErrorCode.QUOTA_EXCEEDED, "No more texts today", Duration.ofHours(1));
            }
        });

        CallerAccount account = gate.admit(List.of(), List.of(key), Scope.READ, "POST /embed", true);
        account.chargeTexts(32);
        account.chargeTexts(0);

        assertThat(told).containsExactly("reader POST /embed REQUESTS 1", "reader POST /embed TEXTS 32");
        assertThatThrownBy(() -> account.chargeTexts(101)).hasMessage("No more texts today");
    }

    @Test
    void remembersWhenKeysWereUsed() {
        String key = create("reader", Scope.READ);
        create("unused", Scope.READ);
        KeyRing ring = ring(false);
        time = NOW.plusSeconds(5);
        String id = admit(ring, key, Scope.READ).id();

        ring.saveUses();

        assertThat(keys().lastUses()).containsOnly(Map.entry(id, NOW.plusSeconds(5)));
    }

    @Test
    void saysWhatIsWrongWithAKeyThatIsToBeMadeOrRevoked() {
        create("reader", Scope.READ);

        assertThatThrownBy(() -> create("reader", Scope.READ)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> create("a b", Scope.READ))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("name must be");
        assertThatThrownBy(() -> create("none")).hasMessageContaining("scopes must be at least one of");
        assertThatThrownBy(() -> new RequestRate(Double.NaN, 1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> keys().revoke("raeder"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("did you mean 'reader'?");
    }

    @Test
    void doesNotTakeALostFileForNone() throws IOException {
        create("reader", Scope.READ);
        Path file = data.resolve("security/keys.json");
        Files.delete(file);

        assertThatThrownBy(() -> keys().list())
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("akidb keys create");
        assertThatThrownBy(() -> new KeyRing(data, false, null, InstantSource.system()))
                .isInstanceOf(CorruptDataException.class);

        create("new", Scope.READ);
        assertThat(keys().list()).hasSize(1);
    }

    @Test
    void takesNoKeysForNoneWhenNoneWasEverMade() {
        assertThatThrownBy(() -> keys().revoke("none")).isInstanceOf(NotFoundException.class);

        assertThat(keys().list()).isEmpty();
    }

    @Test
    void losesNoKeyWhenManyAreMadeAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<String>> made = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String name = "k" + i;
                made.add(threads.submit(() -> create(name, Scope.READ)));
            }
            for (Future<String> key : made) {
                key.get();
            }
        }
        assertThat(keys().list()).hasSize(24);
    }
}
