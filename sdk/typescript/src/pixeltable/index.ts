/**
 * Pixeltable's names over the same queries, so that programs in Python can be moved line by line:
 *
 * | Python | here |
 * |---|---|
 * | `t.where(t.quality_score >= 8).collect()` | `await t.where(t.quality_score.ge(8)).collect()` |
 * | `sim = t.teaches.similarity(string=q)` | `const sim = t.teaches.similarity(q)` |
 * | `t.order_by(sim, asc=False).limit(10).collect()` | `await t.order_by(sim, { asc: false }).limit(10).collect()` |
 *
 * @packageDocumentation
 */
import { AkidbClient, type ClientOptions } from '../client.js';
import { and, Column as Reference, not, or, type Predicate } from '../conditions.js';
import { ConfigurationError, NotFoundError, ConflictError } from '../errors.js';
import type { Query } from '../query.js';
import type { AnyRow } from '../schema.js';
import type { Metric } from '../similarity.js';
import type { ColumnInfo, NewColumn, TableInfo } from '../tables.js';
import type { Table } from '../table.js';

let shared: AkidbClient | undefined;

/** Sets up the client that all tables of this module share. Without it, it is set up from the environment. */
export function init(options: ClientOptions = {}): AkidbClient {
  return (shared = new AkidbClient(options));
}

function client(): AkidbClient {
  return (shared ??= new AkidbClient());
}

/** Types of columns, which may be null unless {@link Required}. */
export const String: NewColumn = { type: 'string' };
export const Int: NewColumn = { type: 'int' };
export const Float: NewColumn = { type: 'float' };
export const Bool: NewColumn = { type: 'bool' };
export const Timestamp: NewColumn = { type: 'timestamp' };
export const Json: NewColumn = { type: 'json' };

/** A column whose every row has a value. */
export function Required(column: NewColumn): NewColumn {
  return { ...column, required: true };
}

/** A column of vectors of this length, which users write. */
export function Array([dimensions]: readonly [number], metric?: Metric): NewColumn {
  return { type: 'embedding', dimensions, metric };
}

/** A model that embeds text: `sentence_transformer.using({ model_id: 'all-MiniLM-L6-v2' })`. */
export interface EmbeddingFunction {
  readonly model: string;
}

/** An embedding of a column, for {@link PixeltableTable.add_computed_column}. */
export interface Embedding extends EmbeddingFunction {
  readonly source: string;
}

/** Models that embed a column, as a computed column or an index. */
export interface EmbeddingModels {
  (column: Column, options: { model_id: string }): Embedding;
  using(options: { model_id: string }): EmbeddingFunction;
}

/** Models by the names that sentence-transformers gives them; one without an organisation is of `sentence-transformers`. */
export const sentence_transformer: EmbeddingModels = Object.assign(
  (column: Column, { model_id }: { model_id: string }): Embedding => ({ source: column.name, model: modelName(model_id) }),
  { using: ({ model_id }: { model_id: string }): EmbeddingFunction => ({ model: modelName(model_id) }) },
);

function modelName(id: string): string {
  return id === 'all-MiniLM-L6-v2' ? `sentence-transformers/${id}` : id;
}

/** What a write did. */
export interface UpdateStatus {
  num_rows: number;
  num_excs: number;
  version: number;
}

/** Every one of these holds: Python's `&`. */
export const and_ = and;
/** At least one of these holds: Python's `|`. */
export const or_ = or;
/** This does not hold: Python's `~`. */
export const not_ = not;

/** How similar rows are to something; an order, a threshold and a value to select. */
export class Similarity {
  /** @internal */
  constructor(
    /** @internal */ readonly column: string,
    /** @internal */ readonly query: string | Float32Array,
    /** @internal */ readonly index: string | undefined,
    /** @internal */ readonly least?: number,
  ) {}

  /** At least so similar. */
  ge(least: number): Similarity {
    return new Similarity(this.column, this.query, this.index, least);
  }
}

/** A column of a table: what conditions and orders are made of. */
export class Column {
  readonly #reference: Reference;

  /** @internal */
  constructor(readonly name: string) {
    this.#reference = new Reference(name);
  }

  eq(value: unknown): Predicate {
    return this.#reference.eq(value);
  }

  ne(value: unknown): Predicate {
    return this.#reference.ne(value);
  }

  gt(value: unknown): Predicate {
    return this.#reference.gt(value);
  }

  ge(value: unknown): Predicate {
    return this.#reference.gte(value);
  }

