import { refuse, requireOneOf, requireText } from './arguments.js';
import { TABLE, tablePath, type Context, type Wire } from './context.js';
import { camel, snake } from './json.js';
import type { AnyRow, AnyTables } from './schema.js';
import type { Metric } from './similarity.js';
import { Table } from './table.js';
import { path, type RequestOptions } from './transport.js';

/** Types of columns. */
export type ColumnKind = 'string' | 'int' | 'float' | 'bool' | 'timestamp' | 'json' | 'embedding';

/** A column of a table. */
export interface ColumnInfo {
  name: string;
  type: ColumnKind;
  required: boolean;
  unique: boolean;
  default: unknown;
  /** Length of the vectors of an embedding column. */
  dimensions?: number;
  metric?: Metric;
  computed?: { source: string; model: string; autoUpdate: boolean; cache: boolean };
}

/** An index of a table. */
export interface IndexInfo {
  name: string;
  type: 'vector' | 'btree' | 'text';
  /** The first of the columns. */
  column: string;
  columns: string[];
  method: 'hnsw' | 'ivfflat' | 'btree' | 'text';
  metric?: Metric;
  parameters?: Record<string, number>;
  status: 'building' | 'ready' | 'failed';
  /** How much of it is built. */
  percent: number;
  rows: number;
  memoryBytes: number;
  /** Share of the true nearest rows that its searches found lately. */
  recall?: number;
  /** How `recall` was before, a minute or more apart and oldest first; not in the description of a table. */
  recallHistory?: { at: string; recall: number }[];
  /** Why it failed. */
  error?: string;
}

/** What a table is made of. */
export interface TableInfo {
  name: string;
  kind: 'table' | 'collection';
  columns: ColumnInfo[];
  primaryKey: string;
  rowCount: number;
  /** The number of the last commit that changed it. */
  version: number;
  createdAt: string;
  indexes: IndexInfo[];
}

/** A column to make. */
export interface NewColumn {
  type: ColumnKind;
  /** Whether every row has a value. */
  required?: boolean | undefined;
  unique?: boolean | undefined;
  /** The value of rows that bring none. */
  default?: unknown;
  /** Length of the vectors of an embedding column. */
  dimensions?: number | undefined;
  metric?: Metric | undefined;
}

/** A table to make. */
export interface NewTable {
  /** Columns by name, in their order; a type alone is a column that may be null. */
  columns: Record<string, NewColumn | ColumnKind>;
  /** A column of type string or int; without one the server numbers rows in a column `row_id`. */
  primaryKey?: string | undefined;
}

/** The tables of a server. */
export class TablesClient<Tables = AnyTables> {
  readonly #context: Context;

  /** @internal */
  constructor(context: Context) {
    this.#context = context;
  }

  /** A table, without asking the server. */
  get<Name extends keyof Tables & string>(name: Name): Table<Tables[Name]>;
  get(name: string): Table<AnyRow>;
  get(name: string): Table<any> {
    return new Table(this.#context, name);
  }

  /** All tables, and collections as tables, the oldest first. */
  async list(options?: RequestOptions): Promise<TableInfo[]> {
    const { tables } = await this.#context.transport.json<Wire['Tables']>(
      { method: 'GET', path: '/api/v1/tables', repeatable: true, answer: { tables: [TABLE] } },
      options,
    );
    return tables.map(tableInfo);
  }

  describe(name: string, options?: RequestOptions): Promise<TableInfo> {
    return this.get(name).describe(options);
  }

  async create(name: string, { columns, primaryKey }: NewTable, options?: RequestOptions): Promise<TableInfo> {
    requireText(name, 'name');
    if (typeof columns !== 'object' || columns === null) refuse('columns', 'an object of columns by name', columns);
    if (primaryKey !== undefined) requireText(primaryKey, 'primaryKey');
    const list = Object.entries(columns).map(([column, its]) => newColumn(column, its));
    return this.#change(name, 'POST', '/api/v1/tables', { name, columns: list, primary_key: primaryKey }, options);
  }

  async rename(name: string, to: string, options?: RequestOptions): Promise<TableInfo> {
    requireText(to, 'to');
    this.#context.catalog.forget(to);
    return this.#change(name, 'PATCH', tablePath(name), { name: to }, options);
  }

  /** Drops a table and its rows. */
  async drop(name: string, options?: RequestOptions): Promise<void> {
    this.#context.catalog.forget(name);
    await this.#context.transport.json({ method: 'DELETE', path: tablePath(name), repeatable: false }, options);
    this.#context.catalog.forget(name);
  }

  /** Adds a column; rows that are there take its default. */
  async addColumn(table: string, name: string, column: NewColumn | ColumnKind, options?: RequestOptions): Promise<TableInfo> {
    requireText(name, 'name');
    return this.#change(table, 'POST', `${tablePath(table)}/columns`, newColumn(name, column), options);
  }

  async renameColumn(table: string, name: string, to: string, options?: RequestOptions): Promise<TableInfo> {
    requireText(to, 'to');
    return this.#change(table, 'PATCH', tablePath(table) + path`/columns/${{ name }}`, { name: to }, options);
  }

  /** Drops a column with its values. */
  async dropColumn(table: string, name: string, options?: RequestOptions): Promise<TableInfo> {
    return this.#change(table, 'DELETE', tablePath(table) + path`/columns/${{ name }}`, undefined, options);
  }

  async #change(
    table: string,
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body: unknown,
    options?: RequestOptions,
  ): Promise<TableInfo> {
    const call = { method, path, body, repeatable: false, answer: TABLE };
    const changed = await this.#context.transport.json<Wire['Table']>(call, options);
    this.#context.catalog.forget(table);
    return tableInfo(changed);
  }
}

/** @internal */
export function tableInfo(table: Wire['Table']): TableInfo {
  return camel(table) as TableInfo;
}

const KINDS: readonly ColumnKind[] = ['string', 'int', 'float', 'bool', 'timestamp', 'json', 'embedding'];

function newColumn(name: string, column: NewColumn | ColumnKind): object {
  requireOneOf(typeof column === 'string' ? column : column?.type, `columns.${name}`, KINDS);
  return { name, ...(typeof column === 'string' ? { type: column } : (snake(column) as object)) };
}
