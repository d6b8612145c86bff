package com.akidb.http.admin;

import com.akidb.backup.Backups;
import com.akidb.http.server.Routes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The paths for those who run the server. */
@Configuration(proxyBeanMethods = false)
class AdminRoutes {

    @Bean
    Routes adminPaths(Backups backups) {
        return new BackupEndpoints(backups)::addTo;
    }
}
