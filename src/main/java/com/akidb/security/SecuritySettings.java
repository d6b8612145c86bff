package com.akidb.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may reach the server.
 *
 * @param allowAnonymous whether, as long as there are no API keys, everybody who reaches an address other than
 *     loopback may read and change everything
 * @param allowPlaintext whether keys may travel unencrypted to an address other than loopback: for servers behind a
 *     proxy that terminates TLS
 * @param requireKeys whether requests need an API key even while none exists; once one exists, they always do
 */
@ConfigurationProperties("akidb.security")
public record SecuritySettings(
        @DefaultValue("false") boolean allowAnonymous,
        @DefaultValue("false") boolean allowPlaintext,
        @DefaultValue("false") boolean requireKeys) {}
