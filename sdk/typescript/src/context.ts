import type { components } from './openapi.js';
import { isNumbers, vectorFrom } from './json.js';
import type { QueryVectors } from './query-vectors.js';
import type { LiveFeed } from './sync/live-feed.js';
import { path, type Transport } from './transport.js';

/** The server's types. */
export type Wire = components['schemas'];

/** What all parts of a client share. */
export interface Context {
  readonly transport: Transport;
  readonly catalog: Catalog;
  readonly vectors: QueryVectors;
  /** What has the server follow queries; loaded when it is first needed. */
  readonly live: () => Promise<LiveFeed>;
}

/** Path of a table. */
export const tablePath = (table: string): string => path`/api/v1/tables/${{ table }}`;

/** An answer that describes a table, by example. */
export const TABLE = { name: '', columns: [{ name: '', type: '' }], primary_key: '' };

const FRESH = 30_000;
const STALE = 60_000;
const MOST = 1000;

interface Entry {
  since: number;
  table: Promise<Wire['Table']>;
  renewing: boolean;
}

/** What the tables are made of, as far as it matters to values: asked for once, then renewed behind the calls that need it. */
export class Catalog {
  readonly #entries = new Map<string, Entry>();
  readonly #transport: Transport;
  readonly #dates: boolean;

  constructor(transport: Transport, dates: boolean) {
    this.#transport = transport;
    this.#dates = dates;
  }

  async table(name: string): Promise<Wire['Table']> {
    const entry = this.#entries.get(name);
    const age = entry ? Date.now() - entry.since : Infinity;
    if (entry && age < STALE) {
      if (age > FRESH && !entry.renewing) {
        entry.renewing = true;
        this.#ask(name).catch(() => this.#entries.delete(name));
      }
      return entry.table;
    }
    return this.#ask(name);
  }

  /** Forgets a table that was changed. */
  forget(name: string): void {
    this.#entries.delete(name);
  }

  /** The model that embeds queries for a column, with the vectors' length; undefined if users write its vectors. */
  async model(table: string, column: string): Promise<string | undefined> {
    const its = (await this.table(table)).columns.find(({ name }) => name === column);
    return its?.computed && `${its.computed.model}/${its.dimensions}`;
  }

  /**
   * Makes vectors, and times if asked for, of what rows have in their place in JSON.
   *
   * @param encoded whether vectors were asked for as base64
   */
  async revive(table: string, rows: readonly unknown[], encoded = false): Promise<void> {
    const first = rows[0] as Record<string, unknown> | undefined;
    if (!first) return;
    // most answers hold neither, and then nothing has to be known about the table
    if (!this.#dates && !encoded && !rows.some(hasNumbers)) return;
    const types = new Map((await this.table(table)).columns.map((column) => [column.name, column.type]));
    const vectors = Object.keys(first).filter((name) => types.get(name) === 'embedding');
    const times = this.#dates ? Object.keys(first).filter((name) => types.get(name) === 'timestamp') : [];
    for (const row of rows as Record<string, unknown>[]) {
      for (const name of vectors) if (row[name]) row[name] = vectorFrom(row[name] as string | number[]);
      for (const name of times) if (row[name]) row[name] = new Date(row[name] as string);
    }
  }

  #ask(name: string): Promise<Wire['Table']> {
    // not with the caller's options: others wait for the same answer
    const table = this.#transport.json<Wire['Table']>({ method: 'GET', path: tablePath(name), repeatable: true, answer: TABLE });
    const entry: Entry = { since: Date.now(), table, renewing: false };
    if (this.#entries.size >= MOST) this.#entries.delete(this.#entries.keys().next().value!);
    const before = this.#entries.get(name);
    if (before)
      table.then(
        () => this.#entries.set(name, entry),
        () => undefined,
      );
    else this.#entries.set(name, entry);
    table.catch(() => this.#entries.get(name) === entry && this.#entries.delete(name));
    return table;
  }
}

/** Whether something in a row looks like a vector. */
function hasNumbers(row: unknown): boolean {
  for (const name in row as Record<string, unknown>) if (isNumbers((row as Record<string, unknown>)[name])) return true;
  return false;
}
