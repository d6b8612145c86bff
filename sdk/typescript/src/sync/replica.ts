import type { Wire } from '../context.js';
import { apiError } from '../errors.js';
import { base64Of, vectorOf } from '../json.js';
import type { Metric } from '../similarity.js';
import { compareStrings, timeKey, type ColumnTypes, type LocalRow } from './filter.js';
import type { Mutation, MutationArgs } from './store.js';
import { VectorColumn } from './vectors.js';

/** How a table is subscribed. */
export interface Subscription {
  readonly table: string;
  readonly columns: readonly string[];
  readonly where?: unknown;
  readonly vectors: 'int8' | 'float32';
}

/** A row as it is seen here. */
export interface Entry {
  readonly key: string | number;
  /** Without vectors. */
  readonly row: LocalRow;
  /** The number of the commit that wrote it; 0 while only this replica knows it. */
  readonly version: number;
  /** Where it stands among rows that nothing else puts in order. */
  readonly order: number;
  /** Where its vectors lie; undefined if the server has not told any. */
  readonly slot: number | undefined;
  /** Vectors that were written here. */
  readonly vectors?: ReadonlyMap<string, Float32Array | null>;
}

/** A column whose vectors a model of the server makes of the texts of another. */
export interface ComputedColumn {
  readonly name: string;
  readonly source: string;
  readonly model: string;
  readonly dimensions: number;
}

/** A vector that was made here. */
interface Provided {
  readonly text: string;
  readonly vector: Float32Array;
}

/** Rows written here come after all others. */
const LATER = 2 ** 52;

/** One table of a replica: what the server said, and over it what was written since. */
export class ReplicaTable {
  readonly keyColumn: string;
  readonly types: ColumnTypes;
  /** Columns that hold vectors, by name. */
  readonly vectors = new Map<string, VectorColumn>();
  readonly computed: readonly ComputedColumn[];
  /** Whether the server gives rows their keys. */
  readonly numbered: boolean;
  /** Vectors that were made here until the server's come, by key and column. */
  readonly #provided = new Map<string, Map<string, Provided>>();
  readonly #base = new Map<string, Entry>();
  /** Keys on the wire of rows. */
  readonly #wire = new Map<string, string>();
  readonly #overlay = new Map<string, Entry | null>();
  readonly #slots: (Entry | undefined)[] = [];
  readonly #free: number[] = [];
  #order = 0;
  #sorted: Entry[] | undefined;
  #written = 0;
  /** Whether all that is subscribed is here. */
  loaded = false;

  constructor(
    readonly subscription: Subscription,
    readonly description: Wire['Table'],
  ) {
    this.keyColumn = description.primary_key;
    this.numbered = description.primary_key === 'row_id';
    const types = new Map<string, string>(
      description.columns
        .filter(({ name }) => subscription.columns.includes(name) || name === description.primary_key)
        .map(({ name, type }) => [name, type]),
    );
    this.types = types;
    for (const { name, type, dimensions } of description.columns) {
      if (type !== 'embedding' || !subscription.columns.includes(name)) continue;
      this.vectors.set(name, new VectorColumn(dimensions!, subscription.vectors === 'float32'));
    }
    this.computed = description.columns.flatMap(({ name, computed, dimensions }) =>
      computed && this.vectors.has(name) && types.has(computed.source)
        ? [{ name, source: computed.source, model: computed.model, dimensions: dimensions! }]
        : [],
    );
  }

  get name(): string {
    return this.description.name;
  }

  metric(column: string): Metric {
    return this.description.columns.find(({ name }) => name === column)?.metric ?? 'cosine';
  }

