package com.akidb.model;

import java.nio.file.Path;
import java.util.Locale;

/** The ONNX graph of a model in forms that are small enough for clients to fetch. */
public interface ModelVariants {

    /** How a variant stores the weights. All of them compute in float32. */
    enum Precision {
        /** As the model's own file has them. */
        FP32,
        /** In half the bytes: two a weight. */
        FP16,
        /** In a quarter of the bytes: one a weight, and a scale for each row or column of a matrix. */
        INT8;

        /** As clients call it: {@code fp32}, {@code fp16} or {@code int8}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One variant, whole and verified on this machine's disk.
     *
     * @param bytes size of its file
     * @param sha256 of its file, in hex
     * @param lowestCosine between a vector of the variant and the model's own of the same text, over the texts that were tried; 1 for
     *     {@link Precision#FP32}
     * @param tag names this very file: that of the model's, the variant, and how it is made
     */
    record Variant(Precision precision, Path file, long bytes, String sha256, double lowestCosine, String tag) {}

    /** Compares a graph with the model that it was made from. */
    @FunctionalInterface
    interface Likeness {

        /** @return the lowest cosine between the vectors that the graph gives for some texts and the model's */
        double of(Path graph);
    }

    /**
     * The variant, made now if it is not on this disk or was damaged. Blocks, for some seconds if it is made; safe to call from several
     * threads and processes at once.
     *
     * @param files of a model of the kind {@code onnx}
     * @param likeness is asked once, when the variant is made
     * @throws com.akidb.error.InvalidInputException if the model has files beside its graph, which clients cannot load
     * @throws com.akidb.error.CorruptDataException if the model's file is damaged
     * @throws com.akidb.error.UnavailableException if there is no room on the disk
     */
    Variant get(ModelFiles files, Precision precision, Likeness likeness);
}
