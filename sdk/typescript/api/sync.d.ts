/** A write that the server has not confirmed yet. */
interface Mutation {
  /** Counted from 1 without gaps. */
  readonly id: number;
  readonly name: 'insert' | 'update' | 'delete';
  readonly args: MutationArgs;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}
/** What is written. */
interface MutationArgs {
  readonly table: string;
  /** Of an insert. */
  readonly rows?: readonly Record<string, unknown>[];
  readonly onConflict?: 'error' | 'replace' | 'ignore';
  /** Of an update or deletion. */
  readonly key?: string | number;
  readonly values?: Record<string, unknown>;
  readonly ifVersion?: number;
}
/** A it came: its key on the wire, and JSON of what the server said about it. */
type KeptRow = readonly [key: string, json: string];
/** All that a store keeps. */
interface Kept {
  /** JSON; undefined if nothing was ever kept. */
  readonly state: string | undefined;
  readonly rows: Iterable<KeptRow>;
  readonly outbox: readonly Mutation[];
}
/** Changes that are kept all or not at all. */
interface StoreChange {
  readonly state?: string;
  /** Beginnings of keys; rows of these keys go before others are put. The empty string is all. */
  readonly clear?: readonly string[];
  readonly put?: readonly KeptRow[];
  readonly del?: readonly string[];
  /** Mutations up to this id leave the outbox. */
  readonly done?: number;
  /** What the outbox becomes, whatever it held. */
  readonly outbox?: readonly Mutation[];
}
/** Where a replica is kept beyond the life of the program. */
interface SyncStore {
  load(): Promise<Kept>;
  /** Keeps changes; durable when this ends. */
  write(change: StoreChange): Promise<void>;
  /** Numbers mutations and keeps them; durable when this ends. */
  append(mutations: readonly Omit<Mutation, 'id'>[]): Promise<Mutation[]>;
  /** Mutations in the order of their ids. */
  outbox(): Promise<readonly Mutation[]>;
  /** Bytes that it takes, where that can be told. */
  size?(): Promise<number | undefined>;
  close(): Promise<void>;
}
/** Keeps a replica in memory: it is loaded again when the program starts, and what was not sent by then is lost. */
declare function memoryStore(): SyncStore;
/** How a table is kept here. */
interface TableSubscription {
  table: string;
  /** All columns by default. The key always comes along. */
  columns?: readonly string[] | undefined;
  /** Only rows that satisfy this; queries of the table then know no others. */
  where?: unknown;
  /** Whether vectors bytes (`int8`, the default), or in full (`float32`), four large and with the server's very scores. */
  vectors?: 'int8' | 'float32' | undefined;
}
/** How a client synchronises. */
interface SyncOptions {
  /** The tables to keep here. Left out, a table is kept from its first use on, if it has no more than {@link maxRows} rows. */
  tables?: readonly (string | TableSubscription)[] | undefined;
  /** Rows of a table that is kept without having been named; 50,000 by default. */
  maxRows?: number | undefined;
  /** How vectors come, where a subscription does not say; `int8` by default. */
  vectors?: 'int8' | 'float32' | undefined;
  /** Where the replica is kept; by default IndexedDB in browsers, and memory elsewhere. */
  store?: SyncStore | Promise<SyncStore> | undefined;
  /** Tells replicas of one origin apart, those of several users; by default the server's address. */
  name?: string | undefined;
  /** Milliseconds after which the server is asked for news again; 2,000 by default. */
  interval?: number | undefined;
}
/** A write that the server refused. Its effect is gone from the replica. */
interface Refused {
  readonly id: number;
  readonly name: Mutation['name'];
  readonly args: MutationArgs;
  /** The server's code, such as `ALREADY_EXISTS` or `VERSION_CONFLICT`. */
  readonly code: string;
  readonly detail: string;
  readonly field?: string | undefined;
}
/** How a replica is. */
interface SyncStatus {
  /** `offline`: the server was not reached last; `error`: it or the store refused. */
  readonly state: 'starting' | 'syncing' | 'synced' | 'offline' | 'error' | 'closed';
  /** Writes that the server has not confirmed. */
  readonly pending: number;
  /** When the replica was last equal to the server. */
  readonly syncedAt: Date | undefined;
  /** Why the last attempt failed. */
  readonly error: Error | undefined;
  /** Whether this program speaks with the server; others of the same replica go through it. */
  readonly leads: boolean;
  /** Rows by table, and whether all of them are here. */
  readonly tables: Readonly<Record<string, {
    readonly rows: number;
    readonly loaded: boolean;
  }>>;
}
/** What a replica tells of itself. */
interface SyncEvents {
  status: SyncStatus;
  /** Rows of these tables are others than before. */
  change: readonly string[];
  refused: Refused;
  /** Rows that came so far of a load that is under way. */
  progress: {
    readonly rows: number;
  };
  /** The replica was thrown away and comes anew; writes that could not be kept are told. */
  reset: {
    readonly reason: string;
    readonly lost: number;
  };
}
/** The results of a they change; made for React's `useSyncExternalStore`. */
interface Live<R> {
  subscribe(listener: () => void): () => void;
  /** The newest results; undefined until there are any. */
  getSnapshot(): R | undefined;
}
/** Keeps tables of the server here, answers calls about them, and sends what was written. */
declare class SyncEngine {
  #private;
  private constructor();
  /** How the replica is. */
  get status(): SyncStatus;
  /** Writes that the server refused lately, the newest last. */
  get refused(): readonly Refused[];
  /** Writes that the server has not confirmed, in their order. */
  get pending(): readonly Mutation[];
  /** Keeps a table here from now on; ends when all of it is here. */
  subscribe(subscription: string | TableSubscription): Promise<void>;
  /** Keeps a table here no longer. Writes that are on their way are still sent. */
  unsubscribe(table: string): Promise<void>;
  /**
   * Ends when the replica holds what the server has now, and the server all that was written here by now.
   *
   * @throws the reason of the signal if that comes first
   */
  synced({
    signal
  }?: {
    signal?: AbortSignal;
  }): Promise<void>;
  /** Forgets refused writes that were dealt with; without ids all. */
  dismiss(...ids: number[]): Promise<void>;
  /** Bytes that the replica takes: of vectors in memory, and in its store where that can be told. */
  storage(): Promise<{
    vectors: number;
    store: number | undefined;
  }>;
  /** Calls a listener at each event; gives what ends that. */
  on<E extends keyof SyncEvents>(event: E, listener: (value: SyncEvents[E]) => void): () => void;
  /** The results of a they change: `useSyncExternalStore(live.subscribe, live.getSnapshot)` in React. */
  live<R>(query: PromiseLike<R>): Live<R>;
  /** Ends synchronising and lets go of the store. What was written and not sent is sent when the replica is opened again. */
  close(): Promise<void>;
}


/**
 * Keeps a replica in an SQLite file: by `node:sqlite` of Node 22.13 and newer, else by `better-sqlite3`, which the program then has to
 * have installed.
 *
 * @throws ConfigurationError if there is neither, or another process has the file open
 */
declare function sqliteStore(file: string): Promise<SyncStore>;
/** Keeps a replica in the browser's IndexedDB, which all tabs of an origin share. */
declare function indexedDbStore(name: string): Promise<SyncStore>;
export { type Kept, type KeptRow, type Live, type Mutation, type MutationArgs, type Refused, type StoreChange, SyncEngine, type SyncEvents, type SyncOptions, type SyncStatus, type SyncStore, type TableSubscription, indexedDbStore, memoryStore, sqliteStore };