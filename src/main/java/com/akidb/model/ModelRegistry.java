package com.akidb.model;

import java.util.List;

/** The models that this server knows, by id and alias. */
public interface ModelRegistry {

    /** All models, the default first. */
    List<ModelSpec> models();

    /** The model used when a request names none. */
    ModelSpec defaultModel();

    /**
     * Finds a model by id or alias, or by what follows the last slash of an alias if only one model has it; the case of
     * letters does not count.
     *
     * @throws com.akidb.error.InvalidInputException with code UNKNOWN_MODEL, naming the models there are
     */
    ModelSpec resolve(String name);
}
