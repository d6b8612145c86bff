package com.akidb.command;

import com.akidb.account.Rights;
import com.akidb.security.ApiKey;
import com.akidb.security.ApiKeys;
import com.akidb.security.RequestRate;
import com.akidb.security.RevokedTokens;
import com.akidb.security.RightsJson;
import com.akidb.security.Scope;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code akidb keys}: makes, lists and revokes API keys, whether a server runs over the data directory or not. */
@Command(
        name = "keys",
        description =
                "Makes, lists and revokes API keys, and revokes tokens. A running server follows within a second.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(create | list | revoke | revoke-tokens)")
final class KeysCommand {

    private static final String DATA = "the server's data directory; if absent, AKIDB_DATA_DIR, else data";
    private static final String TABLES =
            "the tables that it may see; if absent, all. An object with a member for each: {\"notes\": {\"columns\":"
                    + " [\"title\"], \"where\": FILTER}}, both of which may be left out";
    private static final String DEFAULT_DATA = "${env:AKIDB_DATA_DIR:-data}";
    private static final String ROW = "%-8s  %-20s  %-16s  %-20s  %-20s  %-20s  %s%n";

    private final PrintWriter out;
    private final PrintWriter err;
    private final InstantSource clock;

    KeysCommand(PrintWriter out, PrintWriter err, InstantSource clock) {
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    @Command(name = "create", description = "Makes a key and prints it, once.", mixinStandardHelpOptions = true)
    void create(
            @Parameters(paramLabel = "NAME", description = "for people: 1 to 64 letters, digits and . _ -") String name,
            @Option(
                            names = "--scopes",
                            required = true,
                            split = ",",
                            paramLabel = "SCOPE",
                            description = "what it may do: read, write, admin (which includes both)")
                    Set<Scope> scopes,
            @Option(names = "--expires", description = "when it ends: 90d, 12h, or a time such as 2027-01-31T00:00:00Z")
                    @Nullable
                    String expires,
            @Option(names = "--rate", description = "requests per second that it may make") @Nullable Double rate,
            @Option(names = "--burst", description = "requests at once after a rest; if absent, twice the rate")
                    @Nullable
                    Integer burst,
            @Option(names = "--tables", paramLabel = "JSON", description = TABLES) @Nullable String tables,
            @Option(names = "--data-dir", defaultValue = DEFAULT_DATA, description = DATA) Path dataDirectory) {
        Instant now = clock.instant();
        Instant end = expires == null ? null : Expiry.parse(expires, now);
        Rights rights = tables == null ? Rights.ALL : RightsJson.parse(tables, "--tables");
        ApiKeys.Created created =
                new ApiKeys(dataDirectory, clock).create(name, scopes, end, Expiry.rate(rate, burst), rights);
        err.println("Made the key " + name + " with the scope " + names(created.key())
                + (end == null ? "" : ", until " + end)
                + ". It is shown this once and kept nowhere:");
        out.println(created.text());
    }

    @Command(name = "list", description = "Lists the keys, without the secrets.", mixinStandardHelpOptions = true)
    void list(@Option(names = "--data-dir", defaultValue = DEFAULT_DATA, description = DATA) Path dataDirectory) {
        ApiKeys keys = new ApiKeys(dataDirectory, clock);
        List<ApiKey> all = keys.list();
        if (all.isEmpty()) {
            err.println("There are no keys in " + dataDirectory);
            return;
        }
        Map<String, Instant> uses = keys.lastUses();
        Instant now = clock.instant();
        out.printf(ROW, "ID", "NAME", "SCOPES", "CREATED", "EXPIRES", "LAST USE", "RATE");
        for (ApiKey key : all) {
            out.printf(
                    ROW,
                    key.id(),
                    key.name(),
                    names(key),
                    seconds(key.createdAt(), ""),
                    key.isExpired(now) ? "expired" : seconds(key.expiresAt(), "never"),
                    seconds(uses.get(key.id()), "not yet"),
                    rate(key.rate()));
        }
    }

    @Command(
            name = "revoke",
            description = "Revokes a key: from now on nobody gets in with it.",
            mixinStandardHelpOptions = true)
    void revoke(
            @Parameters(paramLabel = "NAME|ID") String nameOrId,
            @Option(names = "--data-dir", defaultValue = DEFAULT_DATA, description = DATA) Path dataDirectory) {
        ApiKeys keys = new ApiKeys(dataDirectory, clock);
        ApiKey revoked = keys.revoke(nameOrId);
        err.println("Revoked the key " + revoked.name() + " (" + revoked.id() + ").");
        if (keys.list().isEmpty()) {
            err.println(
                    "It was the last one: a server that runs refuses everybody now; one that is started again needs no"
                            + " key unless akidb.security.require-keys=true.");
        }
    }

    @Command(
            name = "revoke-tokens",
            description = "Refuses all tokens that applications signed with a key of the server's settings.",
            mixinStandardHelpOptions = true)
    void revokeTokens(
            @Parameters(
                            paramLabel = "KEY-ID",
                            description = "of akidb.security.tokens.secrets or public-keys; tokens that an API key made"
                                    + " end when that is revoked")
                    String keyId,
            @Option(names = "--undo", description = "believes them again") boolean undo,
            @Option(names = "--data-dir", defaultValue = DEFAULT_DATA, description = DATA) Path dataDirectory) {
        RevokedTokens revoked = new RevokedTokens(dataDirectory);
        if (undo) {
            revoked.restore(keyId);
            err.println("Tokens signed with the key " + keyId + " are believed again.");
        } else {
            revoked.revoke(keyId);
            err.println("Tokens signed with the key " + keyId + " are refused from now on.");
        }
    }

    private static String names(ApiKey key) {
        return new TreeSet<>(key.scopes()).stream().map(Scope::wireName).collect(Collectors.joining(","));
    }

    private static String seconds(@Nullable Instant time, String otherwise) {
        return time == null
                ? otherwise
                : Instant.ofEpochSecond(time.getEpochSecond()).toString();
    }

    private static String rate(@Nullable RequestRate rate) {
        return rate == null ? "" : rate.perSecond() + "/s, " + rate.burst() + " at once";
    }
}
