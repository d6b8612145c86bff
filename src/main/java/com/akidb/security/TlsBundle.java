package com.akidb.security;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes of {@link TlsSettings} an SSL bundle of Spring for both ports, with TLS 1.3 alone, read again when its files
 * change. Whoever names bundles by Spring's own keys is not overruled; {@link TlsCheck} looks at those.
 */
final class TlsBundle implements EnvironmentPostProcessor {

    static final String NAME = "akidb";
    static final String PROTOCOL = "TLSv1.3";
    static final String REST = "server.ssl.bundle";
    static final String GRPC = "spring.grpc.server.ssl.bundle";
    private static final String ROOT = "akidb.security.tls.";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String certificate = environment.getProperty(ROOT + "certificate", "");
        String privateKey = environment.getProperty(ROOT + "private-key", "");
        if (certificate.isBlank() || privateKey.isBlank()) {
            return;
        }
        String bundle = "spring.ssl.bundle.pem." + NAME + ".";
        Map<String, Object> properties = new HashMap<>();
        properties.put(bundle + "keystore.certificate", location(certificate));
        properties.put(bundle + "keystore.private-key", location(privateKey));
        String password = environment.getProperty(ROOT + "private-key-password", "");
        if (!password.isEmpty()) {
            properties.put(bundle + "keystore.private-key-password", password);
        }
        properties.put(bundle + "options.enabled-protocols", PROTOCOL);
        properties.put(bundle + "reload-on-update", "true");
        properties.put(REST, NAME);
        properties.put(GRPC, NAME);
        environment.getPropertySources().addLast(new MapPropertySource("akidbTls", properties));
    }

    private static String location(String file) {
        return "file:" + Path.of(file).toAbsolutePath();
    }
}
