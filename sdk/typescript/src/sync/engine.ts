import { tablePath, type Context, type Wire } from '../context.js';
import { AkidbError, ApiError, ConfigurationError, ConnectionError, NotFoundError } from '../errors.js';
import { decode, encode, vectorFrom } from '../json.js';
import type { Call, RequestOptions } from '../transport.js';
import { sleep, untilAborted } from '../transport.js';
import { followLater, LiveResults, type Follower, type Live, type LiveRequest } from '../live.js';
import type { Query } from '../query.js';
import type { SearchBuilder, SearchResult } from '../similarity.js';
import { eventsOf } from './events.js';
import { LiveFeed } from './live-feed.js';
import { indexedDbStore } from './indexeddb-store.js';
import type { LocalModel } from './local-model.js';
import { LocalModels, type InputType } from './local-models.js';
import { matching, query, row, search, sql, vectorIn } from './local-query.js';
import { ReplicaTable, type Subscription } from './replica.js';
import { memoryStore, type Mutation, type MutationArgs, type StoreChange, type SyncStore } from './store.js';
import { alone, sharedTabs, type Ask, type Message, type SyncState, type Tabs } from './tabs.js';
import { NotLocal, readSelect } from './where-text.js';

/** The store of a replica is full, or cannot be written; what was asked for was not done. */
export class StorageError extends AkidbError {
  override readonly name = 'StorageError';

  constructor(message: string, cause?: unknown) {
    super(message, 'STORAGE_FULL', true, { cause });
  }
}

/** How a table is kept here. */
export interface TableSubscription {
  table: string;
  /** All columns by default. The key always comes along. */
  columns?: readonly string[] | undefined;
  /** Only rows that satisfy this; queries of the table then know no others. */
  where?: unknown;
  /** Whether vectors come as bytes (`int8`, the default), or in full (`float32`), four times as large and with the server's very scores. */
  vectors?: 'int8' | 'float32' | undefined;
}

/** How a client synchronises. */
export interface SyncOptions {
  /** The tables to keep here. Left out, a table is kept from its first use on, if it has no more than {@link maxRows} rows. */
  tables?: readonly (string | TableSubscription)[] | undefined;
  /** Rows of a table that is kept without having been named; 50,000 by default. */
  maxRows?: number | undefined;
  /** How vectors come, where a subscription does not say; `int8` by default. */
  vectors?: 'int8' | 'float32' | undefined;
  /** Where the replica is kept; by default IndexedDB in browsers, and memory elsewhere. */
  store?: SyncStore | Promise<SyncStore> | undefined;
  /** Tells replicas of one origin apart, such as those of several users; by default the server's address. */
  name?: string | undefined;
  /** Milliseconds after which a server that does not tell of news is asked for them again; 2,000 by default. */
  interval?: number | undefined;
  /** Models that embed here while the server cannot be reached, such as `onnxModel` of `@akidb/sdk/sync/onnx`. */
  localModel?: LocalModel | readonly LocalModel[] | undefined;
}

/** A write that the server refused. Its effect is gone from the replica. */
export interface Refused {
  readonly id: number;
  readonly name: Mutation['name'];
  readonly args: MutationArgs;
  /** The server's code, such as `ALREADY_EXISTS` or `VERSION_CONFLICT`. */
  readonly code: string;
  readonly detail: string;
  readonly field?: string | undefined;
}

/** How a replica is. */
export interface SyncStatus {
  readonly state: SyncState;
  /** Writes that the server has not confirmed. */
  readonly pending: number;
  /** When the replica was last equal to the server. */
  readonly syncedAt: Date | undefined;
  /** Why the last attempt failed. */
  readonly error: Error | undefined;
  /** Whether this program speaks with the server; others of the same replica go through it. */
  readonly leads: boolean;
  /** Rows by table, and whether all of them are here. */
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly loaded: boolean }>>;
}

/** What a replica tells of itself. */
export interface SyncEvents {
  status: SyncStatus;
  /** Rows of these tables are others than before. */
  change: readonly string[];
  refused: Refused;
  /** Rows that came so far of a load that is under way. */
  progress: { readonly rows: number };
  /** The replica was thrown away and comes anew; so many writes that were to be sent are kept, undefined if they are lost. */
  reset: { readonly reason: string; readonly saved: number | undefined };
}

/** A vector to search with. */
interface Sought {
  readonly vector: Float32Array;
  /** Whether it was made here for want of the server, and is to be forgotten. */
  readonly passing?: boolean;
}

interface State {
  clientGroupID: string;
  clientID: string;
  cookie: unknown;
  subscriptions: Subscription[];
  descriptions: Record<string, Wire['Table']>;
  loaded: string[];
  refused: Refused[];
}

interface PullAnswer {
  error?: string;
  lastMutationIDs?: Record<string, number>;
  cookie: unknown;
  lastMutationIDChanges: Record<string, number>;
  patch: Operation[];
  more?: boolean;
  refused?: Record<string, Refusal[]>;
}

interface PushAnswer {
  error?: string;
  refused?: (Refusal & { clientID?: string })[];
}

interface Refusal {
  id: number;
  code: string;
  detail: string;
  field?: string;
}

type Operation =
  | { op: 'put'; key: string; value: Record<string, unknown>; row?: number }
  | { op: 'del'; key: string }
  | { op: 'clear'; prefix?: string };

const PULL = '/api/v1/sync/pull';
const PUSH = '/api/v1/sync/push';
const EVENTS = '/api/v1/sync/events';
/** Milliseconds that a search waits for rows which were just written to be embedded here. */
const MOMENT = 250;
/** Rows that are embedded here before others hear of them. */
const SOME_ROWS = 20;
/** Milliseconds after which a server that tells of news is asked all the same. */
const FOLLOWED = 60_000;
const PAGE = 10_000;
const MOST_PUSHED = 500;
const MOST_BYTES = 1 << 20;
const MOST_REFUSED = 100;
const MOST_ROWS = 1000;
const TABLE = /^\/api\/v1\/tables\/([^/?]+)(\/[^?]*)?(?:\?(.*))?$/;

