package com.akidb.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerStateTest {

    private final ServerState state = new ServerState();

    @Test
    void neverMovesBack() {
        state.advance(ServerState.Stage.DRAINING);
        state.advance(ServerState.Stage.READY);
        assertThat(state.isDraining()).isTrue();
        assertThat(state.isReady()).isFalse();
    }
}
