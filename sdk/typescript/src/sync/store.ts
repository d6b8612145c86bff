/** A write that the server has not confirmed yet. */
export interface Mutation {
  /** Counted from 1 without gaps. */
  readonly id: number;
  readonly name: 'insert' | 'update' | 'delete';
  readonly args: MutationArgs;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** What is written. */
export interface MutationArgs {
  readonly table: string;
  /** Of an insert. */
  readonly rows?: readonly Record<string, unknown>[];
  readonly onConflict?: 'error' | 'replace' | 'ignore';
  /** Of an update or deletion. */
  readonly key?: string | number;
  readonly values?: Record<string, unknown>;
  readonly ifVersion?: number;
}

/** A row as it came: its key on the wire, and JSON of what the server said about it. */
export type KeptRow = readonly [key: string, json: string];

/** All that a store keeps. */
export interface Kept {
  /** JSON; undefined if nothing was ever kept. */
  readonly state: string | undefined;
  readonly rows: Iterable<KeptRow>;
  readonly outbox: readonly Mutation[];
}

/** Changes that are kept all or not at all. */
export interface StoreChange {
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
export interface SyncStore {
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
export function memoryStore(): SyncStore {
  let state: string | undefined;
  let outbox: Mutation[] = [];
  let last = 0;
  const rows = new Map<string, string>();
  return {
    load: async () => ({ state, rows: [...rows], outbox }),
    write: async (change) => {
      state = change.state ?? state;
      for (const prefix of change.clear ?? []) for (const key of rows.keys()) if (key.startsWith(prefix)) rows.delete(key);
      for (const [key, json] of change.put ?? []) rows.set(key, json);
      for (const key of change.del ?? []) rows.delete(key);
      if (change.done !== undefined) outbox = outbox.filter(({ id }) => id > change.done!);
      if (change.outbox) {
        outbox = [...change.outbox];
        last = outbox.at(-1)?.id ?? 0;
      }
    },
    append: async (mutations) => {
      const numbered = mutations.map((mutation) => ({ ...mutation, id: ++last }));
      outbox.push(...numbered);
      return numbered;
    },
    outbox: async () => outbox,
    close: async () => undefined,
  };
}
