package com.akidb.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses a server may listen at. This machine's own (loopback) are always allowed; any other needs a way to tell
 * callers apart, or the word of the operator that nobody has to; and keys must not travel for everybody to read.
 *
 * @param keys whether requests need API keys
 * @param encrypted whether the port does TLS
 * @param anonymousAllowed whether the operator said that everybody may do everything
 * @param plaintextAllowed whether the operator said that keys may travel unencrypted
 */
record BindRule(boolean keys, boolean encrypted, boolean anonymousAllowed, boolean plaintextAllowed) {

    /**
     * The rule that listening at an address breaks; empty if it is allowed.
     *
     * @param address name or number; null or blank means all addresses of this machine
     */
    Optional<String> brokenBy(@Nullable String address) {
        if (isLoopback(address)) {
            return Optional.empty();
        }
        String where = "binding to " + (address == null || address.isBlank() ? "all addresses" : address);
        if (keys) {
            return encrypted || plaintextAllowed
                    ? Optional.empty()
                    : Optional.of(where + " without TLS lets others on the way read the API keys; set"
                            + " akidb.security.tls.certificate and private-key, or say"
                            + " akidb.security.allow-plaintext=true if a proxy in front does TLS");
        }
        return anonymousAllowed
                ? Optional.empty()
                : Optional.of(where + " lets everybody who reaches it read and change everything; bind to 127.0.0.1,"
                        + " make API keys with 'akidb keys create', or say akidb.security.allow-anonymous=true");
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
