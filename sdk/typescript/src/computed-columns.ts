import { requireText } from './arguments.js';
import { filter, type WhereClause } from './conditions.js';
import { tablePath, type Context } from './context.js';
import { camel } from './json.js';
import type { Metric } from './similarity.js';
import { parameters, path, sleep, type RequestOptions } from './transport.js';

/** A column of embeddings to make. */
export interface NewEmbeddingColumn {
  name: string;
  /** A column of type string. */
  sourceColumn: string;
  /** Id or alias of a model. */
  model: string;
  /** Whether a change of the text makes the vector anew; true by default. */
  autoUpdate?: boolean | undefined;
  /** Whether its vectors go through the cache that all embedding shares; true by default. */
  cache?: boolean | undefined;
  /** Whether the name is that of an embedding column that is there, whose vectors this model made. */
  adopt?: boolean | undefined;
}

/** A column of embeddings that was made; its filling goes on. */
export interface EmbeddingColumnInfo {
  columnName: string;
  type: 'embedding';
  dimensions: number;
  model: string;
  source: string;
}

/** How many cells are in which state. */
export interface CellCounts {
  ready: number;
  pending: number;
  failed: number;
  /** Nothing to embed. */
  empty: number;
}

/** A computed column and how far it is filled. */
export interface ComputedColumn extends EmbeddingColumnInfo {
  /** Equal where the same text gives the same vector; null until the model is loaded. */
  modelFingerprint: string | null;
  metric: Metric;
  autoUpdate: boolean;
  cache: boolean;
  status: 'ready' | 'filling' | 'paused' | 'waiting';
  cells: CellCounts;
  /** Why the filling waits. */
  error: string | null;
  /** A change of the model that is under way. */
  change: {
    model: string;
    dimensions: number;
    status: 'ready' | 'filling' | 'paused' | 'waiting' | 'blocked';
    cells: CellCounts;
    error: string | null;
  } | null;
  /** Rows whose text the model refused; shown by {@link ComputedColumnsClient.get}. */
  failedCells?: { key: string; error: string }[];
  /** Where the next page of failed cells begins. */
  nextFailed?: number | null;
}

/** What has become of the cells that a refresh computed anew. */
export interface RefreshResult {
  /** Have a vector of now. */
  refreshed: number;
  failed: number;
  /** Had nothing to embed, or their rows changed on the way. */
  skipped: number;
  /** Are still to be computed, in the background. */
  pending: number;
}

/** Whether to wait for the vectors, which is the default. */
export interface RefreshOptions extends RequestOptions {
  wait?: boolean | undefined;
}

/** Answers by example. */
const MADE = { column_name: '', dimensions: 0, model: '', source: '' };
const COLUMN = { ...MADE, status: '', cells: { ready: 0, pending: 0, failed: 0, empty: 0 } };
const REFRESHED = { refreshed: 0, failed: 0, skipped: 0, pending: 0 };

/** Columns that the server computes. */
export class ComputedColumnsClient {
  readonly #context: Context;

  /** @internal */
  constructor(context: Context) {
    this.#context = context;
  }

  /** Adds a column of embeddings of a text column. Rows that are there are filled in the background: see {@link progress}. */
  async createEmbeddingColumn(table: string, config: NewEmbeddingColumn, options?: RequestOptions): Promise<EmbeddingColumnInfo> {
    const { name, sourceColumn, model, autoUpdate, cache, adopt } = config;
    requireText(name, 'name');
    requireText(sourceColumn, 'sourceColumn');
    requireText(model, 'model');
    const body = { name, source_column: sourceColumn, model, auto_update: autoUpdate, cache, adopt };
    const made = await this.#send<EmbeddingColumnInfo>('POST', table, '/embedding', MADE, body, options);
    this.#context.catalog.forget(table);
    return made;
  }

