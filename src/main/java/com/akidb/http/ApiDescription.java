package com.akidb.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.yaml.snakeyaml.Yaml;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /v3/api-docs}: the OpenAPI document as JSON, from the YAML that people edit. */
final class ApiDescription implements Endpoint {

    static final String PATH = "/v3/api-docs";

    private volatile byte @Nullable [] json;

    @Override
    public Mono<Answer> handle(Call call) {
        return call.blocking(this::json, bytes -> file(bytes, Answer.JSON));
    }

    /** The document as JSON; read when it is first asked for. */
    byte[] json() {
        byte[] ready = json;
        if (ready == null) {
            try (InputStream yaml = new ClassPathResource("openapi/akidb.yaml").getInputStream()) {
                ready = JsonMapper.builder().build().writeValueAsBytes(new Yaml().<Object>load(yaml));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            json = ready;
        }
        return ready;
    }

    /** An answer that browsers may keep for a while. */
    static Answer file(byte[] bytes, String type) {
        return new Answer(
                HttpStatus.OK, ByteBuffer.wrap(bytes), type, Map.of(HttpHeaders.CACHE_CONTROL, "max-age=600"));
    }
}
