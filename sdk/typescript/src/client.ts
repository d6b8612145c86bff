import { requireCondition, requireEach } from './arguments.js';
import { BackupsClient } from './backups.js';
import { CollectionsClient, type Collection } from './collections.js';
import { ComputedColumnsClient } from './computed-columns.js';
import type { Condition } from './conditions.js';
import { Catalog, type Context, type Wire } from './context.js';
import { EmbeddingsClient } from './embeddings.js';
import { ConfigurationError } from './errors.js';
import { IndexesClient } from './indexes.js';
import { followLater, LiveResults, type Live } from './live.js';
import {
  Operation,
  type AuditLog,
  type AuditOptions,
  type Caller,
  type Compaction,
  type KeyInfo,
  type RunOptions,
  type TableTraffic,
  type Verification,
} from './operation.js';
import type { Query } from './query.js';
import { QueryVectors, type QueryVectorOptions, type QueryVectorStatistics } from './query-vectors.js';
import type { AnyRow, AnyTables, Path, Row, VectorColumn } from './schema.js';
import { search, type SearchBuilder, type SearchResult, type SearchResults, type SimilarityOptions } from './similarity.js';
import { sql, SqlQuery } from './sql.js';
import type { Table } from './table.js';
import { TablesClient } from './tables.js';
import { TokensClient } from './tokens.js';
import type { SyncEngine, SyncOptions } from './sync/engine.js';
import type { LiveFeed } from './sync/live-feed.js';
import { path, Transport, type RequestOptions, type TransportOptions } from './transport.js';

/** How a client is set up. */
export interface ClientOptions extends TransportOptions {
  /** How vectors of texts that were embedded or searched with are kept, so that asking again costs no request for them. */
  queryVectors?: QueryVectorOptions | undefined;
  /** Whether times come as `Date` instead of as strings; false by default. */
  dates?: boolean | undefined;
  /**
   * Keeps tables here, so that calls about them are answered without the server, also without a network; false by default. See
   * {@link AkidbClient.sync}.
   */
  syncEngine?: boolean | SyncOptions | undefined;
}

/** How a table is searched. */
export interface SearchOptions<T = AnyRow> extends SimilarityOptions, RequestOptions {
  /** An embedding column. */
  column: VectorColumn<T>;
  /** At most so many rows, 1 to 1,000; 10 by default. */
  limit?: number | undefined;
  offset?: number | undefined;
  /** Only rows that satisfy all of these. */
  filters?: readonly Condition<T>[] | undefined;
  /** Whether results show their score; false by default. */
  includeScore?: boolean | undefined;
  select?: readonly ('*' | Path<T>)[] | undefined;
  includeVectors?: boolean | undefined;
  explain?: boolean | undefined;
}

/** How the server is. */
export interface Health {
  status: string;
  model?: string;
  dimension?: number;
  detail?: string;
  workers?: Record<string, { size: number; ready: number; restarts: number }>;
}

/**
 * A client of an AkiDB server.
 *
 * @typeParam Tables - an interface of the server's tables, as `akidb-types` writes it; without one, rows are of any type
 */
export class AkidbClient<Tables = AnyTables> {
  readonly tables: TablesClient<Tables>;
  readonly embeddings: EmbeddingsClient;
  readonly computedColumns: ComputedColumnsClient;
  readonly indexes: IndexesClient;
  readonly collections: CollectionsClient;
  readonly backups: BackupsClient;
  readonly tokens: TokensClient;
  /** What sends requests, for routes that have no method here. */
  readonly transport: Transport;
  readonly #context: Context;
  readonly #operation: Operation;
  #stop: (() => Promise<void>) | undefined;
  #sync: Promise<SyncEngine> | undefined;
  #feed: Promise<LiveFeed> | undefined;