  lt(value: unknown): Predicate {
    return this.#reference.lt(value);
  }

  le(value: unknown): Predicate {
    return this.#reference.lte(value);
  }

  isin(values: readonly unknown[]): Predicate {
    return this.#reference.in(values);
  }

  /** The string has this in it. */
  contains(part: string): Predicate {
    return this.#reference.like(`%${part.replace(/[\\%_]/g, '\\$&')}%`);
  }

  startswith(part: string): Predicate {
    return this.#reference.like(`${part.replace(/[\\%_]/g, '\\$&')}%`);
  }

  is_null(): Predicate {
    return this.#reference.isNull();
  }

  is_not_null(): Predicate {
    return this.#reference.isNotNull();
  }

  /** A place in a JSON column. */
  at(place: string): Column {
    return new Column(`${this.name}.${place}`);
  }

  /** How similar rows are to a text or a vector, by the column's embedding index or its own vectors. */
  similarity(query: string | Float32Array, { idx }: { idx?: string } = {}): Similarity {
    return new Similarity(this.name, query, idx);
  }
}

/** Columns and similarities under names of their own. */
export type Named = Record<string, Similarity | Column>;

interface Plan {
  readonly wheres: readonly (Predicate | Similarity)[];
  readonly selected: readonly (Column | string | Named)[];
  readonly orders: readonly [Column | string | Similarity, 'asc' | 'desc'][];
  readonly limit?: number;
  readonly offset?: number;
}

/** A query by Pixeltable's names. Each step gives a new one; {@link collect} runs it. */
export class PixeltableQuery {
  readonly #table: Table;
  readonly #plan: Plan;

  /** @internal */
  constructor(table: Table, plan: Plan = { wheres: [], selected: [], orders: [] }) {
    this.#table = table;
    this.#plan = plan;
  }

  where(condition: Predicate | Similarity): PixeltableQuery {
    return this.#with({ wheres: [...this.#plan.wheres, condition] });
  }

  /** Reads these columns, and others under names of their own: `select(t.title, { score: sim })`. */
  select(...selected: (Column | string | Named)[]): PixeltableQuery {
    return this.#with({ selected: [...this.#plan.selected, ...selected] });
  }

  order_by(expression: Column | string | Similarity, { asc = true }: { asc?: boolean } = {}): PixeltableQuery {
    return this.#with({ orders: [...this.#plan.orders, [expression, asc ? 'asc' : 'desc']] });
  }

  limit(n: number, { offset }: { offset?: number } = {}): PixeltableQuery {
    return this.#with({ limit: n, ...(offset === undefined ? {} : { offset }) });
  }

  async collect(): Promise<AnyRow[]> {
    const rows = await this.#query(await this.#searched()).collect();
    const { selected } = this.#plan;
    const renamed = selected.flatMap((entry) => (isNamed(entry) ? Object.entries(entry) : []));
    const plain = new Set(selected.map((entry) => (entry instanceof Column ? entry.name : entry)));
    return rows.map(({ similarity_score: score, ...row }) => {
      for (const [name, value] of renamed) row[name] = (value instanceof Similarity ? score : row[value.name]) as unknown;
      for (const [, value] of renamed) if (value instanceof Column && !plain.has(value.name)) delete row[value.name];
      return row;
    });
  }

  async count(): Promise<number> {
    return this.#query(await this.#searched()).count();
  }

  /** The first rows. */
  head(n = 10): Promise<AnyRow[]> {
    return this.limit(n).collect();
  }

  show(n = 20): Promise<AnyRow[]> {
    return this.limit(n).collect();
  }

