import { refuse, requireKey, requireOneOf, rowOf } from './arguments.js';
import { columns, filter, type Columns, type Condition, type Similarity } from './conditions.js';
import { TABLE, tablePath, type Context, type Wire } from './context.js';
import { orNull } from './errors.js';
import { importRows, type ImportOptions, type ImportResult } from './import.js';
import { Query, type Sought } from './query.js';
import type {
  AnyRow,
  FullRow,
  Insertable,
  Path,
  Row,
  ScalarPath,
  Selected,
  Selection,
  Updateable,
  UpdatedRow,
  VectorColumn,
} from './schema.js';
import { SearchBuilder, type SimilarityOptions } from './similarity.js';
import { tableInfo, type TableInfo } from './tables.js';
import { parameters, path, type RequestOptions } from './transport.js';

/** How rows are written. */
export interface WriteOptions extends RequestOptions {
  /** Whether the call ends when computed columns are filled too (`sync`, the default), or when the rows are durable. */
  embed?: 'sync' | 'async' | undefined;
}

/** How rows are inserted. */
export interface InsertOptions extends WriteOptions {
  /** What happens to rows whose key is there: the insert fails (`error`, the default), or they are replaced, or passed over. */
  onConflict?: 'error' | 'replace' | 'ignore' | undefined;
}

/** What an insert did. */
export interface InsertResult {
  inserted: number;
  /** Rows that replaced others. */
  updated: number;
  /** Rows that were passed over. */
  ignored: number;
  /** The number of the commit. */
  version: number;
}

/** What an update did. */
export interface UpdateResult {
  updated: number;
  version: number;
}

/** How rows are changed, each to values of its own. */
export interface UpdateRowsOptions extends WriteOptions {
  /** What happens if a row is not there: the update fails (`error`, the default), or the row is passed over. */
  ifMissing?: 'error' | 'ignore' | undefined;
}

/** What an update of rows, each to values of its own, did. */
export interface UpdateRowsResult extends UpdateResult {
  /** Rows that are not there. */
  missing: number;
}

/** What a deletion did. */
export interface DeleteResult {
  deleted: number;
  version: number;
}

/** How a row is read. */
export interface GetOptions extends RequestOptions {
  includeVectors?: boolean | undefined;
  /** Whether it shows its `version` and `changed_at`. */
  includeMeta?: boolean | undefined;
}

/** What a map of vectors is made of. */
export interface ProjectionOptions<T = AnyRow> extends RequestOptions {
  /** The embedding column; the first one unless said. */
  column?: VectorColumn<T> | undefined;
  /** A column of single values that points show, such as for their colour. */
  by?: (keyof T & string) | undefined;
  /** 1 to 10,000 points, 2,000 by default; fewer where vectors are longer than 400 numbers. */
  limit?: number | undefined;
}

/** Vectors as points of a plane. */
export interface Projection {
  column: string;
  /** Of the table. */
  version: number;
  /** Of the table, of which the points are a sample. */
  rows: number;
  /** A vector lies at its distance from the mean along each direction; undefined without vectors. `explained` are shares of all variance. */
  plane?: { mean: number[]; first: number[]; second: number[]; explained: number[] };
  points: { key: RowKey; x: number; y: number; by?: string | number | boolean }[];
}

/** The primary key of a row. */
export type RowKey = string | number | bigint;

/** Answers by example. */
const INSERTED = { inserted: 0, updated: 0, ignored: 0, version: 0 };
const DELETED = { deleted: 0, version: 0 };
const PROJECTION = { column: '', version: 0, rows: 0, points: [{ x: 0, y: 0 }] };

/** A table. Making one asks the server nothing. */
export class Table<T = AnyRow> {
  /** References to the columns, which conditions are made of. */
  readonly columns: Columns<T> = columns<T>();
  readonly #context: Context;

  /** @internal */
  constructor(
    context: Context,
    readonly name: string,
  ) {
    requireKey(name, 'table');
    this.#context = context;
  }