  constructor(options: ClientOptions = {}) {
    const transport = (this.transport = new Transport(options));
    this.#context = {
      transport,
      catalog: new Catalog(transport, options.dates ?? false),
      vectors: new QueryVectors(options.queryVectors),
      live: () => (this.#feed ??= import('./sync/index.js').then(({ SyncEngine }) => SyncEngine.feed(this.#context))),
    };
    this.tables = new TablesClient(this.#context);
    this.embeddings = new EmbeddingsClient(this.#context);
    this.computedColumns = new ComputedColumnsClient(this.#context);
    this.indexes = new IndexesClient(this.#context);
    this.collections = new CollectionsClient(this.#context);
    this.backups = new BackupsClient(this.#context);
    this.tokens = new TokensClient(this.#context);
    this.#operation = new Operation(transport);
    if (options.syncEngine) {
      const context = this.#context;
      const its = options.syncEngine === true ? {} : options.syncEngine;
      // apart, so that whoever does not synchronise does not load it
      const sync = (this.#sync = import('./sync/index.js').then(({ SyncEngine }) => SyncEngine.open(context, its)));
      sync.catch(() => undefined); // told to whoever asks next
      transport.answerer = async (call, options) => (await sync).answer(call, options);
    }
  }

  /** What keeps tables here; of a client that was made with `syncEngine`. */
  get sync(): Promise<SyncEngine> {
    return this.#sync ?? Promise.reject(new ConfigurationError('make the client with syncEngine: true'));
  }

  /** A table, without asking the server. */
  table<Name extends keyof Tables & string>(name: Name): Table<Tables[Name]> {
    return this.tables.get(name);
  }

  /** A collection by its name or id, without asking the server. `M` is what its documents have for metadata. */
  collection<M = any>(name: string): Collection<M> {
    return this.collections.get<M>(name);
  }

  /** The rows of a table that are most similar to a text or a vector, best first. */
  async search<Name extends keyof Tables & string>(
    tableName: Name,
    query: string | Float32Array,
    { signal, timeout, retries, headers, filters = [], ...how }: SearchOptions<Tables[Name]>,
  ): Promise<SearchResults<Row<Tables[Name]>>> {
    requireEach(filters, 'filters', requireCondition);
    const its = { ...how, query, filters: filters as object[] };
    return search(this.#context, tableName, its, { signal, timeout, retries, headers });
  }

  /**
   * The rows of a query as they change at the server (here, of tables that are kept here): at most 1,000, as many as a query without a
   * limit has then.
   */
  live<R>(query: Query<any, R>): Live<R[]>;
  /** The results of a search as they change: new rows take their places as they are written. */
  live<R>(search: SearchBuilder<any, R>): Live<SearchResult<R>[]>;
  live(query: Query<any, unknown> | SearchBuilder<any, unknown>): Live<unknown[]> {
    const request = query.liveRequest();
    return new LiveResults((follower) =>
      followLater(
        this.#sync
          ? this.#sync.then((engine) => engine.following(query, request))
          : this.#context.live().then((feed) => (its) => feed.follow(request, its)),
        follower,
      ),
    );
  }

  /** A select over tables and collections; what stands in `${}` is bound as a value. It runs when it is awaited. */
  readonly sql = <R = AnyRow>(strings: TemplateStringsArray, ...values: unknown[]): SqlQuery<R> =>
    new SqlQuery<R>(this.#context, sql(strings, ...values));

  /** How the server is; `ready` says whether it takes requests, `live` whether it runs at all. An unhealthy server is no error. */
  health(probe?: 'ready' | 'live', options?: RequestOptions): Promise<Health> {
    return this.#context.transport.json<Wire['Health']>(
      { method: 'GET', path: `/health${probe ? path`/${{ probe }}` : ''}`, repeatable: true },
      { retries: 0, ...options },
      503,
    ) as Promise<Health>;
  }

  /** The name and the version of the server. */
  version(options?: RequestOptions): Promise<{ name: string; version: string }> {
    return this.transport.json<Wire['Version']>(
      { method: 'GET', path: '/version', repeatable: true, answer: { version: '' } },
      options,
    );
  }

  /** Who the server takes this client for, and what it may do. */
  caller(options?: RequestOptions): Promise<Caller> {
    return this.#operation.caller(options);
  }

  /** The API keys, in the order in which they were made; keys are made and revoked on the server's machine. */
  keys(options?: RequestOptions): Promise<KeyInfo[]> {
    return this.#operation.keys(options);
  }

  /** The newest entries of the log of who changed what. */
  audit(options?: AuditOptions): Promise<AuditLog> {
    return this.#operation.audit(options);
  }

  /** How often the rows of tables and collections were asked for over the last hour, by the minute. */
  traffic(options?: RequestOptions): Promise<TableTraffic[]> {
    return this.#operation.traffic(options);
  }

  /** Reads all that the server keeps as of one commit, while others go on writing, and says what is wrong with it. One goes on at a time. */
  verify(options?: RunOptions<Verification>): Promise<Verification> {
    return this.#operation.verify(options);
  }

  /** The verification that goes on, or the last one since the server started; null if there was none. */
  verification(options?: RequestOptions): Promise<Verification | null> {
    return this.#operation.verification(options);
  }

  /** Gives what the database does not use back to the file system, while others go on reading and writing. One goes on at a time. */
  compact(options?: RunOptions<Compaction>): Promise<Compaction> {
    return this.#operation.compact(options);
  }

  /** The compaction that goes on, or the last one since the server started; null if there was none. */
  compaction(options?: RequestOptions): Promise<Compaction | null> {
    return this.#operation.compaction(options);
  }

  /** How the kept vectors of queries were used. */
  queryVectorStatistics(): QueryVectorStatistics {
    return this.#context.vectors.statistics();
  }

  /** Writes what is kept beyond the client, and lets go of a server that {@link local} found or started. */
  async close(): Promise<void> {
    try {
      await this.#context.vectors.save();
    } finally {
      // also where a store cannot be written
      try {
        (await this.#feed?.catch(() => undefined))?.close();
        await (await this.#sync?.catch(() => undefined))?.close();
      } finally {
        await this.#stop?.();
      }
    }
  }

  /**
   * A client of the server of a data directory on this machine, which is started if it does not run; in Node, Deno and Bun. The
   * server ends by itself when its last client was closed or its process ended.
   */
  static async local<Tables = AnyTables>(dataDir: string, options: LocalOptions = {}): Promise<AkidbClient<Tables>> {
    const { startLocal } = await import('./local.js');
    const { baseUrl, apiKey, stop } = await startLocal(dataDir, options);
    const client = new AkidbClient<Tables>({ ...options, baseUrl, apiKey });
    client.#stop = stop;
    return client;
  }
}

/** How a local server is found or started. */
export interface LocalOptions extends Omit<ClientOptions, 'baseUrl' | 'apiKey'> {
  /** The folder of AkiDB, or its `scripts/akidb`; else `AKIDB_HOME` of the environment, else `akidb` on the path. */
  home?: string | undefined;
  /** Seconds that the server goes on after its last client, 0 by default; the one who starts it decides. */
  linger?: number | undefined;
  /** Settings of the server, such as `{ 'akidb.sql.timeout': '10s' }`; they count if it is started. */
  settings?: Record<string, string> | undefined;
  /** Milliseconds that the start may take, 180,000 by default. */
  startTimeout?: number | undefined;
}