  #similarities(): Similarity[] {
    const { wheres, selected, orders } = this.#plan;
    const named = selected.filter(isNamed).flatMap((entry) => Object.values(entry));
    return [...wheres, ...orders.map(([expression]) => expression), ...named].filter((it) => it instanceof Similarity);
  }

  /** The column of vectors that is searched, if one is. */
  async #searched(): Promise<string | undefined> {
    const [first, ...others] = this.#similarities();
    if (others.some((it) => it.column !== first!.column || it.query !== first!.query)) {
      throw new ConfigurationError('a query is by similarity to one thing');
    }
    return first && (await embeddingColumn(this.#table, first));
  }

  #query(searched: string | undefined): Query {
    const { wheres, selected, orders, limit, offset } = this.#plan;
    let query: Query = this.#table.query();
    const columns = selected.flatMap((entry): (Column | Similarity | string)[] =>
      isNamed(entry) ? Object.values(entry) : [entry],
    );
    const names = columns.flatMap((it) => (it instanceof Similarity ? [] : [it instanceof Column ? it.name : it]));
    if (names.length > 0) query = query.select(...new Set(names));
    const similarities = this.#similarities();
    if (searched !== undefined) {
      const threshold = similarities.map(({ least }) => least).find((least) => least !== undefined);
      query = query.similaritySearch(similarities[0]!.query, searched, { threshold });
    }
    for (const condition of wheres) if (!(condition instanceof Similarity)) query = query.where(condition);
    for (const [expression, direction] of orders) {
      if (!(expression instanceof Similarity)) {
        query = query.orderBy(typeof expression === 'string' ? expression : expression.name, direction);
      } else if (direction === 'asc') {
        query = query.orderBy('similarity_score', 'asc');
      }
    }
    if (limit !== undefined) query = query.limit(limit);
    return offset === undefined ? query : query.offset(offset);
  }

  #with(change: Partial<Plan>): PixeltableQuery {
    return new PixeltableQuery(this.#table, { ...this.#plan, ...change });
  }
}

function isNamed(entry: Column | string | Named): entry is Named {
  return typeof entry === 'object' && !(entry instanceof Column);
}

/** The name of the computed column that an embedding index is. */
const indexColumn = (name: string): string => `__idx_${name}`;

async function embeddingColumn(table: Table, { column, index }: Similarity): Promise<string> {
  if (index !== undefined) return indexColumn(index);
  const { columns } = await table.describe();
  const its = columns.find(({ name }) => name === column);
  if (its?.type === 'embedding') return column;
  const [found, second] = columns.filter(({ computed }) => computed?.source === column);
  if (!found) throw new ConfigurationError(`'${column}' has no embedding index; add one first`);
  if (second) throw new ConfigurationError(`'${column}' has several embedding indexes; name one as idx`);
  return found.name;
}

/** A table by Pixeltable's names. Its columns are members of it; those that are named as methods are, are in `c`. */
export class PixeltableTable {
  /** The columns. */
  readonly c: Readonly<Record<string, Column>> = new Proxy(Object.create(null) as Record<string, Column>, {
    get: (_target, name) => (typeof name === 'string' ? new Column(name) : undefined),
  });
  readonly #table: Table;

  /** @internal */
  constructor(table: Table) {
    this.#table = table;
  }

