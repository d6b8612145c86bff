import { requireEach, requireText } from './arguments.js';
import { tablePath, type Context } from './context.js';
import { camel, snake } from './json.js';
import type { Metric } from './similarity.js';
import type { IndexInfo } from './tables.js';
import { path, sleep, type RequestOptions } from './transport.js';

/** An index of an embedding column to make; docs/INDEX-GUIDE.md says when. */
export type NewVectorIndex =
  | {
      column: string;
      method: 'hnsw';
      metric: Metric;
      parameters?: { m?: number; efConstruction?: number; ef?: number } | undefined;
    }
  | { column: string; method: 'ivfflat'; metric: Metric; parameters?: { lists?: number; probes?: number } | undefined };

/** An index that was made; it is built in the background. */
export interface CreatedIndex {
  indexName: string;
  column: string;
  method: IndexInfo['method'];
  status: IndexInfo['status'];
}

/** Answers by example. */
const INDEX = { name: '', type: '', column: '', status: '' };
const CREATED = { index_name: '', column: '', method: '', status: '' };

/** Indexes of tables. */
export class IndexesClient {
  readonly #context: Context;

  /** @internal */
  constructor(context: Context) {
    this.#context = context;
  }

  /** Indexes an embedding column. */
  async createVectorIndex(table: string, index: NewVectorIndex, options?: RequestOptions): Promise<CreatedIndex> {
    requireText(index?.column, 'column');
    return this.#send('POST', table, '/vector', CREATED, index, options);
  }

  /** Indexes scalar columns, for queries that filter on them or are ordered by them. */
  async createOrderedIndex(table: string, columns: readonly string[], options?: RequestOptions): Promise<CreatedIndex> {
    requireEach(columns, 'columns', requireText);
    return this.#send('POST', table, '/btree', CREATED, { columns }, options);
  }

  /** Indexes the words of string columns, for hybrid searches. */
  async createTextIndex(table: string, columns: readonly string[], options?: RequestOptions): Promise<CreatedIndex> {
    requireEach(columns, 'columns', requireText);
    return this.#send('POST', table, '/text', CREATED, { columns }, options);
  }

  async list(table: string, options?: RequestOptions): Promise<IndexInfo[]> {
    return (await this.#send<{ indexes: IndexInfo[] }>('GET', table, '', { indexes: [INDEX] }, undefined, options)).indexes;
  }

  async get(table: string, index: string, options?: RequestOptions): Promise<IndexInfo> {
    return this.#send('GET', table, path`/${{ index }}`, INDEX, undefined, options);
  }

  /** Builds an index anew; the old one serves until then. */
  async rebuild(table: string, index: string, options?: RequestOptions): Promise<IndexInfo> {
    return this.#send('POST', table, path`/${{ index }}/rebuild`, INDEX, undefined, options);
  }

  /** Drops an index; searches go on without it. */
  async drop(table: string, index: string, options?: RequestOptions): Promise<void> {
    await this.#send('DELETE', table, path`/${{ index }}`, undefined, undefined, options);
  }

  /** Waits until an index is built, or has failed. */
  async wait(table: string, index: string, options: RequestOptions = {}): Promise<IndexInfo> {
    for (let pause = 100; ; pause = Math.min(2000, pause * 1.5)) {
      const now = await this.get(table, index, options);
      if (now.status !== 'building') return now;
      await sleep(pause, options.signal);
    }
  }

  async #send<A>(
    method: 'GET' | 'POST' | 'DELETE',
    table: string,
    rest: string,
    answer: object | undefined,
    body: unknown,
    options?: RequestOptions,
  ): Promise<A> {
    const call = { method, path: `${tablePath(table)}/indexes${rest}`, body: snake(body), repeatable: method === 'GET', answer };
    return camel(await this.#context.transport.json(call, options)) as A;
  }
}
