import { refuse, requireInteger } from './arguments.js';
import { AkidbError, NotFoundError } from './errors.js';
import { camel } from './json.js';
import type { Rights } from './tokens.js';
import { parameters, sleep, type RequestOptions, type Transport } from './transport.js';

/** What a key may be used for. */
export type Scope = 'read' | 'write' | 'admin';

/** Who the server takes a client for. */
export interface Caller {
  /** The name of its API key; `anonymous` where none is needed. */
  key: string;
  /** What it may do. */
  scopes: Scope[];
  /** Whether the server asks for keys. */
  keys: boolean;
  /** The tables and collections that it may see, and what of them; absent for everything. */
  tables?: Rights;
  /** When its token ends; absent for keys. */
  expiresAt?: string;
}

/** An API key, without the key itself. */
export interface KeyInfo {
  /** Also in the key itself, so that a leaked one can be named. */
  id: string;
  name: string;
  scopes: Scope[];
  createdAt: string;
  /** Absent if it never does. */
  expiresAt?: string;
  /** Up to a minute old; absent if it was not used. */
  lastUsedAt?: string;
  /** The tables and collections that it may see, and what of them; absent for everything. */
  tables?: Rights;
  /** Its own limit; absent where that of the server holds. */
  requestsPerSecond?: number;
}

/** A change, or one that was refused. */
export interface AuditEntry {
  time: string;
  operation: string;
  /** The status that it was answered with. */
  outcome: string;
  requestId?: string;
  keyId?: string;
  /** The name of the key. */
  key?: string;
  /** What was changed, such as the name of a table. */
  target?: string;
  /** How many rows or documents. */
  items?: number;
  /** Why it was refused. */
  code?: string;
  /** From where it was refused. */
  address?: string;
}

/** The end of the log of who changed what. */
export interface AuditLog {
  /** Whether the server keeps such a log now. */
  on: boolean;
  /** The newest first. */
  entries: AuditEntry[];
}

/** Which part of the log is asked for. */
export interface AuditOptions extends RequestOptions {
  /** At most so many entries, 1 to 1,000; 100 by default. */
  limit?: number | undefined;
  /** Changes that were refused, instead of those that were made; false by default. */
  refused?: boolean | undefined;
}

/** How often the rows of a table or a collection were asked for. */
export interface TableTraffic {
  name: string;
  /** Of each minute of the last hour, the current one last. */
  requests: number[];
}

/** What the server goes on with after its answer. */
interface Run {
  state: 'running' | 'complete' | 'failed';
  startedAt: string;
  /** Absent while it runs. */
  endedAt?: string;
  /** Why it failed. */
  error?: string;
}

/** A reading of all that the server keeps. */
export interface Verification extends Run {
  /** What is being read now. */
  step?: string;
  /** What is wrong, at most 1,000 things; there when it is complete. */
  problems?: FileProblem[];
}

/** Something wrong with one of the server's files. */
export interface FileProblem {
  file: string;
  what: string;
  /** Whether the server mends it by itself at its next start. */
  harmless: boolean;
}

/** A giving back of what the database does not use. */
export interface Compaction extends Run {
  /** What the database took when it began, its log included. */
  bytesBefore: number;
  /** What it takes now. */
  bytes: number;
  /** What of it holds nothing. */
  freeBytes: number;
}

/** How a verification or a compaction is waited for. `timeout` is of each request; a `signal` ends the waiting, not what is waited for. */
export interface RunOptions<R> extends RequestOptions {
  /** Whether to wait for its end, which is the default. */
  wait?: boolean | undefined;
  /** Told how it goes on, each time that it got further. */
  onProgress?: ((now: R) => void) | undefined;
}

/** Answers by example. */
const CALLER = { key: '', scopes: [''], keys: true };
const KEYS = { keys: [{ id: '', name: '', scopes: [''] }] };
const AUDIT = { on: true, entries: [{ time: '', operation: '' }] };
const TRAFFIC = { tables: [{ name: '', requests: [0] }] };
const VERIFICATION = { state: '', started_at: '' };
const COMPACTION = { ...VERIFICATION, bytes_before: 0, bytes: 0, free_bytes: 0 };

/** The same in camelCase; the names of tables stay. */
function named<A extends { tables?: Rights }>({ tables, ...rest }: A): A {
  return { ...(camel(rest) as A), ...(tables && { tables }) };
}

/** What whoever operates a server asks it; members of a client have the words. */
export class Operation {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async caller(options?: RequestOptions): Promise<Caller> {
    return named(await this.#get<Caller>('/caller', CALLER, options));
  }

  async keys(options?: RequestOptions): Promise<KeyInfo[]> {
    return (await this.#get<{ keys: KeyInfo[] }>('/keys', KEYS, options)).keys.map(named);
  }

  async audit({ limit, refused, ...options }: AuditOptions = {}): Promise<AuditLog> {
    if (limit !== undefined) requireInteger(limit, 'limit', 1, 1000);
    requireBoolean(refused, 'refused');
    return camel(await this.#get('/audit' + parameters({ limit, refused }), AUDIT, options)) as AuditLog;
  }

  async traffic(options?: RequestOptions): Promise<TableTraffic[]> {
    return (await this.#get<{ tables: TableTraffic[] }>('/traffic', TRAFFIC, options)).tables;
  }

  verify(options?: RunOptions<Verification>): Promise<Verification> {
    return this.#run('/verify', VERIFICATION, options);
  }

  verification(options?: RequestOptions): Promise<Verification | null> {
    return this.#state('/verify', VERIFICATION, options);
  }

  compact(options?: RunOptions<Compaction>): Promise<Compaction> {
    return this.#run('/compact', COMPACTION, options);
  }

  compaction(options?: RequestOptions): Promise<Compaction | null> {
    return this.#state('/compact', COMPACTION, options);
  }

  /** Begins something, and waits for its end. */
  async #run<R extends Run>(path: string, answer: object, { wait, onProgress, ...options }: RunOptions<R> = {}): Promise<R> {
    requireBoolean(wait, 'wait');
    if (onProgress !== undefined && typeof onProgress !== 'function') refuse('onProgress', 'a function', onProgress);
    const call = { method: 'POST', path: `/api/v1${path}`, repeatable: false, answer } as const;
    let now = camel(await this.#transport.json(call, options)) as R;
    let told = '';
    for (let pause = 20; ; pause = Math.min(1000, pause * 1.5)) {
      const state = JSON.stringify(now);
      if (state !== told) onProgress?.(now);
      told = state;
      if (wait === false || now.state !== 'running') return now;
      await sleep(pause, options.signal);
      const found = await this.#state<R>(path, answer, options);
      if (!found) throw new AkidbError('the server has stopped before the end, and started anew', 'RESTARTED', true);
      now = found;
    }
  }

  /** How it goes on, or how the last one ended; null if there was none since the server started. */
  async #state<R extends Run>(path: string, answer: object, options?: RequestOptions): Promise<R | null> {
    try {
      return camel(await this.#get(path, answer, options)) as R;
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  }

  #get<A>(path: string, answer: object, options?: RequestOptions): Promise<A> {
    return this.#transport.json<A>({ method: 'GET', path: `/api/v1${path}`, repeatable: true, answer }, options);
  }
}

function requireBoolean(value: unknown, field: string): void {
  if (value !== undefined && typeof value !== 'boolean') refuse(field, 'true or false', value);
}
