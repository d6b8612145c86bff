package com.akidb.embedding.mlx;

import com.akidb.embedding.EmbeddingBackend.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.graalvm.polyglot.Value;

/** Texts as token ids, for {@code akidb_mlx.host.Worker}. Numbers cross as bytes, in this machine's order. */
record TokenCall(TokenBatch batch) implements PythonCall {

    @Override
    public Value of(Value model) {
        int width = model.invokeMember("padded_length", batch.longest()).asInt();
        return model.invokeMember(
                "encode", ids(width), lengths(), width, batch.pooling().wireName());
    }

    private ByteBuffer ids(int width) {
        int rows = batch.rows().size();
        ByteBuffer ids = ByteBuffer.allocate(rows * width * Integer.BYTES).order(ByteOrder.nativeOrder());
        for (int row = 0; row < rows; row++) {
            ids.asIntBuffer().put(row * width, batch.rows().get(row));
        }
        return ids;
    }

    private ByteBuffer lengths() {
        ByteBuffer lengths =
                ByteBuffer.allocate(batch.rows().size() * Integer.BYTES).order(ByteOrder.nativeOrder());
        batch.rows().forEach(row -> lengths.putInt(row.length));
        return lengths.rewind();
    }
}
