package com.akidb.http.tables;

import com.akidb.embedding.EmbeddingManager;
import com.akidb.http.HttpSettings;
import com.akidb.http.server.Routes;
import com.akidb.http.server.TableTraffic;
import com.akidb.security.Scope;
import com.akidb.table.ComputedColumnService;
import com.akidb.table.IndexService;
import com.akidb.table.RowService;
import com.akidb.table.SearchService;
import com.akidb.table.SqlService;
import com.akidb.table.TableService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The paths of tables, which exist under {@code /api/v1} only, and of SQL. */
@Configuration(proxyBeanMethods = false)
class TableRoutes {

    private static final String TABLES = "/api/v1/tables";
    private static final String TABLE = TABLES + "/{table}";

    @Bean
    Routes tablePaths(
            TableService tables,
            RowService rows,
            IndexService indexes,
            SearchService searches,
            EmbeddingManager models,
            HttpSettings settings) {
        return table -> {
            new TableEndpoints(tables, models).addTo(table, TABLES);
            new RowEndpoints(rows).addTo(table, TABLE + "/rows");
            new IndexEndpoints(indexes).addTo(table, TABLE + "/indexes");
            table.add("POST", TABLE + "/query", Scope.READ, new QueryEndpoint(rows, searches, settings.idleTimeout()));
        };
    }

    /** The paths of computed columns and similarity search. */
    @Bean
    Routes similarityPaths(
            RowService rows, ComputedColumnService computed, SearchService searches, EmbeddingManager models) {
        return table -> {
            new ComputedEndpoints(computed, rows, models).addTo(table, TABLE + "/columns/computed");
            table.add("POST", TABLE + "/search/similarity", Scope.READ, new SimilarityEndpoint(searches, rows));
            table.add("GET", TABLE + "/projection", Scope.READ, new ProjectionEndpoint(rows));
        };
    }

    @Bean
    Routes trafficPaths(TableTraffic traffic, TableService tables) {
        return table -> table.add("GET", "/api/v1/traffic", Scope.READ, new TrafficEndpoint(traffic, tables));
    }

    @Bean
    Routes sqlPaths(SqlService sql) {
        return table -> {
            for (String prefix : Routes.PREFIXES) {
                table.add("POST", prefix + "/sql", Scope.READ, new SqlEndpoint(sql));
            }
        };
    }
}
