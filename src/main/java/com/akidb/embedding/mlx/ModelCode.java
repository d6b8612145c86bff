package com.akidb.embedding.mlx;

import java.util.List;
import org.graalvm.polyglot.Value;

/**
 * How a model is made in Python: {@code module.type(arguments)}.
 *
 * @param module to import
 * @param type class in it
 * @param arguments strings, numbers or truth values
 */
record ModelCode(String module, String type, List<?> arguments) {

    ModelCode {
        arguments = List.copyOf(arguments);
    }

    /** AkiDB's own package, which takes token ids. */
    static ModelCode ofFolder(String folder) {
        return new ModelCode("akidb_mlx.host", "Worker", List.of(folder));
    }

    /** A user's package, which takes texts. */
    static ModelCode ofService(String model, String module) {
        return new ModelCode("akidb_user_service", "UserService", List.of(model, module));
    }

    Value make(PythonInterpreter python) {
        return python.module(module).invokeMember(type, arguments.toArray());
    }
}
