package com.akidb.http.admin;

import com.akidb.backup.Backups;
import com.akidb.backup.Compactions;
import com.akidb.backup.Verifications;
import com.akidb.http.server.Routes;
import com.akidb.security.ApiKeys;
import com.akidb.security.Audit;
import com.akidb.security.Tokens;
import com.akidb.table.RowService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The paths for those who run the server. */
@Configuration(proxyBeanMethods = false)
class AdminRoutes {

    @Bean
    Routes adminPaths(
            Backups backups,
            Verifications verifications,
            Compactions compactions,
            ApiKeys keys,
            Audit audit,
            Tokens tokens,
            RowService rows) {
        return routes -> {
            new CallerEndpoint().addTo(routes);
            new TokenEndpoint(tokens, rows).addTo(routes);
            new BackupEndpoints(backups).addTo(routes);
            new VerifyEndpoints(verifications).addTo(routes);
            new CompactEndpoints(compactions).addTo(routes);
            new SecurityEndpoints(keys, audit).addTo(routes);
        };
    }
}