const prefixOf = (table: string): string => `${encodeURIComponent(table)}/`;
const randomId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Keeps tables of the server here, answers calls about them, and sends what was written. */
export class SyncEngine {
  readonly #context: Context;
  readonly #options: SyncOptions;
  readonly #store: SyncStore;
  readonly #tabs: Tabs;
  readonly #tables = new Map<string, ReplicaTable>();
  /** Tables that have become others, until their rows are here. */
  readonly #next = new Map<string, ReplicaTable>();
  readonly #listeners = new Map<string, Set<(event: never) => void>>();
  readonly #subscribing = new Map<string, Promise<void>>();
  /** Tables that are not kept, since they are too large or there are none of these names. */
  readonly #declined = new Set<string>();
  #state: State;
  /** The state as the store has it, where this one wrote it last. */
  #kept = '';
  readonly #models: LocalModels;
  /** Ends when what was written here without the server has vectors. */
  #providing: Promise<void> | undefined;
  readonly #asked: Ask[] = [];
  /** Whether the server tells when there is news. */
  #followed = false;
  /** Asks the server to tell of other tables than before. */
  #refollow: (() => void) | undefined;
  /** Whether others have to learn what a table is made of now. */
  #renewed = false;
  #pending: Mutation[] = [];
  #pushed = 0;
  #cycle = 0;
  #waiting: { after: number; done: () => void; fail: (error: unknown) => void }[] = [];
  #wake: (() => void) | undefined;
  #awake = false;
  #phase: SyncState = 'starting';
  #error: Error | undefined;
  #syncedAt: Date | undefined;
  #leads = false;

