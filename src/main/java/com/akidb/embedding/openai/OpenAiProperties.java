package com.akidb.embedding.openai;

import com.akidb.model.ModelSource;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Models that an outside provider runs, behind an API in OpenAI's dialect. Texts are sent to it only for requests that name
 * such a model.
 *
 * @param endpoint base URL for models without an endpoint of their own; the environment variable OPENAI_BASE_URL sets it
 *     as well
 * @param keyVariable environment variable that holds the key for that endpoint
 * @param connectTimeout how long connecting may take
 * @param readTimeout how long one attempt may take until the answer is complete
 * @param timeout how long all attempts and the pauses between them may take in all
 * @param attempts number of attempts for a call that fails transiently (broken connection, 408, 429, 5xx), 1 to 20
 * @param retryDelay pause after the first failed attempt; doubled after each further one, with random variation; a
 *     Retry-After of the provider takes precedence
 * @param parallelism number of concurrent calls of a model, 1 to 64
 * @param maxBatchTexts maximum number of texts in one call, 1 to 2048; akidb.embedding.batch-size limits it too
 * @param maxBatchTokens estimated maximum number of tokens in one call; a longer text is sent on its own
 */
@ConfigurationProperties("akidb.openai")
public record OpenAiProperties(
        @DefaultValue("https://api.openai.com/v1") String endpoint,
        @DefaultValue("OPENAI_API_KEY") String keyVariable,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("30s") Duration readTimeout,
        @DefaultValue("60s") Duration timeout,
        @DefaultValue("4") int attempts,
        @DefaultValue("500ms") Duration retryDelay,
        @DefaultValue("4") int parallelism,
        @DefaultValue("32") int maxBatchTexts,
        @DefaultValue("250000") int maxBatchTokens) {

    public OpenAiProperties {
        require(ModelSource.Endpoint.isAddress(endpoint), "endpoint", "an http or https address");
        require(ModelSource.Endpoint.keepsKeysSafe(endpoint), "endpoint", "https, since a key is sent there");
        require(keyVariable.matches("[A-Za-z_][A-Za-z0-9_]*"), "key-variable", "the name of an environment variable");
        require(connectTimeout.isPositive(), "connect-timeout", "positive");
        require(readTimeout.isPositive(), "read-timeout", "positive");
        require(timeout.isPositive(), "timeout", "positive");
        require(attempts >= 1 && attempts <= 20, "attempts", "1 to 20");
        require(!retryDelay.isNegative(), "retry-delay", "0 or more");
        require(parallelism >= 1 && parallelism <= 64, "parallelism", "1 to 64");
        require(maxBatchTexts >= 1 && maxBatchTexts <= 2048, "max-batch-texts", "1 to 2048");
        require(maxBatchTokens >= 1, "max-batch-tokens", "at least 1");
        endpoint = endpoint.replaceAll("/+$", "");
    }

    private static void require(boolean holds, String key, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("akidb.openai." + key + " must be " + rule);
        }
    }
}
