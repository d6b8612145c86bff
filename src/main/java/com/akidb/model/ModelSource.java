package com.akidb.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Where a model's files come from. */
public sealed interface ModelSource {

    /** Path of the weights in there; for {@code mlx} always {@code model.safetensors}, also when they are split. */
    String model();

    /** Path of the tokenizer in there. */
    String tokenizer();

    /** Files inside an artifact on the class path. */
    record ClassPath(String model, String tokenizer) implements ModelSource {}

    /** A directory on this machine; {@code model} and {@code tokenizer} are file names in it. */
    record LocalDirectory(String directory, String model, String tokenizer) implements ModelSource {}

    /** A repository of the Hugging Face hub at a revision; downloaded when first needed, if that is allowed. */
    record Hub(String repository, String revision, String model, String tokenizer) implements ModelSource {}

    /** A Python package of the user's, which brings its weights along or fetches them itself; there are no files. */
    record OwnPackage(String model, String tokenizer) implements ModelSource {}

    /**
     * An API that embeds elsewhere; there are no files.
     *
     * @param address base URL such as {@code https://api.example.com/v1}; empty for the provider that {@code akidb.openai}
     *     names, whose key is used then
     * @param model name of the model there
     * @param keyVariable environment variable with the key; empty if none is sent
     */
    record Endpoint(String address, String model, String keyVariable) implements ModelSource {

        private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

        @Override
        public String tokenizer() {
            return "";
        }

        /** Whether this is an http or https address with a host and nothing behind its path. */
        public static boolean isAddress(String address) {
            try {
                URI uri = new URI(address);
                return String.valueOf(uri.getScheme()).matches("https?")
                        && uri.getHost() != null
                        && uri.getRawUserInfo() == null
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null;
            } catch (URISyntaxException e) {
                return false;
            }
        }

        /** Whether a key that is sent to this address cannot be read on its way: https, or this machine. */
        public static boolean keepsKeysSafe(String address) {
            URI uri = URI.create(address);
            return uri.getScheme().equals("https")
                    || LOOPBACK.matcher(uri.getHost()).matches();
        }
    }
}