  private constructor(context: Context, options: SyncOptions, store: SyncStore, tabs: Tabs) {
    this.#context = context;
    this.#options = options;
    this.#store = store;
    this.#tabs = tabs;
    this.#state = fresh();
    const { transport } = context;
    this.#models = new LocalModels(options.localModel, {
      url: transport.baseUrl,
      file: (model, name, { signal, timeout }) => {
        const path = `/api/v1/models/${encodeURIComponent(model)}/files/${name}`;
        const type = name.endsWith('.json') ? 'application/json' : 'application/octet-stream';
        return transport.open({ method: 'GET', path, repeatable: true, direct: true }, type, signal, timeout);
      },
    });
  }

  /** @internal */
  static async open(context: Context, options: SyncOptions): Promise<SyncEngine> {
    const name = `akidb-sync ${options.name ?? context.transport.baseUrl}`;
    const browser = options.store === undefined && 'indexedDB' in globalThis;
    const store = await (options.store ?? (browser ? indexedDbStore(name).catch(memoryStore) : memoryStore()));
    const shared = browser && 'BroadcastChannel' in globalThis && 'locks' in globalThis.navigator;
    const engine = new SyncEngine(context, options, store, shared ? sharedTabs(name) : alone());
    // what others tell while this one reads the store comes after it
    let ready = false;
    const early: Message[] = [];
    engine.#tabs.listen((message) => (ready ? engine.#hear(message) : early.push(message)));
    await engine.#restore();
    ready = true;
    for (const message of early) engine.#hear(message);
    engine.#tabs.tell({ type: 'wake' }); // whoever leads tells how things stand
    engine.#models.ready().catch(() => undefined); // tried again when the server is reached
    engine.#tabs.lead((signal) => engine.#lead(signal).catch((error: Error) => engine.#enter('error', error)));
    return engine;
  }

  #hear(message: Message): void {
    const failed = (error: Error): void => this.#enter('error', error);
    if (message.type === 'wake') this.#rouse();
    else if (message.type === 'written') this.#take(message.mutations);
    else if (message.type === 'applied') this.#apply(message.change);
    else if (message.type === 'ask') this.#do(message.ask).catch(failed);
    else if (message.type === 'phase') {
      if (!this.#leads) this.#enter(message.state, message.error === undefined ? undefined : new ConnectionError(message.error));
    } else {
      this.#asked.length = 0; // was done, or is moot
      this.#restore().then(() => this.#leads || this.#arrive(++this.#cycle), failed);
    }
  }

  /** How the replica is. */
  get status(): SyncStatus {
    const tables: Record<string, { rows: number; loaded: boolean }> = {};
    for (const [name, table] of this.#tables) tables[name] = { rows: table.size, loaded: table.loaded };
    return {
      state: this.#phase,
      pending: this.#pending.length,
      syncedAt: this.#syncedAt,
      error: this.#error,
      leads: this.#leads,
      tables,
    };
  }

  /** Writes that the server refused lately, the newest last. */
  get refused(): readonly Refused[] {
    return this.#state.refused;
  }

  /** Writes that the server has not confirmed, in their order. */
  get pending(): readonly Mutation[] {
    return this.#pending;
  }

  /** Keeps a table here from now on; ends when all of it is here. */
  async subscribe(subscription: string | TableSubscription): Promise<void> {
    const its = typeof subscription === 'string' ? { table: subscription } : subscription;
    const before = this.#subscribing.get(its.table);
    if (before) return before;
    const made = this.#subscribe(its).finally(() => this.#subscribing.delete(its.table));
    this.#subscribing.set(its.table, made);
    return made;
  }

  /** Keeps a table here no longer. Writes that are on their way are still sent. */
  async unsubscribe(table: string): Promise<void> {
    await this.#ask({ unsubscribe: table });
  }

  /**
   * Ends when the replica holds what the server has now, and the server all that was written here by now.
   *
   * @throws the reason of the signal if that comes first
   */
  synced({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    if (this.#phase === 'closed') return Promise.reject(new ConfigurationError('the client was closed'));
    const arrival = new Promise<void>((done, fail) => {
      this.#waiting.push({ after: this.#cycle, done, fail });
    });
    this.#rouse();
    this.#tabs.tell({ type: 'wake' });
    return untilAborted(arrival, signal);
  }

  /** Ends when the local models can embed; at first their files have to come. Fails with why one cannot. */
  modelsReady(): Promise<void> {
    return this.#models.ready(true);
  }

  /** Forgets refused writes that were dealt with; without ids all. */
  async dismiss(...ids: number[]): Promise<void> {
    await this.#ask({ dismiss: ids });
  }

  /** Bytes that the replica takes: of vectors in memory, and in its store where that can be told. */
  async storage(): Promise<{ vectors: number; store: number | undefined }> {
    let vectors = 0;
    for (const table of this.#tables.values()) for (const column of table.vectors.values()) vectors += column.bytes;
    return { vectors, store: await this.#store.size?.() };
  }

  /** Calls a listener at each event; gives what ends that. */
  on<E extends keyof SyncEvents>(event: E, listener: (value: SyncEvents[E]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener as (event: never) => void));
    return () => listeners.delete(listener as (event: never) => void);
  }

  /**
   * The results of a query as they change, here or, of tables that are not kept here, at the server:
   * `useSyncExternalStore(live.subscribe, live.getSnapshot)` in React.
   */
  live<R>(query: Query<any, R>): Live<R[]>;
  live<R>(search: SearchBuilder<any, R>): Live<SearchResult<R>[]>;
  live<R>(query: PromiseLike<R>): Live<R>;
  live(query: PromiseLike<unknown> & { liveRequest?: () => LiveRequest }): Live<unknown> {
    return new LiveResults(this.following(query, query.liveRequest?.()));
  }

  /** @internal What has the server follow queries; here so that it is loaded with the rest of this. */
  static feed(context: Context): LiveFeed {
    return new LiveFeed(context);
  }

  /** @internal Follows a query; without a request, which the server could follow, only by what happens here. */
  following<R>(query: PromiseLike<R>, request: LiveRequest | undefined): (follower: Follower<R>) => () => void {
    return (follower) => {
      let asked = 0;
      let shown = 0;
      let atServer: (() => void) | undefined;
      const ask = (): void => {
        const number = ++asked;
        query.then(
          (results) => {
            if (number <= shown) return; // a newer answer was faster
            shown = number;
            follower.show(results);
          },
          () => undefined, // the next change asks again
        );
      };
      const look = (): void => {
        if (!request || this.#tables.has(request.table)) {
          atServer?.();
          atServer = undefined;
          ask();
        } else if (!atServer) {
          this.#consider(request.table);
          const feed = this.#context.live().then((its) => (to: Follower<R>) => its.follow(request, to as Follower<unknown>));
          atServer = followLater(feed, follower);
        }
      };
      const end = this.on('change', look);
      look();
      return () => {
        end();
        atServer?.();
        shown = Infinity;
      };
    };
  }

  /** Ends synchronising and lets go of the store. What was written and not sent is sent when the replica is opened again. */
  async close(): Promise<void> {
    this.#phase = 'closed';
    this.#tabs.close();
    this.#rouse();
    for (const { fail } of this.#waiting.splice(0)) fail(new ConfigurationError('the client was closed'));
    await this.#models.close();
    await this.#store.close();
    this.#tell('status', this.status);
  }

  /**
   * The answer to a call, if it can be given here; undefined if it is for the server.
   *
   * @internal
   */
  async answer(call: Call, options: RequestOptions): Promise<unknown> {
    if (this.#phase === 'closed') return undefined;
    options.signal?.throwIfAborted();
    if (call.path === '/api/v1/sql') return this.#sql(call.body as { query: string; params: readonly unknown[] });
    const parts = TABLE.exec(call.path);
    if (!parts) return undefined;
    const name = decodeURIComponent(parts[1]!);
    const table = this.#tables.get(name);
    if (!table) {
      this.#consider(name);
      return undefined;
    }
    const writes = call.method !== 'GET' && (parts[2] ?? '').startsWith('/rows');
    if (writes && !table.loaded && this.#pending.some(({ args }) => args.table === name)) {
      // behind what is to be sent, not before it
      await this.synced({ signal: options.signal ?? AbortSignal.timeout(options.timeout ?? 30_000) });
    }
    if (!table.loaded) return undefined;
    const parameters = new URLSearchParams(parts[3] ?? '');
    try {
      return await this.#answer(table, call, parts[2] ?? '', parameters, options);
    } catch (error) {
      return this.#notLocal(error);
    }
  }

  /** The answer to a select of one table, if that is kept here. */
  #sql({ query: text, params }: { query: string; params: readonly unknown[] }): unknown {
    try {
      const select = readSelect(text, params);
      const table = this.#tables.get(select.from);
      if (!table) this.#consider(select.from);
      return table?.loaded ? sql(table, select) : undefined;
    } catch (error) {
      return this.#notLocal(error);
    }
  }

  /** What only the server can do goes to it, if it can be reached. */
  #notLocal(error: unknown): undefined {
    if (!(error instanceof NotLocal)) throw error;
    if (this.#phase === 'offline') {
      throw new ConnectionError(`the server cannot be reached, and only the server can do this: ${error.message}`, this.#error);
    }
    return undefined;
  }

  async #answer(
    table: ReplicaTable,
    { method, body, lines }: Call,
    rest: string,
    parameters: URLSearchParams,
    options: RequestOptions,
  ): Promise<unknown> {
    const its = (body ?? {}) as Record<string, any>;
    const key = /^\/rows\/([^/]+)$/.exec(rest)?.[1];
    if (method === 'GET') {
      if (rest === '') return { ...table.description, row_count: table.size };
      if (key === undefined || parameters.get('include_meta') === 'true') return undefined;
      const entry = table.get(decodeURIComponent(key));
      if (!entry) throw notFound(table, decodeURIComponent(key));
      return row(table, entry, parameters.get('include_vectors') === 'true', parameters.get('encoding_format') === 'base64');
    }
    if (rest === '/query' && method === 'POST') {
      const similarity = its['similarity'] as Record<string, unknown> | undefined;
      return query(table, its, similarity && (await this.#vector(table, similarity, options))?.vector);
    }
    if (rest === '/search/similarity' && method === 'POST') {
      const sought = await this.#vector(table, its, options);
      return { ...search(table, its, sought?.vector), ...(sought?.passing && { passing: true }) };
    }
    if (rest !== '/rows' && key === undefined) return undefined; // columns and indexes are the server's
    if (method === 'POST') {
      const rows = lines === undefined ? (its['rows'] as Record<string, unknown>[]) : linesOf(lines);
      const onConflict = (its['on_conflict'] ?? parameters.get('on_conflict') ?? 'error') as 'error' | 'replace' | 'ignore';
      return this.#insert(table, rows, onConflict);
    }
    if (its['rows']) return this.#updateEach(table, its['rows'] as Record<string, unknown>[], its['if_missing'] === 'ignore');
    const entries = key === undefined ? matching(table, its['where']) : [table.get(decodeURIComponent(key))];
    if (key !== undefined && !entries[0]) throw notFound(table, decodeURIComponent(key));
    const keys = entries.map((entry) => entry!.key);
    const values = its['values'] as Record<string, unknown>;
    const name = method === 'PATCH' ? 'update' : 'delete';
    await this.#write(keys.map((key) => ({ name, args: { table: table.name, key, ...(name === 'update' && { values }) } })));
    return { [name === 'update' ? 'updated' : 'deleted']: keys.length, version: table.description.version };
  }

  /** Changes rows, each to values of its own. */
  async #updateEach(
    table: ReplicaTable,
    rows: readonly Record<string, unknown>[],
    ignoreMissing: boolean,
  ): Promise<Wire['EachUpdatedRow']> {
    const mutations = rows.flatMap(({ [table.keyColumn]: key, ...values }): Omit<Mutation, 'id' | 'timestamp'>[] => {
      if (key === undefined || key === null) throw new NotLocal('a row without its key'); // the server says so best
      const there = table.get(String(key));
      if (there) return [{ name: 'update', args: { table: table.name, key: there.key, values } }];
      if (ignoreMissing) return [];
      throw notFound(table, String(key));
    });
    await this.#write(mutations);
    return { updated: mutations.length, missing: rows.length - mutations.length, version: table.description.version };
  }

  async #insert(
    table: ReplicaTable,
    rows: readonly Record<string, unknown>[],
    onConflict: 'error' | 'replace' | 'ignore',
  ): Promise<Wire['InsertedRows']> {
    const there = rows.filter((row) => {
      const key = row[table.keyColumn] as string | undefined;
      return key !== undefined && table.get(key) !== undefined;
    }).length;
    const mutations: Omit<Mutation, 'id' | 'timestamp'>[] = [];
    for (let start = 0; start < rows.length; start += MOST_ROWS) {
      mutations.push({ name: 'insert', args: { table: table.name, rows: rows.slice(start, start + MOST_ROWS), onConflict } });
    }
    await this.#write(mutations);
    const [updated, ignored] = onConflict === 'replace' ? [there, 0] : [0, there];
    return { inserted: rows.length - there, updated, ignored, version: table.description.version };
  }

  /**
   * The vector that is searched with; of a text, the client's kept one came with the call, and otherwise the server makes it, or, where that
   * cannot be reached, a model that is here.
   */
  async #vector(table: ReplicaTable, body: Record<string, any>, options: RequestOptions): Promise<Sought | undefined> {
    if (this.#providing) await Promise.race([this.#providing, sleep(MOMENT, AbortSignal.timeout(2 * MOMENT))]);
    const given = vectorIn(body);
    if (given || typeof body['query'] !== 'string') return given && { vector: given };
    const { column, query: text, input_type } = body;
    const key = `sync\n${table.name}\n${String(column)}\n${String(input_type)}\n${text}`;
    const make = async (): Promise<{ vector: string }> => {
      const answer = await this.#direct<Wire['SimilarityAnswer']>(
        {
          method: 'POST',
          path: `${tablePath(table.name)}/search/similarity`,
          body: { column, query: text, input_type, limit: 1, encoding_format: 'base64' },
          repeatable: true,
        },
        options,
      );
      return { vector: answer.query_embedding as string };
    };
    const { vectors } = this.#context;
    const here = async (): Promise<Sought | undefined> => {
      const its = table.computed.find(({ name }) => name === column);
      const vector =
        its && (await this.#models.embed(its.model, its.dimensions, text as string, input_type as InputType | undefined));
      return vector && { vector, passing: true };
    };
    if (this.#phase === 'offline') {
      // before the server is tried, which takes its time
      const kept = await vectors.find(key);
      const its = kept ? { vector: vectorFrom(kept.vector) } : await here();
      if (its) return its;
    }
    try {
      return { vector: vectorFrom((await vectors.get(key, make)).vector) };
    } catch (error) {
      const its = options.signal?.aborted || !unreachable(error) ? undefined : await here();
      if (!its) throw error;
      return its;
    }
  }

  /** Embeds here what was written without the server: it is found by these vectors until the server's come. */
  #provide(): void {
    if (this.#providing || !this.#models.some || this.#phase !== 'offline') return;
    this.#providing = this.#provideAll()
      .catch(() => undefined)
      .finally(() => (this.#providing = undefined));
  }

  async #provideAll(): Promise<void> {
    const unable = new Set<string>();
    for (let more = true; more;) {
      more = false;
      for (const table of [...this.#tables.values()]) {
        let rows = 0;
        for (const { key, column, text } of [...table.missing()]) {
          if (this.#phase === 'synced' || this.#phase === 'closed') return;
          if (unable.has(column.model)) continue;
          const vector = await this.#models.embed(column.model, column.dimensions, text, 'document');
          if (!vector) unable.add(column.model);
          else if (this.#tables.get(table.name) === table) {
            table.provide(key, column, text, vector);
            more = true;
            if (++rows % SOME_ROWS === 0) this.#changed([table.name]);
          }
        }
        if (rows % SOME_ROWS > 0) this.#changed([table.name]);
      }
    }
  }

  /** Keeps writes, durably, then does them here; they are sent a moment later. */
  async #write(writes: readonly Omit<Mutation, 'id' | 'timestamp'>[]): Promise<void> {
    if (writes.length === 0) return;
    for (const { args } of writes) this.#tables.get(args.table)!.check(args);
    const timestamp = Date.now();
    // as it will be read again, so that nothing depends on whether the program went on meanwhile
    const plain = writes.map(({ name, args }) => ({ name, args: decode(encode(args), true) as MutationArgs, timestamp }));
    const mutations = await this.#store.append(plain).catch((error: unknown) => {
      throw new StorageError(`nothing was written, since it could not be kept: ${(error as Error).message}`, error);
    });
    this.#take(mutations);
    this.#tabs.tell({ type: 'written', mutations });
  }

  /** Does writes here, in the order of their ids. */
  #take(told: readonly Mutation[]): void {
    const last = this.#pending.at(-1)?.id ?? 0;
    const mutations = told.filter(({ id }) => id > last || !this.#pending.some((its) => its.id === id));
    this.#pending.push(...mutations);
    if (mutations.some(({ id }) => id <= last)) this.#replay();
    else for (const mutation of mutations) this.#tables.get(mutation.args.table)?.apply(mutation);
    this.#changed(mutations.map(({ args }) => args.table));
    this.#provide();
    this.#rouse();
  }

  /** What was written and not confirmed, over what the server said. */
  #replay(): void {
    for (const table of this.#tables.values()) table.rewind();
    this.#pending.sort((a, b) => a.id - b.id);
    for (const mutation of this.#pending) this.#tables.get(mutation.args.table)?.apply(mutation);
  }

  async #restore(): Promise<void> {
    let kept;
    try {
      kept = await this.#store.load();
      if (kept.state !== undefined) this.#state = decode(kept.state, true) as State;
    } catch (error) {
      const outbox = await this.#store.outbox().catch(() => undefined);
      await this.#startAnew(`the replica cannot be read: ${(error as Error).message}`, outbox);
      return;
    }
    const tables = new Map<string, ReplicaTable>();
    for (const subscription of this.#state.subscriptions) {
      const table = new ReplicaTable(subscription, this.#state.descriptions[subscription.table]!);
      table.loaded = this.#state.loaded.includes(subscription.table);
      tables.set(prefixOf(subscription.table), table);
    }
    const { bigints } = this.#context.transport;
    for (const [key, json] of kept.rows) {
      const { value, row } = decode(json, bigints) as RowRead;
      tables.get(prefix(key))?.put(key, value, row);
    }
    this.#tables.clear();
    for (const table of tables.values()) this.#tables.set(table.name, table);
    this.#pending = [...kept.outbox];
    this.#replay();
    if (kept.state === undefined) await this.#store.write({ state: encode(this.#state) });
    this.#changed([...this.#tables.keys()]);
  }

  async #subscribe(subscription: TableSubscription): Promise<void> {
    if (!this.#tables.has(subscription.table)) await this.#ask(await this.#wanted(subscription));
    for (let seen = false; ;) {
      const table = this.#tables.get(subscription.table);
      if (table?.loaded) return;
      if (table) seen = true;
      else if (seen) throw new ConfigurationError(`table '${subscription.table}' was dropped, or let go of`);
      await this.synced();
    }
  }

  async #wanted({ table, columns, where, vectors }: TableSubscription): Promise<Ask> {
    const description = await this.#describe(table);
    const subscribe: Subscription = {
      table,
      columns: columns ?? description.columns.map(({ name }) => name),
      ...(where !== undefined && { where }),
      vectors: vectors ?? this.#options.vectors ?? 'int8',
    };
    return { subscribe, description };
  }

  /** Has the one that leads do something; whoever comes to lead does what it asked for itself. */
  async #ask(ask: Ask): Promise<void> {
    if (this.#leads) return this.#do(ask);
    this.#asked.push(ask);
    this.#tabs.tell({ type: 'ask', ask });
  }

  async #do(ask: Ask): Promise<void> {
    if (!this.#leads) return;
    const state = this.#state;
    if ('subscribe' in ask) {
      if (this.#tables.has(ask.subscribe.table)) return;
      this.#add(ask.subscribe, ask.description);
      await this.#store.write({ state: encode(state) });
      this.#tabs.tell({ type: 'reload' });
      this.#refollow?.();
      this.#rouse();
    } else if ('unsubscribe' in ask) {
      const { unsubscribe: table } = ask;
      if (!this.#tables.delete(table)) return;
      state.subscriptions = state.subscriptions.filter((its) => its.table !== table);
      state.loaded = state.loaded.filter((its) => its !== table);
      delete state.descriptions[table];
      await this.#store.write({ clear: [prefixOf(table)], state: encode(state) });
      this.#refollow?.();
      this.#tabs.tell({ type: 'reload' });
      this.#changed([table]);
    } else {
      state.refused = state.refused.filter(({ id }) => ask.dismiss.length > 0 && !ask.dismiss.includes(id));
      await this.#store.write({ state: encode(state) });
      this.#tabs.tell({ type: 'applied', change: { state: encode(state) } });
    }
  }

  #add(subscription: Subscription, description: Wire['Table']): void {
    const { table: name } = subscription;
    this.#state.subscriptions = [...this.#state.subscriptions.filter(({ table }) => table !== name), subscription];
    this.#state.descriptions[name] = description;
    const table = new ReplicaTable(subscription, description);
    // what is here answers until what replaces it is here
    if (this.#tables.get(name)?.loaded) this.#next.set(name, table);
    else this.#tables.set(name, table);
  }

  /** Subscribes the tables that the options name, as soon as the server can be asked what they are made of. */
  async #subscribeNamed(): Promise<void> {
    for (const its of this.#options.tables ?? []) {
      const subscription = typeof its === 'string' ? { table: its } : its;
      if (this.#tables.has(subscription.table) || this.#declined.has(subscription.table)) continue;
      try {
        await this.#do(await this.#wanted(subscription));
      } catch (error) {
        if (error instanceof NotFoundError) this.#declined.add(subscription.table);
        throw error;
      }
    }
  }

  /** Subscribes a table at its first use, if nobody said which tables are kept. */
  #consider(name: string): void {
    if (this.#options.tables || this.#declined.has(name) || this.#subscribing.has(name)) return;
    const decide = async (): Promise<void> => {
      const { row_count: rows, kind } = await this.#describe(name);
      if (rows > (this.#options.maxRows ?? 50_000) || kind !== 'table') this.#declined.add(name);
      else await this.#subscribe({ table: name });
    };
    const made = decide()
      .catch((error: unknown) => {
        if (error instanceof ApiError) this.#declined.add(name);
      })
      .finally(() => this.#subscribing.delete(name));
    this.#subscribing.set(name, made);
  }

  #describe(table: string): Promise<Wire['Table']> {
    return this.#direct<Wire['Table']>({ method: 'GET', path: tablePath(table), repeatable: true }, {});
  }

  #direct<T>(call: Call, options: RequestOptions): Promise<T> {
    return this.#context.transport.json<T>({ ...call, direct: true }, options);
  }

  /** Speaks with the server for as long as this one leads. */
  async #lead(signal: AbortSignal): Promise<void> {
    this.#leads = true;
    const online = (): void => this.#rouse();
    globalThis.addEventListener?.('online', online);
    // what others wrote while nobody led
    this.#pending = [...(await this.#store.outbox())];
    this.#replay();
    for (const ask of this.#asked.splice(0)) await this.#do(ask);
    void this.#follow(signal);
    for (let failures = 0; !signal.aborted;) {
      const cycle = ++this.#cycle;
      this.#awake = false;
      try {
        if (this.#phase !== 'synced') this.#enter('syncing');
        await this.#push(signal);
        await this.#subscribeNamed();
        const whole = this.#state.subscriptions.length === 0 || (await this.#pull(signal));
        failures = 0;
        if (!whole) continue;
        this.#syncedAt = new Date();
        if (this.#pending.some(({ id }) => id > this.#pushed)) this.#awake = true; // what was written meanwhile
        this.#enter('synced');
        this.#arrive(cycle);
      } catch (error) {
        if (signal.aborted) break;
        failures++;
        this.#enter(unreachable(error) ? 'offline' : 'error', error as Error);
      }
      const calm = this.#options.interval ?? (this.#followed ? FOLLOWED : 2000);
      await this.#pause(failures === 0 ? calm : backoff(failures), failures > 0);
    }
    globalThis.removeEventListener?.('online', online);
    this.#leads = false;
  }

  /** Has the server tell when there is news, for as long as this one leads; a server that cannot is asked again and again. */
  async #follow(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      const { subscriptions } = this.#state;
      const stop = new AbortController();
      const end = (): void => stop.abort();
      signal.addEventListener('abort', end, { once: true });
      this.#refollow = end;
      try {
        if (subscriptions.length === 0) await sleep(24 * 3600_000, stop.signal);
        const names = encodeURIComponent(JSON.stringify(subscriptions.map(({ table }) => table)));
        const call = { method: 'GET', path: `${EVENTS}?tables=${names}`, repeatable: true } as const;
        const response = await this.#context.transport.open(call, 'text/event-stream', stop.signal);
        this.#followed = true;
        failures = 0;
        for await (const { event } of eventsOf(response)) {
          if (event === 'drain') break;
          this.#rouse();
        }
        this.#rouse(); // what came between
        await sleep(Math.random() * 5000, stop.signal);
      } catch (error) {
        // no such route: an older server, or something between that knows none of it
        if (error instanceof ApiError && error.status >= 400 && error.status < 500 && !error.retryable) return;
        if (stop.signal.aborted) continue;
        this.#followed = false;
        this.#rouse(); // to be asked more often again
        await sleep(backoff(++failures), signal).catch(() => undefined);
      } finally {
        this.#followed = false;
        signal.removeEventListener('abort', end);
      }
    }
  }

  /** Waits so long, or until something is to be done. After a failure, writes alone do not hasten the next attempt. */
  #pause(milliseconds: number, failed: boolean): Promise<void> {
    if (this.#awake && !failed) return new Promise((resolve) => setTimeout(resolve, 5)); // more may come
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      // a program that has nothing else to do may end
      if (this.#waiting.length === 0) (timer as { unref?: () => void }).unref?.();
      this.#wake = () => {
        clearTimeout(timer);
        setTimeout(resolve, failed ? Math.min(200, milliseconds) : 5);
      };
    });
  }

  #rouse(): void {
    this.#awake = true;
    this.#wake?.();
    this.#wake = undefined;
  }

  async #push(signal: AbortSignal): Promise<void> {
    for (;;) {
      const batch: Mutation[] = [];
      let bytes = 0;
      for (const mutation of this.#pending) {
        if (mutation.id <= this.#pushed) continue;
        bytes += encode(mutation.args).length;
        if (batch.length > 0 && (batch.length === MOST_PUSHED || bytes > MOST_BYTES)) break;
        batch.push(mutation);
      }
      if (batch.length === 0) return;
      const { clientGroupID, clientID } = this.#state;
      const mutations = batch.map(({ id, name, args, timestamp }) => ({ clientID, id, name, args, timestamp }));
      let answer: PushAnswer;
      try {
        answer = await this.#direct<PushAnswer>(
          {
            method: 'POST',
            path: PUSH,
            body: { pushVersion: 1, clientGroupID, profileID: clientGroupID, schemaVersion: '', mutations },
            repeatable: true,
          },
          { signal, retries: 0 },
        );
      } catch (error) {
        this.#pushed = 0; // what arrived, the server passes over
        throw error;
      }
      if (answer.error) {
        // a pull tells which of these the server has from another life
        const { clientID: before } = this.#state;
        await this.#pull(signal);
        if (this.#state.clientID === before) await this.#lost(answer.error);
        return;
      }
      this.#refuse(answer.refused ?? []);
      this.#pushed = batch.at(-1)!.id;
    }
  }

  /** Takes what is new; false if that is to be asked for again, otherwise than before. */
  async #pull(signal: AbortSignal): Promise<boolean> {
    const { clientGroupID, clientID, subscriptions } = this.#state;
    let cookie = this.#state.cookie;
    const rows = new Rows();
    let answer: PullAnswer;
    do {
      const body = {
        pullVersion: 1,
        clientGroupID,
        profileID: clientGroupID,
        schemaVersion: '',
        cookie,
        subscriptions,
        limit: PAGE,
        partialClear: true,
      };
      try {
        answer = await this.#direct<PullAnswer>({ method: 'POST', path: PULL, body, repeatable: true }, { signal, retries: 0 });
      } catch (error) {
        if (!(await this.#mend(error))) throw error;
        return false;
      }
      if (answer.error) {
        await this.#lost(answer.error, answer.lastMutationIDs);
        return false;
      }
      rows.add(answer.patch);
      cookie = answer.cookie;
      if (answer.more) this.#tell('progress', { rows: rows.puts.size });
    } while (answer.more);
    if (subscriptions !== this.#state.subscriptions) return false; // others were asked for meanwhile

    const cleared = subscriptions.filter(({ table }) => rows.cleared.has(prefixOf(table)) || rows.cleared.has(''));
    for (const { table } of cleared) {
      // it may have other columns than before
      if (this.#state.loaded.includes(table) && !(await this.#renew(table))) {
        return false;
      }
    }
    this.#refuse(answer.refused?.[clientID] ?? []);
    const done = answer.lastMutationIDChanges[clientID];
    this.#state.cookie = cookie;
    this.#state.loaded = subscriptions.map(({ table }) => table);
    const state = encode(this.#state);
    const change: StoreChange = { ...rows.change(), ...(done !== undefined && { done }), state };
    if (state !== this.#kept || rows.some) await this.#store.write(change);
    this.#kept = state;
    this.#apply(change, rows.read);
    this.#tabs.tell(this.#renewed ? { type: 'reload' } : { type: 'applied', change });
    this.#renewed = false;
    return true;
  }

  /** Takes over what is kept now. @param read what was put, where that was read already */
  #apply({ state, clear = [], put = [], del = [], done }: StoreChange, read?: ReadonlyMap<string, RowRead>): void {
    if (state !== undefined && !this.#leads) this.#state = decode(state, true) as State;
    const changed = new Set<string>();
    for (const [name, next] of this.#next) {
      if (!clear.includes(prefixOf(name)) && !clear.includes('')) continue;
      this.#tables.set(name, next);
      this.#next.delete(name);
    }
    const tables = new Map([...this.#tables].map(([name, table]) => [prefixOf(name), table]));
    for (const [beginning, table] of tables) {
      if (!clear.some((its) => its === beginning || its === '')) continue;
      table.clear();
      changed.add(table.name);
    }
    const { bigints } = this.#context.transport;
    for (const key of del) {
      const table = tables.get(prefix(key));
      table?.remove(key);
      if (table) changed.add(table.name);
    }
    for (const [key, json] of put) {
      const table = tables.get(prefix(key));
      if (!table) continue;
      const { value, row } = read?.get(key) ?? (decode(json, bigints) as RowRead);
      table.put(key, value, row);
      changed.add(table.name);
    }
    for (const name of this.#state.loaded) {
      const table = this.#tables.get(name);
      if (table && !table.loaded) {
        table.loaded = true;
        changed.add(name);
      }
    }
    if (done !== undefined) {
      for (const { id, args } of this.#pending) if (id <= done) changed.add(args.table);
      this.#pending = this.#pending.filter(({ id }) => id > done);
    }
    if (changed.size > 0) this.#replay();
    this.#changed([...changed]);
    if (!this.#leads) {
      this.#syncedAt = new Date();
      this.#enter('synced');
      this.#arrive(++this.#cycle);
    }
  }

  /** Reads again what a table is made of; false if its subscription became another by that. */
  async #renew(name: string): Promise<boolean> {
    const subscription = this.#state.subscriptions.find(({ table }) => table === name)!;
    const before = this.#state.descriptions[name]!;
    const description = await this.#describe(name);
    const all = before.columns.every((column) => subscription.columns.includes(column.name));
    const names = description.columns.map((column) => column.name);
    const columns = all ? names : subscription.columns.filter((column) => names.includes(column));
    const same =
      columns.length === subscription.columns.length && columns.every((column) => subscription.columns.includes(column));
    this.#context.catalog.forget(name);
    this.#renewed = true;
    this.#add({ ...subscription, columns }, description);
    return same;
  }

  /** Whether a pull that was refused may go on otherwise: a table is gone, or has other columns. */
  async #mend(error: unknown): Promise<boolean> {
    const index = error instanceof ApiError ? /^subscriptions\[(\d+)\]/.exec(error.field ?? '')?.[1] : undefined;
    const subscription = index === undefined ? undefined : this.#state.subscriptions[Number(index)];
    if (!subscription) return false;
    try {
      if (!(await this.#renew(subscription.table))) return true;
    } catch (gone) {
      if (!(gone instanceof NotFoundError)) throw gone;
      this.#declined.add(subscription.table);
      await this.#do({ unsubscribe: subscription.table });
      return true;
    }
    return false;
  }

  /** The server does not know this replica any more: it was restored from a backup, or it is another server. */
  async #lost(reason: string, confirmed: Record<string, number> = {}): Promise<void> {
    if (reason !== 'ClientStateNotFound')
      throw new ConfigurationError(`the server speaks another language than this client: ${reason}`);
    const done = confirmed[this.#state.clientID] ?? 0;
    await this.#startAnew(
      'the server does not know this replica',
      this.#pending.filter(({ id }) => id > done),
    );
  }

  /** @param outbox what is still to be sent; undefined if that cannot be read either */
  async #startAnew(reason: string, outbox: readonly Mutation[] | undefined): Promise<void> {
    const { subscriptions, descriptions, refused } = this.#state;
    this.#state = { ...fresh(), subscriptions, descriptions, refused };
    const numbered = (outbox ?? []).map((mutation, index) => ({ ...mutation, id: index + 1 }));
    await this.#store.write({ clear: [''], outbox: numbered, state: encode(this.#state) });
    for (const table of this.#tables.values()) {
      table.clear();
      table.loaded = false;
    }
    this.#pending = numbered;
    this.#pushed = 0;
    this.#replay();
    this.#tabs.tell({ type: 'reload' });
    this.#tell('reset', { reason, saved: outbox && numbered.length });
    this.#awake = true;
  }

  #refuse(refusals: readonly Refusal[]): void {
    for (const { id, code, detail, field } of refusals) {
      const its = this.#pending.find((mutation) => mutation.id === id);
      if (!its || this.#state.refused.some((told) => told.id === id && encode(told.args) === encode(its.args))) continue;
      const refused: Refused = { id, name: its.name, args: its.args, code, detail, field };
      this.#state.refused = [...this.#state.refused, refused].slice(-MOST_REFUSED);
      this.#tell('refused', refused);
    }
  }

  #arrive(cycle: number): void {
    if (this.#pending.length > 0) return;
    const arrived = this.#waiting.filter(({ after }) => after < cycle);
    this.#waiting = this.#waiting.filter(({ after }) => after >= cycle);
    for (const { done } of arrived) done();
  }

  #enter(state: SyncState, error?: Error): void {
    if (this.#phase === 'closed') return;
    if (this.#leads) this.#tabs.tell({ type: 'phase', state, error: error?.message });
    this.#phase = state;
    this.#error = error;
    this.#tell('status', this.status);
    if (state === 'synced') this.#models.ready().catch(() => undefined);
    this.#provide();
  }

  #changed(tables: readonly string[]): void {
    if (tables.length > 0) this.#tell('change', [...new Set(tables)]);
  }

  #tell<E extends keyof SyncEvents>(event: E, value: SyncEvents[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) (listener as (value: SyncEvents[E]) => void)(value);
  }
}

function fresh(): State {
  return {
    clientGroupID: randomId(),
    clientID: randomId(),
    cookie: null,
    subscriptions: [],
    descriptions: {},
    loaded: [],
    refused: [],
  };
}

/** A row as it came. */
interface RowRead {
  readonly value: Record<string, unknown>;
  readonly row?: number | undefined;
}

/** What patches come to, page after page. */
class Rows {
  readonly cleared = new Set<string>();
  readonly puts = new Map<string, string>();
  /** What is put, before it became text. */
  readonly read = new Map<string, RowRead>();
  readonly #dels = new Set<string>();

  add(patch: readonly Operation[]): void {
    for (const operation of patch) {
      if (operation.op === 'put') {
        const { key, value, row } = operation;
        const its = { value, row };
        this.puts.set(key, encode(its));
        this.read.set(key, its);
        this.#dels.delete(key);
      } else if (operation.op === 'del') {
        this.puts.delete(operation.key);
        this.#dels.add(operation.key);
      } else {
        const { prefix: beginning = '' } = operation;
        this.cleared.add(beginning);
        for (const key of this.puts.keys()) if (key.startsWith(beginning)) this.puts.delete(key);
      }
    }
  }

  /** Whether there is anything. */
  get some(): boolean {
    return this.cleared.size + this.puts.size + this.#dels.size > 0;
  }

  change(): StoreChange {
    return { clear: [...this.cleared], put: [...this.puts], del: [...this.#dels] };
  }
}

/** The beginning of a key, which names its table. */
const prefix = (key: string): string => key.slice(0, key.indexOf('/') + 1);

function linesOf(lines: string): Record<string, unknown>[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => decode(line, true) as Record<string, unknown>);
}

function notFound(table: ReplicaTable, key: string): Error {
  return new NotFoundError({
    status: 404,
    code: 'NOT_FOUND',
    detail: `Row '${key}' not found in table '${table.name}'`,
    field: 'key',
  });
}

function unreachable(error: unknown): boolean {
  return !(error instanceof ApiError) || error.retryable;
}

/** Half a second, then twice as long each time up to half a minute, by chance up to half less. */
function backoff(failures: number): number {
  return Math.min(30_000, 250 * 2 ** failures) * (0.5 + Math.random() / 2);
}
