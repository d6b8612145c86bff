package com.akidb.embedding.openai;

import com.akidb.embedding.EmbeddingBackend;
import com.akidb.embedding.EmbeddingBackendFactory;
import com.akidb.model.ModelFiles;
import com.akidb.model.ModelSource;
import com.akidb.model.ModelSpec;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Opens models of kind {@code openai}. Opening asks the provider nothing. */
public final class OpenAiBackendFactory implements EmbeddingBackendFactory {

    private final OpenAiProperties settings;
    private final Function<String, @Nullable String> environment;

    /**
     * A factory.
     *
     * @param environment the value of an environment variable, null if it is not set
     */
    public OpenAiBackendFactory(OpenAiProperties settings, Function<String, @Nullable String> environment) {
        this.settings = settings;
        this.environment = environment;
    }

    @Override
    public String kind() {
        return "openai";
    }

    @Override
    public Optional<String> refusal(ModelSpec spec) {
        return Optional.of(provider(source(spec)).refusal()).filter(reason -> !reason.isEmpty());
    }

    @Override
    public EmbeddingBackend open(ModelSpec spec, ModelFiles files) {
        ModelSource.Endpoint source = source(spec);
        return new OpenAiBackend(spec, source.model(), provider(source), settings);
    }

    private static ModelSource.Endpoint source(ModelSpec spec) {
        if (spec.source() instanceof ModelSource.Endpoint source) {
            return source;
        }
        throw new IllegalArgumentException("Model '" + spec.id() + "' has no endpoint");
    }

    private Provider provider(ModelSource.Endpoint source) {
        return source.address().isEmpty()
                ? new Provider(settings.endpoint(), settings.keyVariable(), environment)
                : new Provider(source.address(), source.keyVariable(), environment);
    }
}
