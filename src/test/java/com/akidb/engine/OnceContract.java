package com.akidb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.akidb.error.AkidbException;
import com.akidb.error.ConflictException;
import com.akidb.error.ErrorCode;
import com.akidb.error.NotFoundException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** How engines have writes happen once. */
public abstract class OnceContract extends TableEngineContract {

    /** Whose receipt says what the writes did. */
    private static Once once(String key, String fingerprint) {
        return new Once(key, fingerprint, results -> results.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static TableMutation insertion(Table table, String key) {
        return new TableMutation(
                table.id(),
                new Mutation.Insert(List.of(Fixtures.document(key, "text of " + key, 1, 0)), OnConflict.REPLACE));
    }

    private List<WriteResult> write(List<TableMutation> mutations, Once once) {
        try {
            return engine.write(mutations, once).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private String receipt(String key) {
        return engine.receipt(key)
                .map(receipt -> receipt.fingerprint() + " " + new String(receipt.answer(), StandardCharsets.UTF_8))
                .orElse("none");
    }

    @Test
    void keepsAReceiptOfWhatAWriteDidAcrossAStart() {
        Table notes = engine.create(Fixtures.documents("notes"));
        assertThat(receipt("k")).isEqualTo("none");
        WriteResult result = Fixtures.done(engine.write(insertion(notes, "a"), once("k", "f")));
        assertThat(result).isEqualTo(new WriteResult(1, 0, 0, 0, 0, engine.version()));
        String kept = "f " + List.of(result);
        assertThat(receipt("k")).isEqualTo(kept);
        reopen();
        assertThat(receipt("k")).isEqualTo(kept);
        assertThat(receipt("other")).isEqualTo("none");
    }

    @Test
    void letsNoSecondWriteWithTheSameKeyHappen() {
        Table notes = engine.create(Fixtures.documents("notes"));
        List<WriteResult> first = write(List.of(insertion(notes, "a"), insertion(notes, "b")), once("k", "f"));
        long version = engine.version();
        assertThatThrownBy(() -> write(List.of(insertion(notes, "c")), once("k", "f")))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_IN_USE));
        assertThat(engine.version()).isEqualTo(version);
        assertThat(engine.reader(notes.id()).get("c", false)).isEmpty();
        assertThat(receipt("k")).isEqualTo("f " + first);
        write(List.of(insertion(notes, "c")), once("k2", "f"));
        assertThat(engine.reader(notes.id()).get("c", false)).isPresent();
    }

    @Test
    void keepsAReceiptOfAWriteThatChangedNothing() {
        Table notes = engine.create(Fixtures.documents("notes"));
        put(notes, "a", "text", 1, 0);
        long version = engine.version();
        TableMutation deletion = new TableMutation(notes.id(), new Mutation.Delete(RowSelection.keys("none")));
        List<WriteResult> result = write(List.of(deletion), once("k", "f"));
        assertThat(result).containsExactly(new WriteResult(0, 0, 0, 0, 0, version));
        assertThat(receipt("k")).isEqualTo("f " + result);
        reopen();
        assertThat(receipt("k")).isEqualTo("f " + result);
        assertThat(engine.version()).isEqualTo(version);
    }

    @Test
    void keepsNoReceiptOfAWriteThatFailed() {
        Table notes = engine.create(Fixtures.documents("notes"));
        put(notes, "a", "text", 1, 0);
        TableMutation second = new TableMutation(
                notes.id(), new Mutation.Insert(List.of(Fixtures.document("a", "other", 1, 0)), OnConflict.ERROR));
        assertThatThrownBy(() -> write(List.of(second), once("k", "f"))).isInstanceOf(ConflictException.class);
        assertThat(receipt("k")).isEqualTo("none");
        write(List.of(insertion(notes, "b")), once("k", "f"));
        assertThat(receipt("k")).startsWith("f ");
    }

    @Test
    void writesNothingIfItsAnswerIsAFailure() {
        Table notes = engine.create(Fixtures.documents("notes"));
        Once refusing = new Once("k", "f", _ -> {
            throw new NotFoundException("Nothing was found");
        });
        assertThatThrownBy(() -> write(List.of(insertion(notes, "a")), refusing))
                .isInstanceOf(AkidbException.class);
        assertThat(engine.reader(notes.id()).get("a", false)).isEmpty();
        assertThat(receipt("k")).isEqualTo("none");
        put(notes, "b", "text", 1, 0);
        assertThat(engine.reader(notes.id()).get("b", false)).isPresent();
    }
}
