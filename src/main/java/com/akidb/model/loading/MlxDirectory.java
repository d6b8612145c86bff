package com.akidb.model.loading;

import com.akidb.model.FreeMemory;
import com.akidb.model.ModelFiles;
import com.akidb.model.files.DamagedFileException;
import com.akidb.model.files.FileHashes;
import com.akidb.model.files.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model for MLX: {@code config.json}, the tokenizer, and weights as safetensors. An index beside the weights names the files
 * they are split into. Dense layers behind the model, which {@code modules.json} lists, have folders of their own unless
 * the weights contain them under {@code dense.}.
 *
 * @param directory where the files lie
 * @param model path of {@code model.safetensors} in there, be the weights one file or split
 * @param tokenizer path of the tokenizer in there
 */
record MlxDirectory(Path directory, String model, String tokenizer) implements ModelDirectory {

    static final String BACKEND = "mlx";
    static final String WEIGHTS = "model.safetensors";

    private static final String DENSE = "dense.";

    @Override
    public List<String> optional() {
        return List.of(index(), beside("modules.json"));
    }

    @Override
    public Optional<String> missing() throws IOException {
        Optional<String> first = absent(Stream.of(beside("config.json"), tokenizer));
        if (first.isEmpty()) {
            first = absent(weights().stream());
        }
        return first.isPresent() ? first : absent(denseLayers().stream());
    }

    @Override
    public ModelFiles files(String id, FileHashes hashes) throws IOException {
        checkIndex();
        List<Path> files = new ArrayList<>();
        for (String name : weights()) {
            files.add(directory.resolve(name));
        }
        for (String name : denseLayers()) {
            Safetensors.of(directory.resolve(name));
            files.add(directory.resolve(name));
        }
        long weightBytes = FileHashes.sizeOf(files);
        // Before the hashes, because reading weights that cannot be used takes minutes.
        new FreeMemory().require(id, weightBytes);
        files.add(directory.resolve(beside("config.json")));
        files.add(directory.resolve(tokenizer));
        Path folder = directory.resolve(beside("")).normalize();
        return new ModelFiles(folder, directory.resolve(tokenizer), hashes.fingerprint(files), weightBytes);
    }

    /** Paths of the files with the model's own weights: one, or those that the index names. */
    private SortedSet<String> weights() throws IOException {
        SortedSet<String> files = new TreeSet<>();
        if (!Files.isRegularFile(directory.resolve(index()))) {
            files.add(model);
            return files;
        }
        for (Map.Entry<String, JsonNode> entry : weightMap().properties()) {
            files.add(beside(inside(index(), entry.getValue().asString(""))));
        }
        if (files.isEmpty()) {
            throw new DamagedFileException(index() + " names no weights");
        }
        return files;
    }

    /** Each weight is in the file that the index names for it. */
    private void checkIndex() throws IOException {
        if (!Files.isRegularFile(directory.resolve(index()))) {
            Safetensors.of(directory.resolve(model));
            return;
        }
        JsonNode map = weightMap();
        for (String file : weights()) {
            Safetensors weights = Safetensors.of(directory.resolve(file));
            for (Map.Entry<String, JsonNode> entry : map.properties()) {
                boolean isHere = file.equals(beside(entry.getValue().asString("")));
                if (isHere && !weights.tensors().contains(entry.getKey())) {
                    throw new DamagedFileException(
                            file + " lacks " + entry.getKey() + ", which " + index() + " says is in it");
                }
            }
        }
    }

    /** Paths of the weights of dense layers; empty if there are none, or if the model's own weights contain them. */
    private List<String> denseLayers() throws IOException {
        String modules = beside("modules.json");
        List<String> files = new ArrayList<>();
        if (!Files.isRegularFile(directory.resolve(modules))) {
            return files;
        }
        for (JsonNode module : json(modules)) {
            if (module.path("type").asString("").endsWith(".Dense")) {
                files.add(beside(inside(modules, module.path("path").asString("")) + "/" + WEIGHTS));
            }
        }
        return files.isEmpty() || weightsContainDenseLayers() ? List.of() : files;
    }

    private boolean weightsContainDenseLayers() throws IOException {
        for (String file : weights()) {
            if (Safetensors.of(directory.resolve(file)).tensors().stream().anyMatch(name -> name.startsWith(DENSE))) {
                return true;
            }
        }
        return false;
    }

    private JsonNode weightMap() throws IOException {
        return json(index()).path("weight_map");
    }

    private JsonNode json(String name) throws IOException {
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(directory.resolve(name)));
        } catch (JacksonException e) {
            throw (IOException) new DamagedFileException(name + " is not JSON").initCause(e);
        }
    }

    private String index() {
        return model + ".index.json";
    }

    /** The path of a file that lies in the folder of the weights. */
    private String beside(String name) {
        return model.substring(0, model.lastIndexOf('/') + 1) + name;
    }

    /** A name that a file of the model gives, if it stays in the model's folder. */
    private static String inside(String origin, String name) throws IOException {
        if (!name.matches("[\\w.-]+") || name.startsWith(".")) {
            throw new DamagedFileException(origin + " names a file outside its folder: '" + name + "'");
        }
        return name;
    }

    private Optional<String> absent(Stream<String> names) {
        return names.filter(name -> !Files.isRegularFile(directory.resolve(name)))
                .findFirst();
    }
}
