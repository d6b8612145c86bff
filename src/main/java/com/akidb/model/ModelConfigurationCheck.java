package com.akidb.model;

import com.akidb.configuration.BoundSettings;
import com.akidb.configuration.ConfigurationCheck;
import com.akidb.configuration.ConfigurationProblem;
import com.akidb.configuration.InvalidConfigurationException;
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
            RegisteredModels.of(settings.get(), defaults.get());
            return List.of();
        } catch (InvalidConfigurationException e) {
            return e.problems();
        }
    }
}
