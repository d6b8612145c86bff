package com.akidb.embedding.openai;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a model runs and the key for it, which leaves this class in a request's header only. */
final class Provider {

    private static final Pattern KEY = Pattern.compile("[!-~]{1,4096}");

    private final URI address;
    private final String keyVariable;
    private final String key;

    /**
     * A provider.
     *
     * @param address base URL without a slash at its end
     * @param keyVariable environment variable with the key; empty if none is sent
     * @param environment the value of an environment variable, null if it is not set
     */
    Provider(String address, String keyVariable, Function<String, @Nullable String> environment) {
        this.address = URI.create(address + "/embeddings");
        this.keyVariable = keyVariable;
        String value = keyVariable.isEmpty() ? null : environment.apply(keyVariable);
        key = value == null ? "" : value.strip();
    }

    /** Why it cannot be asked; empty if it can. */
    String refusal() {
        if (keyVariable.isEmpty() || KEY.matcher(key).matches()) {
            return "";
        }
        return key.isEmpty()
                ? "it runs at an outside provider, and there is no key for that: set the environment variable "
                        + keyVariable
                : "the key in the environment variable " + keyVariable + " has characters that no key has";
    }

    String keyVariable() {
        return keyVariable;
    }

    HttpRequest.Builder request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    /** The host; never the key. */
    @Override
    public String toString() {
        return address.getHost();
    }
}
