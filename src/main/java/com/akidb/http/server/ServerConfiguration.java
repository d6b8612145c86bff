package com.akidb.http.server;

import com.akidb.http.AddressRange;
import com.akidb.http.HttpSettings;
import com.akidb.security.Audit;
import com.akidb.security.CorsSettings;
import com.akidb.security.Gate;
import com.akidb.security.Scope;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.cors.reactive.CorsWebFilter;

/** Puts the REST surface together. */
@Configuration(proxyBeanMethods = false)
class ServerConfiguration {

    private static final Logger log = LoggerFactory.getLogger(ServerConfiguration.class);

    @Bean
    RouteTable restRoutes(List<Routes> all) {
        RouteTable table = new RouteTable()
                .addOther("GET", "/health", null)
                .addOther("GET", "/health/live", null)
                .addOther("GET", "/health/ready", null)
                .addOther("GET", "/metrics", Scope.READ);
        all.forEach(routes -> routes.addTo(table));
        return table;
    }

    @Bean
    Admission restAdmission(HttpSettings settings) {
        log.info(
                "Of a heap of {} MB, request bodies may take {} MB and answers {} MB",
                Runtime.getRuntime().maxMemory() >> 20,
                settings.bufferedBodies() >> 20,
                settings.bufferedAnswers() >> 20);
        return new Admission(settings.maxConcurrentRequests(), settings.bufferedBodies(), settings.bufferedAnswers());
    }

    @Bean
    Offload restOffload() {
        return new Offload();
    }

    @Bean
    RestMapping restMapping(HttpSettings settings, Admission admission, Offload offload) {
        return new RestMapping(new RestHandler(settings, admission, offload));
    }

    @Bean
    KeyFilter keyFilter(RouteTable restRoutes, Gate gate, Audit audit) {
        return new KeyFilter(restRoutes, gate, audit);
    }

    /** Before keys are asked for: browsers send none with their questions about origins. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 150)
    CorsWebFilter corsFilter(CorsSettings settings) {
        return CorsOrigins.filter(settings);
    }

    @Bean
    HostFilter hostFilter(Gate gate, HttpSettings settings, @Value("${server.address:}") String address) {
        return new HostFilter(gate, address, settings.allowedHosts());
    }

    @Bean
    TrustedProxies trustedProxies(HttpSettings settings) {
        return new TrustedProxies(
                settings.trustedProxies().stream().map(AddressRange::parse).toList());
    }

    @Bean
    SlowClients slowClients(HttpSettings settings) {
        return new SlowClients(settings);
    }

    @Bean
    ErrorHandler restErrorHandler() {
        return new ErrorHandler();
    }

    @Bean
    Http10KeepAlive http10KeepAlive() {
        return new Http10KeepAlive();
    }

    @Bean
    RequestIdFilter requestIdFilter() {
        return new RequestIdFilter();
    }
}
