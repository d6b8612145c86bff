package com.akidb.model;

import com.akidb.configuration.BoundSettings;
import com.akidb.configuration.ConfigurationCheck;
import com.akidb.configuration.ConfigurationProblem;
import com.akidb.configuration.InvalidConfigurationException;
import com.akidb.error.InvalidInputException;
import com.akidb.model.registry.RegisteredModels;
import java.util.List;
import java.util.Optional;

/** Checks the descriptions of models, and that the default model is one of them. */
final class ModelConfigurationCheck implements ConfigurationCheck {

    @Override
    public List<ConfigurationProblem> check(BoundSettings bound) {
        Optional<ModelSettings> settings = bound.get(ModelSettings.class);
        Optional<EmbeddingDefaults> defaults = bound.get(EmbeddingDefaults.class);
        if (settings.isEmpty() || defaults.isEmpty()) {
            return List.of();
        }
        try {
            ModelRegistry models = RegisteredModels.of(settings.get(), defaults.get());
            return bound.get(EmbeddingsApiDefaults.class)
                    .flatMap(api -> unknown(models, api.defaultModel()))
                    .map(List::of)
                    .orElse(List.of());
        } catch (InvalidConfigurationException e) {
            return e.problems();
        }
    }

    private static Optional<ConfigurationProblem> unknown(ModelRegistry models, String name) {
        try {
            models.resolve(name);
            return Optional.empty();
        } catch (InvalidInputException e) {
            return Optional.of(ConfigurationProblem.of(
                    "akidb.embeddings-api.default-model", "must be the id or an alias of a model: " + e.detail()));
        }
    }
}
