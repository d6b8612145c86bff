package com.akidb.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.akidb.command.TestCommands.Ran;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code akidb keys} as it is typed. */
class KeysCommandTests {

    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

    @TempDir
    private Path data;

    private Ran run(String... words) {
        return TestCommands.run(new byte[0], () -> NOW, words);
    }

    private Ran keys(String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "keys";
        System.arraycopy(words, 0, all, 1, words.length);
        all[all.length - 2] = "--data-dir";
        all[all.length - 1] = data.toString();
        return run(all);
    }

    @Test
    void printsANewKeyOnceAndAloneOnStandardOutput() {
        Ran made = keys("create", "ingest", "--scopes", "read,write", "--expires", "90d", "--rate", "5");

        assertThat(made.status()).isZero();
        assertThat(made.out()).matches("akidb_[a-z0-9]{8}_[A-Za-z0-9_-]{43}\n");
        assertThat(made.err()).contains("ingest with the scope read,write, until 2027-02-23T10:00:00Z");

        Ran listed = keys("list");
        assertThat(listed.out())
                .contains("ingest", "read,write", "2027-02-23T10:00:00Z", "not yet", "5.0/s, 10 at once")
                .doesNotContain(made.out().strip());
    }

    @Test
    void revokesByNameOrIdAndWarnsWhenItWasTheLast() {
        keys("create", "one", "--scopes", "admin");
        String second = keys("create", "two", "--scopes", "read").out();

        assertThat(keys("revoke", "one").err()).contains("Revoked the key one").doesNotContain("last one");
        assertThat(keys("revoke", second.substring(6, 14)).err()).contains("Revoked the key two", "last one");
        assertThat(keys("list").err()).contains("There are no keys");
    }

    @Test
    void revokesTokensAndTakesItBack() {
        assertThat(keys("revoke-tokens", "web").err()).contains("signed with the key web are refused");
        assertThat(keys("revoke-tokens", "web", "--undo").err()).contains("web are believed again");
        assertThat(keys("revoke-tokens", "web", "--undo").err()).contains("web are not refused");
        Ran wrong = keys("revoke-tokens", "a b");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err()).startsWith("akidb: KEY-ID must be 1 to 64 letters");
    }

    /** Such as a variable of a script that was never set. */
    @Test
    void makesNoKeyForAllTablesWhereALimitIsEmpty() {
        for (String empty : List.of("", " ", "null", "{\"notes\": null}", "{\"notes\": {\"where\": null}}")) {
            Ran made = keys("create", "part", "--scopes", "read", "--tables", empty);
            assertThat(made.status()).as(empty).isEqualTo(1);
            assertThat(made.err()).startsWith("akidb: --tables");
        }
        assertThat(keys("list").err()).contains("There are no keys");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(keys("revoke", "none")).isEqualTo(new Ran(1, "", "akidb: There is no key named none\n"));
        assertThat(keys("create", "a", "--scopes", "read", "--expires", "soon").err())
                .isEqualTo("akidb: --expires must be like 90d, 12h or 2027-01-31T00:00:00Z, is 'soon'\n");
        assertThat(keys("create", "a", "--scopes", "read", "--expires", "2020-01-01T00:00:00Z")
                        .err())
                .contains("must be in the future");
        assertThat(keys("create", "a", "--scopes", "read", "--burst", "3").err())
                .contains("--burst needs --rate");
        assertThat(keys("create", "a", "--scopes", "read,writ").status()).isEqualTo(2);
        assertThat(keys("create", "a").err()).contains("Missing required option: '--scopes=SCOPE");
        assertThat(run("kyes").status()).isEqualTo(2);
        assertThat(run("keys", "--help").out()).contains("create", "list", "revoke", "revoke-tokens");
    }
}
