package com.akidb.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses a server may listen at. This machine's own (loopback) are always allowed; any other needs a way to tell
 * callers apart, or the word of the operator that nobody has to.
 *
 * @param callersAreToldApart whether there are API keys
 * @param anonymousAllowed whether the operator said that everybody may do everything
 */
record BindRule(boolean callersAreToldApart, boolean anonymousAllowed) {

    /**
     * The rule that listening at an address breaks; empty if it is allowed.
     *
     * @param address name or number; null or blank means all addresses of this machine
     */
    Optional<String> brokenBy(@Nullable String address) {
        if (callersAreToldApart || anonymousAllowed || isLoopback(address)) {
            return Optional.empty();
        }
        String where = address == null || address.isBlank() ? "all addresses" : address;
        return Optional.of("binding to " + where + " lets everybody who reaches it read and change everything; bind to"
                + " 127.0.0.1, or say akidb.security.allow-anonymous=true");
    }

    private static boolean isLoopback(@Nullable String address) {
        if (address == null || address.isBlank()) {
            return false;
        }
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