  /** How many rows there are. */
  get size(): number {
    let size = this.#base.size;
    for (const [key, entry] of this.#overlay) size += Number(entry !== null) - Number(this.#base.has(key));
    return size;
  }

  /** Slots that vectors may lie in. */
  get slots(): number {
    return this.#slots.length;
  }

  /** The row whose vectors lie in a slot, if it is seen and was not given others here. */
  at(slot: number): Entry | undefined {
    const entry = this.#slots[slot];
    if (!entry || this.#overlay.size === 0) return entry;
    const over = this.#overlay.get(String(entry.key));
    return over === undefined ? entry : over === null ? undefined : over;
  }

  /** Rows with vectors that the server has not told: those written here and not confirmed, and those that it has not embedded yet. */
  *unconfirmed(): Iterable<Entry> {
    for (const entry of this.#overlay.values()) if (entry) yield entry;
    for (const key of this.#provided.keys()) {
      const entry = this.#overlay.has(key) ? undefined : this.#base.get(key);
      if (entry?.vectors) yield entry;
    }
  }

  /** Texts written here whose vectors nobody has made. */
  *missing(): Iterable<{ key: string; column: ComputedColumn; text: string }> {
    if (this.computed.length === 0) return;
    for (const [key, entry] of this.#overlay) {
      for (const column of this.computed) {
        const text = entry?.row[column.source];
        if (typeof text !== 'string' || text === '' || this.#base.get(key)?.row[column.source] === text) continue;
        if (this.#provided.get(key)?.get(column.name)?.text !== text) yield { key, column, text };
      }
    }
  }

  /** Gives a row, as long as it has this text, a vector until the server's comes. */
  provide(key: string, { name, source }: ComputedColumn, text: string, vector: Float32Array): void {
    const columns = this.#provided.get(key) ?? new Map<string, Provided>();
    this.#provided.set(key, columns.set(name, { text, vector }));
    const entry = this.#overlay.get(key);
    if (!entry || entry.row[source] !== text) return;
    this.#sorted = undefined;
    this.#overlay.set(key, { ...entry, vectors: new Map(entry.vectors).set(name, vector) });
  }

  /** Whether the vector of a row was made here. */
  isProvisional({ key, vectors }: Entry, column: string): boolean {
    const its = this.#provided.size > 0 ? this.#provided.get(String(key))?.get(column) : undefined;
    return its !== undefined && vectors?.get(column) === its.vector;
  }

  /** Vectors that were made here of the texts that a row has. */
  #providedTo(key: string, row: LocalRow): [name: string, vector: Float32Array][] {
    const columns = this.#provided.get(key);
    if (!columns) return [];
    return this.computed.flatMap(({ name, source }) => {
      const its = columns.get(name);
      return its && its.text === row[source] ? [[name, its.vector] as [string, Float32Array]] : [];
    });
  }

  get(key: string | number): Entry | undefined {
    const text = String(key);
    const over = this.#overlay.get(text);
    return over === undefined ? this.#base.get(text) : (over ?? undefined);
  }

  /** All rows, in the order of their insertion. */
  entries(): readonly Entry[] {
    if (this.#sorted) return this.#sorted;
    const entries: Entry[] = [];
    let last = -Infinity;
    let inOrder = true;
    for (const [key, entry] of this.#base) {
      const over = this.#overlay.get(key);
      if (over === null) continue;
      const its = over ?? entry;
      if (its.order < last) inOrder = false;
      last = its.order;
      entries.push(its);
    }
    for (const [key, entry] of this.#overlay) if (entry && !this.#base.has(key)) entries.push(entry);
    if (!inOrder) entries.sort((a, b) => a.order - b.order);
    return (this.#sorted = entries);
  }

  /** Takes a row from the server. */
  put(wireKey: string, value: Record<string, unknown>, order?: number): void {
    this.#sorted = undefined;
    const row: LocalRow = {};
    const vectors: [VectorColumn, string | null][] = [];
    let version = 0;
    for (const name in value) {
      const its = value[name];
      const column = this.vectors.get(name);
      if (column) vectors.push([column, its as string | null]);
      else if (this.types.has(name)) row[name] = its;
      else if (name === 'version') version = its as number;
    }
    const key = row[this.keyColumn] as string | number;
    const text = String(key);
    const before = this.#base.get(text);
    const slot = before?.slot ?? this.#free.pop() ?? this.#slots.length;
    for (const [column, encoded] of vectors) {
      if (encoded) column.set(slot, bytesOf(encoded));
      else column.clear(slot);
    }
    const provided = this.#providedTo(text, row).filter(([name]) => {
      if (!value[name]) return true;
      this.#forget(text, name);
      return false;
    });
    const entry: Entry = {
      key,
      row,
      version,
      order: order ?? before?.order ?? ++this.#order,
      slot,
      ...(provided.length > 0 && { vectors: new Map(provided) }),
    };
    this.#slots[slot] = entry;
    this.#base.set(text, entry);
    this.#wire.set(wireKey, text);
  }

  #forget(key: string, column: string): void {
    const columns = this.#provided.get(key);
    columns?.delete(column);
    if (columns?.size === 0) this.#provided.delete(key);
  }

  /** Loses a row that the server does not have any more. */
  remove(wireKey: string): void {
    const text = this.#wire.get(wireKey);
    if (text === undefined) return;
    this.#sorted = undefined;
    const entry = this.#base.get(text)!;
    for (const column of this.vectors.values()) column.clear(entry.slot!);
    this.#slots[entry.slot!] = undefined;
    this.#free.push(entry.slot!);
    this.#base.delete(text);
    this.#provided.delete(text);
    this.#wire.delete(wireKey);
  }

  /** Loses all rows of the server. */
  clear(): void {
    for (const key of [...this.#wire.keys()]) this.remove(key);
    this.#sorted = undefined;
  }

  /** Forgets what was written here, to do again what is not confirmed. */
  rewind(): void {
    if (this.#overlay.size > 0) this.#sorted = undefined;
    this.#overlay.clear();
    this.#written = 0;
  }

  /** Does a write as the server will, all or nothing. One that the server would refuse does nothing. */
  apply({ name, args }: Pick<Mutation, 'name' | 'args'>): void {
    this.#sorted = undefined;
    if (name === 'insert') {
      const rows = args.rows!;
      const keys = rows.map((row) => row[this.keyColumn] as string | number | undefined);
      const onConflict = args.onConflict ?? 'error';
      if (onConflict === 'error' && keys.some((key) => key !== undefined && this.get(key))) return;
      rows.forEach((values, index) => {
        const key = keys[index];
        if (key === undefined) return; // the server will number it
        if (onConflict === 'ignore' && this.get(key)) return;
        // a row that replaces another comes last, too
        this.#overlay.set(String(key), this.#inserted(key, values));
      });
      return;
    }
    const there = this.get(args.key!);
    if (!there || (args.ifVersion !== undefined && there.version !== args.ifVersion && there.version !== 0)) return;
    this.#overlay.set(String(args.key), name === 'delete' ? null : this.#updated(there, args.values!));
  }

  #inserted(key: string | number, values: LocalRow): Entry {
    const row: LocalRow = {};
    const vectors = new Map<string, Float32Array | null>();
    for (const { name, type, default: otherwise, computed } of this.description.columns) {
      if (type === 'embedding') vectors.set(name, computed ? null : vectorFromJson(values[name]));
      else if (this.types.has(name)) row[name] = localValue(type, values[name] ?? otherwise ?? null);
    }
    for (const [name, vector] of this.#providedTo(String(key), row)) vectors.set(name, vector);
    return { key, row, version: 0, order: LATER + ++this.#written, slot: undefined, vectors };
  }

  #updated(there: Entry, values: LocalRow): Entry {
    const row = { ...there.row };
    const vectors = new Map(there.vectors);
    for (const [name, value] of Object.entries(values)) {
      const type = this.description.columns.find((column) => column.name === name)?.type;
      if (type === 'embedding') vectors.set(name, vectorFromJson(value));
      else if (type && this.types.has(name)) row[name] = localValue(type, value);
    }
    // a computed vector stays until the next is told, or made here
    for (const [name, vector] of this.#providedTo(String(there.key), row)) vectors.set(name, vector);
    return { ...there, row, vectors };
  }

  /** The vector of a row; null if it has none. */
  vector(entry: Entry, column: string): Float32Array | null {
    const written = entry.vectors?.get(column);
    if (written !== undefined) return written;
    return entry.slot === undefined ? null : (this.vectors.get(column)?.get(entry.slot) ?? null);
  }

  /**
   * Checks what is to be written, so that mistakes are told at once and not when the server hears of them.
   *
   * @throws ApiError as the server's
   */
  check({ rows, values, key, onConflict }: MutationArgs): void {
    rows?.forEach((row, index) => {
      this.#checkValues(row, `rows[${index}]`, true);
      const its = row[this.keyColumn];
      if (this.numbered) return;
      if (its === undefined || its === null)
        throw refusal('MISSING_FIELD', `${this.keyColumn} is missing`, `rows[${index}].${this.keyColumn}`);
      if ((onConflict ?? 'error') === 'error' && this.get(its as string)) {
        throw refusal('ALREADY_EXISTS', `Row '${String(its)}' already exists`, `rows[${index}].${this.keyColumn}`, 409);
      }
    });
    if (values) this.#checkValues(values, 'values', false);
    if (key !== undefined && !this.get(key)) {
      throw refusal('NOT_FOUND', `Row '${key}' not found in table '${this.name}'`, 'key', 404);
    }
  }

  #checkValues(values: LocalRow, field: string, whole: boolean): void {
    for (const name of Object.keys(values)) {
      const column = this.description.columns.find((its) => its.name === name);
      if (!column) throw refusal('UNKNOWN_COLUMN', `table '${this.name}' has no column '${name}'`, `${field}.${name}`);
      if (column.computed) throw refusal('INVALID_ARGUMENT', `column '${name}' is computed`, `${field}.${name}`);
      if (name === this.keyColumn && (!whole || this.numbered)) {
        const why = whole ? 'is given by the server' : 'is the key, which never changes';
        throw refusal('INVALID_ARGUMENT', `column '${name}' ${why}`, `${field}.${name}`);
      }
      const value = values[name];
      if (value !== null && value !== undefined && !fits(column.type, value, column.dimensions)) {
        throw refusal(
          'WRONG_TYPE',
          `${field}.${name} does not fit, since column '${name}' is of type ${column.type}`,
          `${field}.${name}`,
        );
      }
    }
    for (const { name, required, default: otherwise } of this.description.columns) {
      if (!required || (!whole && !(name in values)) || (this.numbered && name === this.keyColumn)) continue;
      if ((values[name] ?? null) === null && (!whole || (otherwise ?? null) === null)) {
        throw refusal('MISSING_FIELD', `${field}.${name} is required`, `${field}.${name}`);
      }
    }
  }
}

function refusal(code: string, detail: string, field: string, status = 400): Error {
  return apiError({ status, code, detail, field });
}

function fits(type: string, value: unknown, dimensions: number | undefined): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'int':
      return typeof value === 'bigint' || Number.isInteger(value);
    case 'float':
      return Number.isFinite(value) || typeof value === 'bigint';
    case 'bool':
      return typeof value === 'boolean';
    case 'timestamp':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value));
    case 'embedding':
      return vectorFromJson(value)?.length === dimensions;
    default:
      return true;
  }
}

/** A value as answers have it. */
function localValue(type: string, value: unknown): unknown {
  return type === 'timestamp' && typeof value === 'string' ? instant(value) : (value ?? null);
}

/** A point in time as the server writes it: in UTC, with no, three or six digits of a second. */
function instant(text: string): string {
  const [seconds, fraction = ''] = timeKey(text).split('.');
  if (!fraction) return `${seconds}Z`;
  return `${seconds}.${fraction.padEnd(fraction.length > 3 ? 6 : 3, '0')}Z`;
}

function vectorFromJson(value: unknown): Float32Array | null {
  if (typeof value === 'string') return vectorOf(value);
  return Array.isArray(value) ? Float32Array.from(value as number[]) : null;
}

/** What reads base64 natively: a newer browser, or Node. */
const native = {
  bytes: Uint8Array as { fromBase64?(base64: string): Uint8Array },
  buffer: (globalThis as { Buffer?: { from(text: string, encoding: 'base64'): Uint8Array } }).Buffer,
};

export function bytesOf(base64: string): Uint8Array {
  if (native.bytes.fromBase64) return native.bytes.fromBase64(base64);
  if (native.buffer) return native.buffer.from(base64, 'base64');
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** A vector as answers have it. */
export function encoded(vector: Float32Array | null, base64: boolean): string | number[] | null {
  return vector && (base64 ? base64Of(vector) : Array.from(vector));
}

/** Which of two rows comes first where nothing else puts them in order. */
export function before(a: Entry, b: Entry): number {
  return a.order - b.order || compareStrings(String(a.key), String(b.key));
}
