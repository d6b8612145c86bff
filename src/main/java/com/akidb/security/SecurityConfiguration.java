package com.akidb.security;

import com.akidb.security.audit.AuditFile;
import com.akidb.security.keys.KeyRing;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.nio.file.Path;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what decides who may do what. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    KeyRing keyRing(
            @Value("${akidb.data-dir:data}") String dataDirectory,
            SecuritySettings settings,
            TokenSettings tokens,
            RateLimitSettings rateLimit) {
        boolean required = settings.requireKeys() || tokens.areMadeElsewhere();
        return new KeyRing(Path.of(dataDirectory), required, rateLimit.rate(), InstantSource.system());
    }

    @Bean
    Tokens tokens(
            @Value("${akidb.data-dir:data}") String dataDirectory,
            TokenSettings settings,
            RevokedTokens revoked,
            KeyRing keys,
            RateLimitSettings rateLimit) {
        return new Tokens(Path.of(dataDirectory), settings, revoked, keys, rateLimit.rate(), InstantSource.system());
    }

    @Bean
    ApiKeys apiKeys(@Value("${akidb.data-dir:data}") String dataDirectory) {
        return new ApiKeys(Path.of(dataDirectory), InstantSource.system());
    }

    @Bean
    RevokedTokens revokedTokens(@Value("${akidb.data-dir:data}") String dataDirectory) {
        return new RevokedTokens(Path.of(dataDirectory));
    }

    @Bean
    KeyWatch keyWatch(KeyRing keys, RevokedTokens revoked) {
        return new KeyWatch(keys, revoked);
    }

    @Bean
    Gate gate(KeyRing keys, Tokens tokens, ObjectProvider<Quota> quota) {
        return new Gate(keys, tokens, quota.getIfAvailable(() -> Quota.NONE));
    }

    @Bean
    Audit audit(@Value("${akidb.data-dir:data}") String dataDirectory, AuditSettings settings, KeyRing keys) {
        Boolean enabled = settings.enabled();
        Path directory = Path.of(dataDirectory, "audit");
        long bytes = settings.maxFileSize().toBytes();
        return new Audit(
                () -> enabled == null ? keys.isRequired() : enabled,
                new AuditFile(directory, "audit", bytes, settings.maxFiles()),
                new AuditFile(directory, "refused", bytes, settings.maxFiles()));
    }

    @Bean
    MeterBinder auditMetrics(Audit audit) {
        return registry -> FunctionCounter.builder("akidb.audit.failures", audit, Audit::failures)
                .description("Lines of the audit log that could not be written to its file")
                .register(registry);
    }
}
