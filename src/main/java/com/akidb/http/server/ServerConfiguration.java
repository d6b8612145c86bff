package com.akidb.http.server;

import com.akidb.engine.TableEngine;
import com.akidb.http.AddressRange;
import com.akidb.http.HttpSettings;
import com.akidb.http.server.Connections.Http10KeepAlive;
import com.akidb.memory.MemoryBudget;
import com.akidb.memory.MemoryUse;
import com.akidb.security.Audit;
import com.akidb.security.CorsSettings;
import com.akidb.security.Gate;
import com.akidb.security.Scope;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.cors.reactive.CorsWebFilter;

/** Puts the REST surface together. */
@Configuration(proxyBeanMethods = false)
class ServerConfiguration {

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

    /** What REST and gRPC may hold together for answers. */
    @Bean
    MemoryBudget answerMemory(HttpSettings settings) {
        return new MemoryBudget(settings.bufferedAnswers());
    }

    /** What REST and gRPC may hold together for requests. */
    @Bean
    MemoryBudget bodyMemory(HttpSettings settings) {
        return new MemoryBudget(settings.bufferedBodies());
    }

    @Bean
    MemoryUse bodyMemoryUse(HttpSettings settings) {
        return new MemoryUse("request bodies", settings.bufferedBodies());
    }

    @Bean
    MemoryUse answerMemoryUse(HttpSettings settings) {
        return new MemoryUse("answers", settings.bufferedAnswers());
    }

    @Bean
    Admission restAdmission(HttpSettings settings, MemoryBudget bodyMemory, MemoryBudget answerMemory) {
        return new Admission(settings.maxConcurrentRequests(), settings.maxListeners(), bodyMemory, answerMemory);
    }

    @Bean
    Offload restOffload() {
        return new Offload();
    }

    @Bean
    TableTraffic tableTraffic() {
        return new TableTraffic(InstantSource.system());
    }

    @Bean
    RestHandler restHandler(
            HttpSettings settings, Admission admission, Offload offload, TableEngine engine, TableTraffic traffic) {
        return new RestHandler(settings, admission, offload, new Repeats(engine), traffic);
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
    HostCheck hostCheck(Gate gate, HttpSettings settings, @Value("${server.address:}") String address) {
        return new HostCheck(gate, address, settings.allowedHosts());
    }

    @Bean
    TrustedProxies trustedProxies(HttpSettings settings) {
        return new TrustedProxies(
                settings.trustedProxies().stream().map(AddressRange::parse).toList());
    }

    @Bean
    Connections connections(HttpSettings settings) {
        return new Connections(settings);
    }

    @Bean
    ErrorHandler restErrorHandler() {
        return new ErrorHandler();
    }

    @Bean
    EntryCheck.Filter entryFilter(List<EntryCheck> checks) {
        return new EntryCheck.Filter(checks);
    }

    @Bean
    Http10KeepAlive http10KeepAlive() {
        return new Http10KeepAlive();
    }

    @Bean
    RequestIds requestIds() {
        return new RequestIds();
    }
}