  /** All rows, to be narrowed. */
  query(): Query<T> {
    return new Query(this.#context, this.name);
  }

  /** Reads these columns, places in JSON columns and expressions; `'*'` is all columns but vectors. */
  select<const S extends readonly Selection<T>[]>(...selection: S): Query<T, Selected<T, S[number]>> {
    return this.query().select(...selection);
  }

  /** Finds rows that satisfy a condition. */
  where(condition: Condition<T>): Query<T>;
  /** Finds rows that satisfy a text in which each `?` stands for one of the parameters. */
  where(condition: string, ...params: unknown[]): Query<T>;
  where(condition: any, ...params: unknown[]): Query<T> {
    return this.query().where(condition, ...params);
  }

  /** All rows in an order. */
  orderBy(column: ScalarPath<T> | Similarity, direction?: 'asc' | 'desc'): Query<T> {
    return this.query().orderBy(column, direction);
  }

  /** At most so many rows. */
  limit(n: number): Query<T> {
    return this.query().limit(n);
  }

  /** All rows but so many. */
  offset(n: number): Query<T> {
    return this.query().offset(n);
  }

  /** The rows that are most similar to a text or a vector, best first, with their `similarity_score`. */
  similaritySearch(
    query: Sought,
    column: VectorColumn<T>,
    options?: SimilarityOptions,
  ): Query<T, Row<T> & { similarity_score: number }> {
    return this.query().similaritySearch(query, column, options);
  }

  /** A search by similarity to a text or a vector. */
  similarity(query: string | Float32Array): SearchBuilder<T> {
    return new SearchBuilder(this.#context, this.name, { query });
  }

  /** A search by similarity to the row of this key, which is not among the answer. */
  like(key: RowKey): SearchBuilder<T> {
    return new SearchBuilder(this.#context, this.name, { like: { key } });
  }

  /** How many rows there are. */
  count(options?: RequestOptions): Promise<number> {
    return this.query().count(options);
  }

  /** What the table is made of. */
  async describe(options?: RequestOptions): Promise<TableInfo> {
    return tableInfo(await this.#context.transport.json({ ...this.#call('GET', ''), answer: TABLE }, options));
  }

  /** Vectors of a sample of the rows as points of the plane in which they differ most, for a drawing. */
  projection({ column, by, limit, ...options }: ProjectionOptions<T> = {}): Promise<Projection> {
    const call = { ...this.#call('GET', `/projection${parameters({ column, by, limit })}`), answer: PROJECTION };
    return this.#context.transport.json(call, options);
  }

  /** The row of a key; null if there is none. */
  async get(key: RowKey, options: GetOptions & { includeVectors: true }): Promise<FullRow<T> | null>;
  async get(key: RowKey, options?: GetOptions): Promise<Row<T> | null>;
  async get(key: RowKey, { includeVectors, includeMeta, ...options }: GetOptions = {}): Promise<unknown> {
    const query = parameters({
      include_vectors: includeVectors,
      include_meta: includeMeta,
      encoding_format: includeVectors ? 'base64' : undefined,
    });
    const call = { ...this.#call('GET', path`/rows/${{ key }}` + query), answer: {} };
    const row = await orNull(this.#context.transport.json(call, options), 'key');
    if (row) await this.#context.catalog.revive(this.name, [row], includeVectors);
    return row;
  }

  /** Inserts up to 10,000 rows, all or none. */
  async insert(rows: readonly Insertable<T>[], { onConflict, embed, ...options }: InsertOptions = {}): Promise<InsertResult> {
    requireInsert(onConflict, embed);
    const body = { rows: rowsOf(rows), on_conflict: onConflict, embed };
    return this.#context.transport.json({ ...this.#call('POST', '/rows'), body, answer: INSERTED }, options);
  }

  /**
   * Inserts any number of rows, as fast as the server takes them: rows are only asked for when it has room. Each batch is kept whole
   * or not at all; when one fails, the error says how many rows before it are kept.
   */
  async import(rows: AsyncIterable<Insertable<T>> | Iterable<Insertable<T>>, options: ImportOptions = {}): Promise<ImportResult> {
    requireInsert(options.onConflict, options.embed);
    return importRows(rows as AsyncIterable<object>, options, (_batch, lines, { onConflict, embed, ...call }) =>
      this.#context.transport.json<Wire['InsertedRows']>(
        {
          method: 'POST',
          path: `${tablePath(this.name)}/rows${parameters({ on_conflict: onConflict, embed })}`,
          lines,
          repeatable: 'once',
          answer: INSERTED,
        },
        call,
      ),
    );
  }

  /** Changes the rows that satisfy a condition; `[]` is all. */
  async update(where: Condition<T> | string, values: Updateable<T>, how: WriteOptions = {}): Promise<UpdateResult> {
    return this.#update('/rows', { where: filter(where), values: rowOf(values, 'values') }, how);
  }

  /** Changes up to 10,000 rows, all or none: of each, its primary key and the values that change. */
  async updateRows(rows: readonly UpdatedRow<T>[], { ifMissing, ...how }: UpdateRowsOptions = {}): Promise<UpdateRowsResult> {
    if (ifMissing !== undefined) requireOneOf(ifMissing, 'ifMissing', ['error', 'ignore']);
    return this.#update('/rows', { rows: rowsOf(rows), if_missing: ifMissing }, how, { missing: 0 });
  }

  /** Changes the row of a key. */
  async updateByKey(key: RowKey, values: Updateable<T>, how: WriteOptions = {}): Promise<UpdateResult> {
    return this.#update(path`/rows/${{ key }}`, { values: rowOf(values, 'values') }, how);
  }

  /** Deletes the rows that satisfy a condition; `[]` is all. */
  async delete(where: Condition<T> | string, options?: RequestOptions): Promise<DeleteResult> {
    const call = { ...this.#call('DELETE', '/rows'), body: { where: filter(where) }, answer: DELETED };
    return this.#context.transport.json(call, options);
  }

  /** Deletes the row of a key. */
  async deleteByKey(key: RowKey, options?: RequestOptions): Promise<DeleteResult> {
    return this.#context.transport.json({ ...this.#call('DELETE', path`/rows/${{ key }}`), answer: DELETED }, options);
  }

  #update<A extends UpdateResult>(rest: string, change: object, how: WriteOptions, more?: object): Promise<A> {
    const { embed, ...options } = how;
    requireInsert(undefined, embed);
    const call = { ...this.#call('PATCH', rest), body: { ...change, embed }, answer: { updated: 0, version: 0, ...more } };
    return this.#context.transport.json<A>(call, options);
  }

  #call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', rest: string) {
    return { method, path: tablePath(this.name) + rest, repeatable: method === 'GET' || ('once' as const) };
  }
}

function requireInsert(onConflict: unknown, embed: unknown): void {
  if (onConflict !== undefined) requireOneOf(onConflict, 'onConflict', ['error', 'replace', 'ignore']);
  if (embed !== undefined) requireOneOf(embed, 'embed', ['sync', 'async']);
}

function rowsOf<R extends object>(rows: readonly R[]): R[] {
  if (!Array.isArray(rows)) refuse('rows', 'an array of rows', rows);
  return rows.map((row, index) => rowOf(row, `rows[${index}]`));
}
