package com.akidb.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses may be listened at. */
class BindRuleTests {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "localhost"})
    void allowsTheMachinesOwnAddresses(String address) {
        assertThat(new BindRule(false, false, false, false).brokenBy(address)).isEmpty();
        assertThat(new BindRule(true, false, false, false).brokenBy(address)).isEmpty();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "0.0.0.0", "::", "192.0.2.1", "no.such.host.invalid"})
    void refusesAllOthersUnlessCallersAreToldApartOrItIsSaid(String address) {
        assertThat(new BindRule(false, false, false, false).brokenBy(address))
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .startsWith("binding to ")
                        .contains(address == null || address.isEmpty() ? "all addresses" : address)
                        .contains("akidb.security.allow-anonymous=true"));
        assertThat(new BindRule(true, true, false, false).brokenBy(address)).isEmpty();
        assertThat(new BindRule(false, false, true, false).brokenBy(address)).isEmpty();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void letsNoKeysTravelUnencryptedUnlessItIsSaid(String address) {
        assertThat(new BindRule(true, false, true, false).brokenBy(address))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("akidb.security.allow-plaintext=true"));
        assertThat(new BindRule(true, false, false, true).brokenBy(address)).isEmpty();
    }
}
