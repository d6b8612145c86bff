package com.akidb.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may reach the server.
 *
 * @param allowAnonymous whether everybody who reaches an address other than loopback may read and change everything
 */
@ConfigurationProperties("akidb.security")
public record SecuritySettings(@DefaultValue("false") boolean allowAnonymous) {}
