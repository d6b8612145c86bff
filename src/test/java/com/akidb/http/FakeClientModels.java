package com.akidb.http;

import com.akidb.embedding.ClientModels;
import com.akidb.error.NotFoundException;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import com.akidb.model.ModelVariants.Precision;
import com.akidb.model.ModelVariants.Variant;
import com.akidb.model.Pooling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The model {@code fake} for clients: files of some bytes that repeat. */
public final class FakeClientModels implements ClientModels {

    /** Bytes of its graphs. */
    public static final int BYTES = 3_000_000;

    private final Path directory;

    FakeClientModels() {
        try {
            directory = Files.createTempDirectory(Path.of("target"), "client-models");
            Files.write(directory.resolve("graph"), content());
            Files.writeString(directory.resolve("tokenizer"), "{\"model\":{}}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] content() {
        byte[] content = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            content[i] = (byte) (i * 31 + i / 1000);
        }
        return content;
    }

    @Override
    public ClientModel model(String model) {
        ModelSpec spec = new ModelSpec(
                known(model),
                List.of("org/fake"),
                "onnx",
                3,
                16,
                Pooling.MEAN,
                "query: ",
                true,
                "",
                3,
                "sentence",
                new ModelSource.ClassPath("graph", "tokenizer"),
                null);
        List<Variant> variants = List.of(variant(model, Precision.FP32), variant(model, Precision.INT8));
        return new ClientModel(spec, "fingerprint of fake", tokenizer(model), variants);
    }

    @Override
    public Variant variant(String model, Precision precision) {
        known(model);
        if (precision == Precision.FP16) {
            throw new NotFoundException("Model 'fake' is not offered as fp16");
        }
        double cosine = precision == Precision.FP32 ? 1 : 0.9995;
        return new Variant(
                precision, directory.resolve("graph"), BYTES, "ab".repeat(32), cosine, "tag-" + precision.wireName());
    }

    @Override
    public Tokenizer tokenizer(String model) {
        known(model);
        return new Tokenizer(directory.resolve("tokenizer"), 12, "tag-tokenizer");
    }

    private static String known(String model) {
        if (!model.equals("fake") && !model.equals("org/fake")) {
            throw new NotFoundException("Model '" + model + "' is not one that clients can run");
        }
        return "fake";
    }
}
