package com.akidb.security;

import com.akidb.configuration.BoundSettings;
import com.akidb.configuration.ConfigurationCheck;
import com.akidb.configuration.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.core.env.Environment;

/** Holds certificates to be readable, and SSL bundles that were made by hand to TLS 1.3. */
final class TlsCheck implements ConfigurationCheck {

    private static final List<String> STORES = List.of("pem", "jks");

    @Override
    public List<ConfigurationProblem> check(BoundSettings bound) {
        List<ConfigurationProblem> problems = new ArrayList<>();
        bound.get(TlsSettings.class).ifPresent(settings -> files(settings, problems));
        Environment environment = bound.environment();
        String bundle = environment.getProperty(TlsBundle.REST, "");
        if (!bundle.isEmpty()) {
            bundle(environment, bundle, problems);
        } else if (environment.containsProperty("server.ssl.key-store")
                || environment.containsProperty("server.ssl.certificate")) {
            protocols(environment, "server.ssl.enabled-protocols", problems);
        }
        return problems;
    }

    private static void files(TlsSettings settings, List<ConfigurationProblem> problems) {
        Path certificate = settings.certificate();
        Path privateKey = settings.privateKey();
        if (certificate == null || privateKey == null) {
            return;
        }
        try {
            if (PemContent.load(certificate).getCertificates().isEmpty()) {
                throw new IllegalStateException("it holds no certificate");
            }
        } catch (IOException | RuntimeException unusable) {
            problems.add(problem("akidb.security.tls.certificate", certificate, unusable));
        }
        try {
            if (key(PemContent.load(privateKey), settings.privateKeyPassword()) == null) {
                throw new IllegalStateException("it holds no private key");
            }
        } catch (IOException | RuntimeException unusable) {
            problems.add(problem("akidb.security.tls.private-key", privateKey, unusable));
        }
    }

    private static @Nullable Object key(PemContent content, @Nullable String password) {
        return password == null ? content.getPrivateKey() : content.getPrivateKey(password);
    }

    private static ConfigurationProblem problem(String key, Path file, Exception unusable) {
        return ConfigurationProblem.of(key, "cannot be used: " + file + ": " + unusable.getMessage());
    }

    private static void bundle(Environment environment, String name, List<ConfigurationProblem> problems) {
        for (String store : STORES) {
            String bundle = "spring.ssl.bundle." + store + "." + name;
            if (environment.containsProperty(bundle + ".keystore.certificate")
                    || environment.containsProperty(bundle + ".keystore.location")) {
                protocols(environment, bundle + ".options.enabled-protocols", problems);
            }
        }
    }

    private static void protocols(Environment environment, String key, List<ConfigurationProblem> problems) {
        String given = environment.getProperty(key, environment.getProperty(key + "[0]", ""));
        boolean more = environment.containsProperty(key + "[1]");
        if (!given.strip().equals(TlsBundle.PROTOCOL) || more) {
            problems.add(ConfigurationProblem.of(key, "must be " + TlsBundle.PROTOCOL + " and nothing else"));
        }
    }
}