  async listComputedColumns(table: string, options?: RequestOptions): Promise<ComputedColumn[]> {
    return (await this.#send<{ columns: ComputedColumn[] }>('GET', table, '', { columns: [COLUMN] }, undefined, options)).columns;
  }

  /** A column with the cells that failed: at most `failedLimit` (999 at most) from `failedAfter` on. */
  async get(
    table: string,
    column: string,
    { failedAfter, failedLimit, ...options }: RequestOptions & { failedAfter?: number; failedLimit?: number } = {},
  ): Promise<ComputedColumn> {
    const query = parameters({ failed_after: failedAfter, failed_limit: failedLimit });
    return this.#send('GET', table, path`/${{ column }}` + query, COLUMN, undefined, options);
  }

  /** Has cells computed anew, of all rows or of those that satisfy a condition; they keep their vectors until then. */
  async refreshEmbeddings(
    table: string,
    column: string,
    where?: WhereClause | readonly WhereClause[] | string,
    { wait, ...options }: RefreshOptions = {},
  ): Promise<RefreshResult> {
    const body = { where: where === undefined ? undefined : filter(where), wait };
    return this.#send('POST', table, path`/${{ column }}/refresh`, REFRESHED, body, options);
  }

  /** Has cells that failed computed again. */
  async retry(
    table: string,
    column: string,
    { wait, ...options }: RefreshOptions = {},
  ): Promise<RefreshResult & { retried: number }> {
    return this.#send('POST', table, path`/${{ column }}/retry`, REFRESHED, { wait }, options);
  }

  /** Stops the filling, also after a restart of the server. */
  async pause(table: string, column: string, options?: RequestOptions): Promise<ComputedColumn> {
    return this.#send('POST', table, path`/${{ column }}/pause`, COLUMN, undefined, options);
  }

  /** Goes on with the filling. */
  async resume(table: string, column: string, options?: RequestOptions): Promise<ComputedColumn> {
    return this.#send('POST', table, path`/${{ column }}/resume`, COLUMN, undefined, options);
  }

  /** Changes the model or a setting. Searches go on with the old vectors until all new ones are there. */
  async change(
    table: string,
    column: string,
    { model, autoUpdate, cache }: { model?: string; autoUpdate?: boolean; cache?: boolean },
    options?: RequestOptions,
  ): Promise<ComputedColumn> {
    const body = { model, auto_update: autoUpdate, cache };
    const changed = await this.#send<ComputedColumn>('PATCH', table, path`/${{ column }}`, COLUMN, body, options);
    this.#context.catalog.forget(table);
    return changed;
  }

  /** Gives a change of the model up. */
  async cancelChange(table: string, column: string, options?: RequestOptions): Promise<ComputedColumn> {
    return this.#send('POST', table, path`/${{ column }}/cancel`, COLUMN, undefined, options);
  }

  /**
   * The column each time it got further, until nothing is left to do: it is ready, or paused, or its change is blocked. Asks every
   * 0.1 s at first, then more seldom, at most every 2 s.
   */
  async *progress(table: string, column: string, options: RequestOptions = {}): AsyncGenerator<ComputedColumn, void, undefined> {
    let before = '';
    for (let pause = 100; ; pause = Math.min(2000, pause * 1.5)) {
      const now = await this.get(table, column, options);
      const { status, cells, change } = now;
      const state = JSON.stringify([status, cells, change]);
      if (state !== before) {
        before = state;
        pause = 100;
        yield now;
      }
      const over = change ? change.status === 'blocked' || change.status === 'paused' : status === 'ready' || status === 'paused';
      if (over) {
        this.#context.catalog.forget(table); // a change of the model may have come about
        return;
      }
      await sleep(pause, options.signal);
    }
  }

  /** Waits until nothing is left to do. */
  async wait(table: string, column: string, options: RequestOptions = {}): Promise<ComputedColumn> {
    let last: ComputedColumn | undefined;
    for await (const now of this.progress(table, column, options)) last = now;
    return last!;
  }

  async #send<A>(
    method: 'GET' | 'POST' | 'PATCH',
    table: string,
    rest: string,
    answer: object,
    body: unknown,
    options?: RequestOptions,
  ): Promise<A> {
    const call = { method, path: `${tablePath(table)}/columns/computed${rest}`, body, repeatable: method === 'GET', answer };
    return camel(await this.#context.transport.json(call, options)) as A;
  }
}
