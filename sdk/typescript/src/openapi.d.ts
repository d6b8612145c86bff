// Generated from openapi/akidb.yaml by "npm run generate"; do not edit.
/* eslint-disable */
export interface paths {
    "/embed": {
        parameters: {
        };
        post: operations["embed"];
    };
    "/embeddings/generate": {
        parameters: {
        };
        post: operations["generateEmbeddings"];
    };
    "/embeddings/models": {
        parameters: {
        };
        get: operations["listEmbeddingModels"];
    };
    "/embeddings/models/preload": {
        parameters: {
        };
        post: operations["preloadEmbeddingModel"];
    };
    "/embeddings/cache": {
        parameters: {
        };
        delete: operations["clearEmbeddingCache"];
    };
    "/sql": {
        parameters: {
        };
        post: operations["sql"];
    };
    "/v1/embeddings": {
        parameters: {
        };
        post: operations["createEmbedding"];
    };
    "/v1/models": {
        parameters: {
        };
        get: operations["listModels"];
    };
    "/v1/models/{model}": {
        parameters: {
        };
        get: operations["getModel"];
    };
    "/collections": {
        parameters: {
        };
        get: operations["listCollections"];
        post: operations["createCollection"];
    };
    "/collections/{collection}": {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        get: operations["getCollection"];
        delete: operations["deleteCollection"];
    };
    "/collections/{collection}/documents": {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        get: operations["listDocuments"];
        post: operations["insertDocuments"];
        delete: operations["deleteDocuments"];
        patch: operations["updateDocuments"];
    };
    "/collections/{collection}/documents/{document}": {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
                document: string;
            };
        };
        get: operations["getDocument"];
        delete: operations["deleteDocument"];
        patch: operations["updateDocument"];
    };
    "/collections/{collection}/query": {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        post: operations["queryDocuments"];
    };
    "/collections/{collection}/text-index": {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        get: operations["getCollectionTextIndex"];
        put: operations["createCollectionTextIndex"];
        delete: operations["dropCollectionTextIndex"];
    };
    "/collections/{collection}/search": {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        post: operations["searchCollection"];
    };
    "/api/v1/tables": {
        parameters: {
        };
        get: operations["listTables"];
        post: operations["createTable"];
    };
    "/api/v1/tables/{table}": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        get: operations["describeTable"];
        delete: operations["dropTable"];
        patch: operations["renameTable"];
    };
    "/api/v1/tables/{table}/columns": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        post: operations["addColumn"];
    };
    "/api/v1/tables/{table}/columns/{column}": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        delete: operations["dropColumn"];
        patch: operations["renameColumn"];
    };
    "/api/v1/tables/{table}/indexes": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        get: operations["listIndexes"];
    };
    "/api/v1/tables/{table}/indexes/vector": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        post: operations["createVectorIndex"];
    };
    "/api/v1/tables/{table}/indexes/btree": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        post: operations["createOrderedIndex"];
    };
    "/api/v1/tables/{table}/indexes/text": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        post: operations["createTextIndex"];
    };
    "/api/v1/tables/{table}/indexes/{index}": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                index: components["parameters"]["Index"];
            };
        };
        get: operations["getIndex"];
        delete: operations["dropIndex"];
    };
    "/api/v1/tables/{table}/indexes/{index}/rebuild": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                index: components["parameters"]["Index"];
            };
        };
        post: operations["rebuildIndex"];
    };
    "/api/v1/tables/{table}/rows": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        post: operations["insertRows"];
        delete: operations["deleteRows"];
        patch: operations["updateRows"];
    };
    "/api/v1/tables/{table}/rows/{key}": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                key: string;
            };
        };
        get: operations["getRow"];
        delete: operations["deleteRow"];
        patch: operations["updateRow"];
    };
    "/api/v1/tables/{table}/query": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        post: operations["queryRows"];
    };
    "/api/v1/tables/{table}/search/similarity": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        post: operations["searchSimilar"];
    };
    "/api/v1/tables/{table}/columns/computed": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        get: operations["listComputedColumns"];
    };
    "/api/v1/tables/{table}/columns/computed/embedding": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        post: operations["createEmbeddingColumn"];
    };
    "/api/v1/tables/{table}/columns/computed/{column}": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        get: operations["getComputedColumn"];
        patch: operations["changeComputedColumn"];
    };
    "/api/v1/tables/{table}/columns/computed/{column}/refresh": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        post: operations["refreshComputedColumn"];
    };
    "/api/v1/tables/{table}/columns/computed/{column}/retry": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        post: operations["retryComputedColumn"];
    };
    "/api/v1/tables/{table}/columns/computed/{column}/pause": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        post: operations["pauseComputedColumn"];
    };
    "/api/v1/tables/{table}/columns/computed/{column}/resume": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        post: operations["resumeComputedColumn"];
    };
    "/api/v1/tables/{table}/columns/computed/{column}/cancel": {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        post: operations["cancelComputedChange"];
    };
    "/api/v1/backups": {
        parameters: {
        };
        get: operations["listBackups"];
        post: operations["startBackup"];
    };
    "/api/v1/backups/{backup}": {
        parameters: {
            path: {
                backup: string;
            };
        };
        get: operations["getBackup"];
    };
    "/": {
        parameters: {
        };
        get: operations["welcome"];
    };
    "/version": {
        parameters: {
        };
        get: operations["version"];
    };
    "/health": {
        parameters: {
        };
        get: operations["health"];
    };
    "/health/ready": {
        parameters: {
        };
        get: operations["healthReady"];
    };
    "/health/live": {
        parameters: {
        };
        get: operations["healthLive"];
    };
    "/metrics": {
        parameters: {
        };
        get: operations["metrics"];
    };
}
export interface components {
    schemas: {
        NewBackup: {
            name?: string | null;
            include_keys?: boolean;
            include_audit?: boolean;
        };
        Backup: {
            name: string;
            state: "running" | "complete" | "failed";
            path: string;
            made_at: string;
            bytes: number;
            commit: number;
            keys: boolean;
            audit: boolean;
            error?: string;
        };
        Backups: {
            backups: components["schemas"]["Backup"][];
        };
        Version: {
            name: "akidb";
            version: string;
        };
        Welcome: {
            name: "akidb";
            version: string;
            description: string;
            paths: {
                [key: string]: string;
            };
        };
        Vector: number[];
        Base64Vector: string;
        EncodedVector: components["schemas"]["Vector"] | components["schemas"]["Base64Vector"];
        EmbedRequest: {
            texts: string[];
            model?: string | null;
            pooling?: "mean" | "cls" | "last" | null;
            normalize?: boolean | null;
            dimensions?: number | null;
            input_type?: "query" | "document" | null;
            encoding_format?: "float" | "base64" | null;
            truncate?: boolean | null;
        };
        EmbedResponse: {
            embeddings: components["schemas"]["EncodedVector"][];
            model: string;
            dimension: number;
            usage: {
                total_tokens: number;
                duration_ms: number;
            };
            truncated?: number[];
        };
        GenerateRequest: {
            text: string | string[];
            model?: string | null;
            options?: {
                cache?: boolean | null;
                normalize?: boolean | null;
            } | null;
        };
        GenerateResponse: {
            embeddings: number[] | number[][];
            model: string;
            dimensions: number;
            cached: boolean;
        };
        EmbeddingModels: {
            models: components["schemas"]["EmbeddingModel"][];
        };
        EmbeddingModel: {
            id: string;
            dimensions: number;
            type: "sentence" | "document";
            cached: boolean;
        };
        SqlResponse: {
            columns: string[];
            rows: unknown[][];
        };
        OpenAiEmbeddingRequest: {
            input: string | string[];
            model?: string | null;
            encoding_format?: "float" | "base64" | null;
            dimensions?: number | null;
            user?: string | null;
            truncate?: boolean | null;
            input_type?: "query" | "document" | null;
            normalize?: boolean | null;
            pooling?: "mean" | "cls" | "last" | null;
        };
        OpenAiEmbeddingResponse: {
            object: "list";
            data: {
                object: "embedding";
                index: number;
                embedding: components["schemas"]["EncodedVector"];
            }[];
            model: string;
            usage: {
                prompt_tokens: number;
                total_tokens: number;
            };
        };
        OpenAiModel: {
            id: string;
            object: "model";
            created: number;
            owned_by: string;
            usable: boolean;
            reason?: string;
        };
        OpenAiModels: {
            object: "list";
            data: components["schemas"]["OpenAiModel"][];
        };
        OpenAiError: {
            error: {
                message: string;
                type: "invalid_request_error" | "rate_limit_error" | "server_error";
                param: string | null;
                code: string;
            };
        };
        Metric: "cosine" | "euclidean" | "inner_product";
        NewCollection: {
            name: string;
            dimension?: number | null;
            metric?: "cosine" | "euclidean" | "inner_product" | null;
            model?: string | null;
            text_index?: boolean | null;
        };
        TextIndex: {
            text_index: boolean;
            state: "building" | "ready" | "failed" | null;
        };
        DocumentsQuery: {
            filter?: components["schemas"]["Filter"];
            ids?: string[];
            limit?: number;
            cursor?: string;
            include_vectors?: boolean;
            count?: boolean;
        };
        DocumentsAnswer: components["schemas"]["DocumentPage"] | {
            count: number;
        };
        DocumentsDelete: {
            filter?: components["schemas"]["Filter"];
            ids?: string[];
        };
        DocumentsUpdate: {
            filter?: components["schemas"]["Filter"];
            ids?: string[];
            metadata: unknown;
        };
        DocumentUpdate: {
            text?: string | null;
            vector?: components["schemas"]["Vector"] | null;
            metadata?: unknown;
        };
        UpdatedDocuments: {
            updated: number;
        };
        DeletedDocuments: {
            deleted: number;
        };
        InputType: "query" | "document" | null;
        Mmr: {
            lambda?: number;
            candidates?: number;
        };
        Group: {
            by: string;
            size?: number;
        };
        RankWeights: {
            similarity?: number;
            text?: number;
        };
        Collection: {
            id: string;
            name: string;
            dimension: number;
            metric: components["schemas"]["Metric"];
            model: string;
            document_count: number;
            created_at: string;
        };
        Collections: {
            collections: components["schemas"]["Collection"][];
        };
        InsertRequest: components["schemas"]["NewDocument"] | components["schemas"]["NewDocuments"];
        InsertResponse: components["schemas"]["InsertedDocument"] | components["schemas"]["InsertedDocuments"];
        NewDocument: {
            text: string;
            vector?: components["schemas"]["Vector"] | null;
            external_id?: string | null;
            id?: string | null;
            metadata?: unknown;
            on_conflict?: components["schemas"]["OnConflict"];
        };
        NewDocuments: {
            documents: {
                text: string;
                vector?: components["schemas"]["Vector"] | null;
                external_id?: string | null;
                id?: string | null;
                metadata?: unknown;
            }[];
            on_conflict?: components["schemas"]["OnConflict"];
        };
        OnConflict: "upsert" | "error" | null;
        InsertedDocument: {
            id: string;
            vector_generated: boolean;
        };
        InsertedDocuments: {
            results: components["schemas"]["InsertedDocument"][];
        };
        Document: {
            id: string;
            text: string;
            metadata: unknown;
            vector?: components["schemas"]["Vector"];
        };
        DocumentPage: {
            documents: components["schemas"]["Document"][];
            next_cursor: string | null;
        };
        SearchRequest: {
            query?: string | null;
            query_vector?: components["schemas"]["Vector"] | null;
            vector?: components["schemas"]["Vector"] | null;
            k?: number | null;
            limit?: number | null;
            like?: {
                id: string;
            } | null;
            offset?: number | null;
            filter?: components["schemas"]["Filter"];
            threshold?: number | null;
            input_type?: components["schemas"]["InputType"];
            metric?: "cosine" | "euclidean" | "inner_product" | null;
            ef?: number | null;
            probes?: number | null;
            exact?: boolean | null;
            hybrid?: boolean | {
                weights?: components["schemas"]["RankWeights"];
            } | null;
            mmr?: components["schemas"]["Mmr"] | null;
            group?: components["schemas"]["Group"] | null;
            include_vectors?: boolean | null;
            include_metadata?: boolean | null;
            explain?: boolean | null;
        } | {
            query: string;
        } | {
            query_vector: unknown[];
        } | {
            vector: unknown[];
        } | {
            like: Record<string, never>;
        };
        Filter: components["schemas"]["Condition"] | components["schemas"]["Filter"][] | {
            and: components["schemas"]["Filter"][];
        } | {
            or: components["schemas"]["Filter"][];
        } | {
            not: components["schemas"]["Filter"];
        } | {
            text: string;
            params?: (string | number | boolean)[];
        } | null;
        Condition: {
            column: string;
            operator: "=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in" | "like" | "contains" | "contains any" | "contains all" | "is null" | "is not null";
            value?: unknown;
        };
        SearchResponse: {
            results: components["schemas"]["Hit"][];
            query_embedded: boolean;
            duration_ms: number;
            explanation?: components["schemas"]["Explanation"];
        };
        Hit: {
            id: string;
            score: number;
            ranks?: {
                similarity?: number | null;
                text?: number | null;
            };
            similarity?: number | null;
            text_score?: number | null;
            group?: unknown;
            text: string;
            metadata?: unknown;
            vector?: components["schemas"]["Vector"];
        };
        Explanation: {
            plan: string;
            reason: string;
            rows: number;
            passing: number;
            candidates: number;
            text_candidates?: number;
            mmr_candidates?: number;
            index?: string;
            metric?: string;
            effort?: number;
            passes?: number;
            effort_raised?: number;
            recall_floor?: number;
            recall?: number;
            step_micros: {
                [key: string]: number;
            };
            embedded?: components["schemas"]["EmbeddedQuery"];
        };
        EmbeddedQuery: {
            model: string;
            input_type: "none" | "query" | "document";
            prompt: string;
        };
        ColumnType: "string" | "int" | "float" | "bool" | "timestamp" | "json" | "embedding";
        TableName: string;
        NewName: {
            name: components["schemas"]["TableName"];
        };
        NewColumn: {
            name: components["schemas"]["TableName"];
            type: components["schemas"]["ColumnType"];
            required?: boolean | null;
            unique?: boolean | null;
            default?: unknown;
            dimensions?: number | null;
            metric?: "cosine" | "euclidean" | "inner_product" | null;
        };
        NewTable: {
            name: components["schemas"]["TableName"];
            columns: components["schemas"]["NewColumn"][];
            primary_key?: string | null;
        };
        Table: {
            name: string;
            kind: "table" | "collection";
            columns: components["schemas"]["Column"][];
            primary_key: string;
            row_count: number;
            version: number;
            created_at: string;
            indexes: components["schemas"]["TableIndex"][];
        };
        TableIndex: {
            name: string;
            type: "vector" | "btree" | "text";
            column: string;
            columns: string[];
            method: "hnsw" | "ivfflat" | "btree" | "text";
            metric?: components["schemas"]["Metric"];
            parameters?: {
                [key: string]: number;
            };
            status: "building" | "ready" | "failed";
            percent: number;
            rows: number;
            memory_bytes: number;
            recall?: number;
            error?: string;
        };
        TableIndexes: {
            indexes: components["schemas"]["TableIndex"][];
        };
        NewVectorIndex: {
            column: string;
            method: "hnsw" | "ivfflat";
            metric: components["schemas"]["Metric"];
            parameters?: {
                m?: number;
                ef_construction?: number;
                ef?: number;
                lists?: number;
                probes?: number;
            };
        };
        NewScalarIndex: {
            columns: string[];
        };
        CreatedIndex: {
            index_name: string;
            column: string;
            method: "hnsw" | "ivfflat" | "btree" | "text";
            status: "building" | "ready" | "failed";
        };
        Tables: {
            tables: components["schemas"]["Table"][];
        };
        Column: {
            name: string;
            type: components["schemas"]["ColumnType"];
            required: boolean;
            unique: boolean;
            default: unknown;
            dimensions?: number;
            metric?: components["schemas"]["Metric"];
            computed?: {
                source: string;
                model: string;
                auto_update: boolean;
                cache: boolean;
            };
        };
        Row: {
            [key: string]: unknown;
        };
        NewRows: {
            rows: components["schemas"]["Row"][];
            on_conflict?: "error" | "replace" | "ignore" | null;
            embed?: components["schemas"]["EmbedMode"];
        };
        EmbedMode: "sync" | "async" | null;
        InsertedRows: {
            inserted: number;
            updated: number;
            ignored: number;
            version: number;
        };
        RowsUpdate: {
            where: components["schemas"]["RowFilter"];
            values: components["schemas"]["Row"];
            embed?: components["schemas"]["EmbedMode"];
        };
        RowUpdate: {
            values: components["schemas"]["Row"];
            embed?: components["schemas"]["EmbedMode"];
        };
        UpdatedRows: {
            updated: number;
            version: number;
        };
        RowsDelete: {
            where: components["schemas"]["RowFilter"];
        };
        DeletedRows: {
            deleted: number;
            version: number;
        };
        RowFilter: components["schemas"]["Filter"];
        Query: {
            select?: (string | {
                expression: string;
                as: string;
            })[] | null;
            where?: components["schemas"]["Filter"];
            order_by?: {
                column: string;
                direction?: "asc" | "desc" | null;
            }[] | null;
            limit?: number | null;
            offset?: number | null;
            cursor?: string | null;
            count?: boolean | null;
            distinct?: boolean | null;
            group_by?: string[] | null;
            explain?: boolean | null;
            similarity?: {
                query?: string | components["schemas"]["Vector"];
                like?: {
                    key: string | number;
                };
                column: string;
                threshold?: number | null;
                metric?: components["schemas"]["Metric"];
                ef?: number;
                probes?: number;
                exact?: boolean;
                hybrid?: {
                    columns: string[];
                    weights?: components["schemas"]["RankWeights"];
                };
                mmr?: components["schemas"]["Mmr"];
                group?: components["schemas"]["Group"];
                input_type?: components["schemas"]["InputType"];
            } | null;
            include_vectors?: boolean | null;
            include_meta?: boolean | null;
        };
        RowPage: {
            rows: components["schemas"]["Row"][];
            next_cursor: string | null;
        };
        Count: {
            count: number;
        };
        Groups: {
            groups: {
                values: components["schemas"]["Row"];
                count: number;
            }[];
        };
        Plan: {
            plan: string[];
        };
        SimilaritySearch: {
            query?: string | components["schemas"]["Vector"];
            like?: {
                key: string | number;
            };
            column: string;
            limit?: number;
            offset?: number;
            threshold?: number | null;
            filters?: components["schemas"]["Filter"];
            include_score?: boolean;
            select?: string[];
            include_vectors?: boolean;
            metric?: components["schemas"]["Metric"];
            ef?: number;
            probes?: number;
            exact?: boolean;
            hybrid?: {
                columns: string[];
                weights?: components["schemas"]["RankWeights"];
            };
            mmr?: components["schemas"]["Mmr"];
            group?: components["schemas"]["Group"];
            input_type?: components["schemas"]["InputType"];
            explain?: boolean;
        };
        SimilarityAnswer: {
            results: {
                data: Record<string, never>;
                score?: number;
                ranks?: {
                    similarity?: number | null;
                    text?: number | null;
                };
                similarity?: number | null;
                text_score?: number | null;
                group?: unknown;
            }[];
            query_embedding: components["schemas"]["Vector"];
            search_time_ms: number;
            explanation?: Record<string, never>;
        };
        NewComputedColumn: {
            name: string;
            source_column: string;
            model: string;
            auto_update?: boolean | null;
            cache?: boolean | null;
            adopt?: boolean | null;
        };
        CreatedComputedColumn: {
            column_name: string;
            type: "embedding";
            dimensions: number;
            model: string;
            source: string;
        };
        ComputedChange: {
            model?: string | null;
            auto_update?: boolean | null;
            cache?: boolean | null;
        };
        ComputedColumns: {
            columns: components["schemas"]["ComputedColumn"][];
        };
        ComputedColumn: {
            column_name: string;
            type: "embedding";
            dimensions: number;
            metric: components["schemas"]["Metric"];
            model: string;
            source: string;
            auto_update: boolean;
            cache: boolean;
            status: "ready" | "filling" | "paused" | "waiting";
            cells: components["schemas"]["CellCounts"];
            error: string | null;
            change: {
                model: string;
                dimensions: number;
                status: "ready" | "filling" | "paused" | "waiting" | "blocked";
                cells: components["schemas"]["CellCounts"];
                error: string | null;
            } | null;
            failed_cells?: {
                key: string;
                error: string;
            }[];
            next_failed?: number | null;
        };
        WaitForVectors: boolean | null;
        Recomputed: {
            refreshed: number;
            failed: number;
            skipped: number;
            pending: number;
        };
        CellCounts: {
            ready: number;
            pending: number;
            failed: number;
            empty: number;
        };
        Health: {
            status: string;
            model?: string;
            dimension?: number;
            detail?: string;
            workers?: {
                [key: string]: {
                    size: number;
                    ready: number;
                    restarts: number;
                };
            };
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            field?: string;
            error: string;
        };
    };
    responses: {
        NewIndex: {
            headers: {
                Location?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["CreatedIndex"];
            };
        };
        Problem: {
            headers: {
                "X-Request-Id"?: string;
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
                "text/plain": string;
            };
        };
        OpenAiError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
    };
    parameters: {
        Collection: string;
        Table: string;
        Index: string;
        RequestTimeout: number;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export interface operations {
    embed: {
        parameters: {
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmbedRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmbedResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    generateEmbeddings: {
        parameters: {
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GenerateRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GenerateResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listEmbeddingModels: {
        parameters: {
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmbeddingModels"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    preloadEmbeddingModel: {
        parameters: {
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    model?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmbeddingModel"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    clearEmbeddingCache: {
        parameters: {
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    sql: {
        parameters: {
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    query: string;
                    params?: (string | number | boolean | number[] | null)[] | null;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SqlResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createEmbedding: {
        parameters: {
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenAiEmbeddingRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiEmbeddingResponse"];
                };
            };
            default: components["responses"]["OpenAiError"];
        };
    };
    listModels: {
        parameters: {
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiModels"];
                };
            };
            default: components["responses"]["OpenAiError"];
        };
    };
    getModel: {
        parameters: {
            path: {
                model: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiModel"];
                };
            };
            default: components["responses"]["OpenAiError"];
        };
    };
    listCollections: {
        parameters: {
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collections"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createCollection: {
        parameters: {
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCollection"];
            };
        };
        responses: {
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getCollection: {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteCollection: {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listDocuments: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                include_vectors?: boolean;
            };
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentPage"];
                    "application/x-ndjson": components["schemas"]["Document"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    insertDocuments: {
        parameters: {
            query?: {
                on_conflict?: "upsert" | "error";
            };
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InsertRequest"];
                "application/x-ndjson": string;
            };
        };
        responses: {
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InsertResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteDocuments: {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DocumentsDelete"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedDocuments"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    updateDocuments: {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DocumentsUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdatedDocuments"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getDocument: {
        parameters: {
            query?: {
                include_vector?: boolean;
            };
            path: {
                collection: components["parameters"]["Collection"];
                document: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteDocument: {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
                document: string;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    updateDocument: {
        parameters: {
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
            path: {
                collection: components["parameters"]["Collection"];
                document: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DocumentUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdatedDocuments"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    queryDocuments: {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DocumentsQuery"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentsAnswer"];
                    "application/x-ndjson": components["schemas"]["Document"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getCollectionTextIndex: {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TextIndex"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createCollectionTextIndex: {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TextIndex"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    dropCollectionTextIndex: {
        parameters: {
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TextIndex"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    searchCollection: {
        parameters: {
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
            path: {
                collection: components["parameters"]["Collection"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SearchRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchResponse"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listTables: {
        parameters: {
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tables"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createTable: {
        parameters: {
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTable"];
            };
        };
        responses: {
            201: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Table"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    describeTable: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Table"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    dropTable: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    renameTable: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewName"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Table"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    addColumn: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewColumn"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Table"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    dropColumn: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Table"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    renameColumn: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewName"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Table"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listIndexes: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableIndexes"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createVectorIndex: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewVectorIndex"];
            };
        };
        responses: {
            201: components["responses"]["NewIndex"];
            default: components["responses"]["Problem"];
        };
    };
    createOrderedIndex: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewScalarIndex"];
            };
        };
        responses: {
            201: components["responses"]["NewIndex"];
            default: components["responses"]["Problem"];
        };
    };
    createTextIndex: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewScalarIndex"];
            };
        };
        responses: {
            201: components["responses"]["NewIndex"];
            default: components["responses"]["Problem"];
        };
    };
    getIndex: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                index: components["parameters"]["Index"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableIndex"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    dropIndex: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                index: components["parameters"]["Index"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    rebuildIndex: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                index: components["parameters"]["Index"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableIndex"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    insertRows: {
        parameters: {
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
            path: {
                table: components["parameters"]["Table"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRows"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InsertedRows"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteRows: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RowsDelete"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedRows"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    updateRows: {
        parameters: {
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
            path: {
                table: components["parameters"]["Table"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RowsUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdatedRows"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getRow: {
        parameters: {
            query?: {
                include_vectors?: boolean;
                include_meta?: boolean;
            };
            path: {
                table: components["parameters"]["Table"];
                key: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Row"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    deleteRow: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                key: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedRows"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    updateRow: {
        parameters: {
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
            path: {
                table: components["parameters"]["Table"];
                key: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RowUpdate"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdatedRows"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    queryRows: {
        parameters: {
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
            path: {
                table: components["parameters"]["Table"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Query"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowPage"] | components["schemas"]["Count"] | components["schemas"]["Groups"] | components["schemas"]["Plan"];
                    "application/x-ndjson": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    searchSimilar: {
        parameters: {
            header?: {
                "X-Request-Timeout"?: components["parameters"]["RequestTimeout"];
            };
            path: {
                table: components["parameters"]["Table"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SimilaritySearch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SimilarityAnswer"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listComputedColumns: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComputedColumns"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    createEmbeddingColumn: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewComputedColumn"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedComputedColumn"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getComputedColumn: {
        parameters: {
            query?: {
                failed_after?: number;
                failed_limit?: number;
            };
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComputedColumn"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    changeComputedColumn: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ComputedChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComputedColumn"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    refreshComputedColumn: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": {
                    where?: components["schemas"]["Filter"];
                    wait?: components["schemas"]["WaitForVectors"];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recomputed"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    retryComputedColumn: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": {
                    wait?: components["schemas"]["WaitForVectors"];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recomputed"] & {
                        retried: number;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    pauseComputedColumn: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComputedColumn"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    resumeComputedColumn: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComputedColumn"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    cancelComputedChange: {
        parameters: {
            path: {
                table: components["parameters"]["Table"];
                column: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComputedColumn"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    listBackups: {
        parameters: {
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backups"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    startBackup: {
        parameters: {
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewBackup"];
            };
        };
        responses: {
            202: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backup"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getBackup: {
        parameters: {
            path: {
                backup: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backup"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    welcome: {
        parameters: {
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Welcome"];
                    "text/html": string;
                };
            };
        };
    };
    version: {
        parameters: {
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
        };
    };
    health: {
        parameters: {
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    healthReady: {
        parameters: {
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    healthLive: {
        parameters: {
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    metrics: {
        parameters: {
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
}
