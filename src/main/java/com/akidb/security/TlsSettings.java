package com.akidb.security;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The server's certificate, for both ports. With it they speak TLS 1.3 and nothing else.
 *
 * @param certificate PEM file with the server's certificate and the intermediate ones; read again when it changes
 * @param privateKey PEM file with the certificate's private key
 * @param privateKeyPassword password of the private key, if it is encrypted
 */
@ConfigurationProperties("akidb.security.tls")
public record TlsSettings(
        @Nullable Path certificate,
        @Nullable Path privateKey,
        @Nullable String privateKeyPassword) {

    public TlsSettings {
        if ((certificate == null) != (privateKey == null)) {
            throw new IllegalArgumentException(
                    "akidb.security.tls needs certificate and private-key, or neither of them");
        }
    }

    @Override
    public String toString() {
        return "TlsSettings[certificate=" + certificate + "]";
    }
}
