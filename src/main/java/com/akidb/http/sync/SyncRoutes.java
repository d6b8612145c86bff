package com.akidb.http.sync;

import com.akidb.engine.TableEngine;
import com.akidb.http.HttpSettings;
import com.akidb.http.server.Routes;
import com.akidb.http.tables.LiveQuery;
import com.akidb.ops.ServerState;
import com.akidb.security.Gate;
import com.akidb.security.Scope;
import com.akidb.security.Tokens;
import com.akidb.sync.Pokes;
import com.akidb.sync.PullService;
import com.akidb.sync.PushService;
import com.akidb.table.RowService;
import com.akidb.table.SearchService;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The paths of synchronisation, under the name that Replicache's clients know as well. */
@Configuration(proxyBeanMethods = false)
class SyncRoutes {

    @Bean
    Routes syncPaths(
            PushService pushes,
            PullService pulls,
            Pokes pokes,
            TableEngine engine,
            RowService rows,
            SearchService searches,
            ServerState state,
            Gate gate,
            Tokens tokens,
            HttpSettings settings) {
        return table -> {
            for (String prefix : List.of("/api/v1/sync", "/api/replicache")) {
                table.add("POST", prefix + "/push", Scope.WRITE, new PushEndpoint(pushes, rows));
                table.add("POST", prefix + "/pull", Scope.READ, new PullEndpoint(pulls, rows, tokens));
            }
            ListenEndpoints listening = new ListenEndpoints(
                    pokes, rows, new LiveQuery.Service(engine, rows, searches), state, gate, settings.listenerPing());
            table.add("GET", "/api/v1/sync/socket", Scope.READ, listening.socket());
            table.add("GET", "/api/v1/sync/events", Scope.READ, listening.events());
        };
    }
}