  where(condition: Predicate | Similarity): PixeltableQuery {
    return new PixeltableQuery(this.#table).where(condition);
  }

  select(...selected: (Column | string | Named)[]): PixeltableQuery {
    return new PixeltableQuery(this.#table).select(...selected);
  }

  order_by(expression: Column | string | Similarity, how?: { asc?: boolean }): PixeltableQuery {
    return new PixeltableQuery(this.#table).order_by(expression, how);
  }

  limit(n: number, how?: { offset?: number }): PixeltableQuery {
    return new PixeltableQuery(this.#table).limit(n, how);
  }

  collect(): Promise<AnyRow[]> {
    return new PixeltableQuery(this.#table).collect();
  }

  count(): Promise<number> {
    return this.#table.count();
  }

  head(n = 10): Promise<AnyRow[]> {
    return this.limit(n).collect();
  }

  show(n = 20): Promise<AnyRow[]> {
    return this.limit(n).collect();
  }

  /** Inserts rows, all or none. */
  async insert(rows: AnyRow | readonly AnyRow[]): Promise<UpdateStatus> {
    const list = globalThis.Array.isArray(rows) ? (rows as AnyRow[]) : [rows as AnyRow];
    const { inserted, version } = await this.#table.insert(list);
    return { num_rows: inserted, num_excs: 0, version };
  }

  /** Changes the rows that satisfy a condition, or all. */
  async update(values: AnyRow, { where }: { where?: Predicate } = {}): Promise<UpdateStatus> {
    const { updated, version } = await this.#table.update(where ?? [], values);
    return { num_rows: updated, num_excs: 0, version };
  }

  /** Deletes the rows that satisfy a condition, or all. */
  async delete({ where }: { where?: Predicate } = {}): Promise<UpdateStatus> {
    const { deleted, version } = await this.#table.delete(where ?? []);
    return { num_rows: deleted, num_excs: 0, version };
  }

  /** The names of the columns, without those of embedding indexes. */
  async columns(): Promise<string[]> {
    return visible(await this.#table.describe()).map(({ name }) => name);
  }

  async describe(): Promise<TableInfo> {
    const info = await this.#table.describe();
    return { ...info, columns: visible(info) };
  }

  async add_column(columns: Record<string, NewColumn>): Promise<void> {
    for (const [name, column] of Object.entries(columns)) await client().tables.addColumn(this.#table.name, name, column);
  }

  async drop_column(column: string | Column): Promise<void> {
    await client().tables.dropColumn(this.#table.name, nameOf(column));
  }

  async rename_column(old_name: string, new_name: string): Promise<void> {
    await client().tables.renameColumn(this.#table.name, old_name, new_name);
  }

  /** Adds a column of embeddings: `add_computed_column({ vec: sentence_transformer(t.text, { model_id }) })`; ends when it is filled. */
  async add_computed_column(columns: Record<string, Embedding>): Promise<void> {
    for (const [name, { source, model }] of Object.entries(columns)) {
      await client().computedColumns.createEmbeddingColumn(this.#table.name, { name, sourceColumn: source, model });
      await client().computedColumns.wait(this.#table.name, name);
    }
  }

  /** Makes a column searchable by meaning; ends when all rows are. */
  async add_embedding_index(
    column: string | Column,
    { embedding, string_embed, idx_name }: { embedding?: EmbeddingFunction; string_embed?: EmbeddingFunction; idx_name?: string },
  ): Promise<void> {
    const model = (embedding ?? string_embed)?.model;
    if (!model) throw new ConfigurationError('say as embedding or string_embed which model embeds the column');
    const source = nameOf(column);
    await this.add_computed_column({ [indexColumn(idx_name ?? source)]: { source, model } });
  }

  async drop_embedding_index({ column, idx_name }: { column?: string | Column; idx_name?: string }): Promise<void> {
    const name = idx_name ?? (column && nameOf(column));
    if (name === undefined) throw new ConfigurationError('say which index to drop, as column or idx_name');
    await client().tables.dropColumn(this.#table.name, indexColumn(name));
  }

  /** The table by this package's own names. */
  get native(): Table {
    return this.#table;
  }
}

function nameOf(column: string | Column): string {
  return typeof column === 'string' ? column : column.name;
}

function visible({ columns }: TableInfo): ColumnInfo[] {
  return columns.filter(({ name }) => !name.startsWith('__idx_'));
}

/** A table whose columns are members of it. */
export type TableOf<Names extends string = string> = PixeltableTable & {
  readonly [N in Exclude<Names, keyof PixeltableTable>]: Column;
};

function tableOf<Names extends string>(name: string): TableOf<Names> {
  const made: unknown = new Proxy(new PixeltableTable(client().tables.get(name)), {
    get(table, member) {
      // not bound to the proxy: private members are the table's own
      const own = Reflect.get(table, member, table) as unknown;
      if (typeof own === 'function') return own.bind(table) as unknown;
      // never a `then`: tables are given by promises
      return own !== undefined || typeof member !== 'string' || member === 'then' ? own : table.c[member];
    },
  });
  return made as TableOf<Names>;
}

/** Makes a table: `create_table('films', { title: pxt.Required(pxt.String), year: pxt.Int })`. */
export async function create_table<Schema extends Record<string, NewColumn>>(
  name: string,
  schema: Schema,
  { primary_key, if_exists = 'error' }: { primary_key?: string; if_exists?: 'error' | 'ignore' | 'replace' } = {},
): Promise<TableOf<keyof Schema & string>> {
  if (if_exists === 'replace') await drop_table(name, { if_not_exists: 'ignore' });
  try {
    await client().tables.create(name, { columns: schema, primaryKey: primary_key });
  } catch (error) {
    if (!(if_exists === 'ignore' && error instanceof ConflictError)) throw error;
  }
  return tableOf<keyof Schema & string>(name);
}

/** A table that is there. */
export async function get_table<Names extends string = string>(name: string): Promise<TableOf<Names>> {
  await client().tables.describe(name);
  return tableOf<Names>(name);
}

/** Drops a table and its rows. */
export async function drop_table(
  name: string,
  { if_not_exists = 'error' }: { if_not_exists?: 'error' | 'ignore' } = {},
): Promise<void> {
  try {
    await client().tables.drop(name);
  } catch (error) {
    if (!(if_not_exists === 'ignore' && error instanceof NotFoundError)) throw error;
  }
}

/** The names of the tables. */
export async function list_tables(): Promise<string[]> {
  return (await client().tables.list()).filter(({ kind }) => kind === 'table').map(({ name }) => name);
}
