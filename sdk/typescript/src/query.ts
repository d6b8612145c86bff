import { requireEach, requireInteger, requireKey, requireNumber, requireOneOf, requireSought, requireText } from './arguments.js';
import { filter, Similarity, type Condition, type Filter } from './conditions.js';
import { tablePath, type Context, type Wire } from './context.js';
import { ConfigurationError } from './errors.js';
import { base64Of } from './json.js';
import type { LiveRequest } from './live.js';
import type { AnyRow, Expression, Path, Row, ScalarPath, Selected, Selection, VectorColumn } from './schema.js';
import { requireHow, search, type SimilarityOptions } from './similarity.js';
import { UncertainEnd, type Call, type RequestOptions } from './transport.js';

/** A readable account of how a query goes, which names the index that serves it. */
export interface QueryPlan {
  readonly plan: readonly string[];
  toString(): string;
}

/** How many rows have the same values. */
export interface Group<R> {
  values: R;
  count: number;
}

/** What rows are compared with: a text, a vector, or the row of a key. */
export type Sought = string | Float32Array | { like: string | number | bigint };

interface Spec {
  readonly select?: readonly (string | Expression<unknown, string>)[];
  readonly where: readonly Filter[];
  readonly order: readonly { column: string; direction: 'asc' | 'desc' }[];
  readonly limit?: number;
  readonly offset?: number;
  readonly similar?: { query: Sought; column: string } & SimilarityOptions;
  readonly distinct?: boolean;
  readonly vectors?: boolean;
  readonly meta?: boolean;
  readonly options: RequestOptions;
}

const START: Spec = { where: [], order: [], options: {} };
const PAGE = 1000;
/** What the server gives at most where it cannot go on by a cursor. */
const MOST = 10_000;
const MOST_SIMILAR = 100;
/** What the server follows at most. */
const MOST_LIVE = 1000;
const PAGE_OF_ROWS = { rows: [{}] };

/** A query that is put together step by step. Each step gives a new one; it runs when it is awaited or ends in a verb such as `first`. */
export class Query<T = AnyRow, R = Row<T>> implements PromiseLike<R[]> {
  readonly #context: Context;
  readonly #table: string;
  readonly #spec: Spec;

  /** @internal */
  constructor(context: Context, table: string, spec: unknown = START) {
    this.#context = context;
    this.#table = table;
    this.#spec = spec as Spec;
  }

  /** Reads these columns, places in JSON columns and expressions; `'*'` is all columns but vectors. */
  select<const S extends readonly Selection<T>[]>(...columns: S): Query<T, Selected<T, S[number]>> {
    requireEach(columns, 'select', (entry, field) => {
      if (typeof entry !== 'object') return requireText(entry, field);
      requireText((entry as Expression<unknown, string> | null)?.expression, `${field}.expression`);
      requireText((entry as Expression<unknown, string>).as, `${field}.as`);
    });
    return this.#with({ select: columns });
  }

  /** Finds only rows that satisfy this condition too. */
  where(condition: Condition<T>): Query<T, R>;
  /** Finds only rows that satisfy this text too, in which each `?` stands for one of the parameters. */
  where(condition: string, ...params: unknown[]): Query<T, R>;
  where(condition: unknown, ...params: unknown[]): Query<T, R> {
    return this.#with({ where: [...this.#spec.where, filter(condition, params)] });
  }

  /** Sorts by a column, a place in a JSON column, `similarity_score`, or similarity to something. Of several, the first goes first. */
  orderBy(column: ScalarPath<T> | 'similarity_score' | Similarity, direction: 'asc' | 'desc' = 'asc'): Query<T, R> {
    if (column instanceof Similarity) {
      const { query, column: its } = column;
      requireQuery(query);
      const similar = this.#with<R>({ similar: { ...this.#spec.similar, query, column: its } });
      return direction === 'desc' ? similar : similar.orderBy('similarity_score', 'asc');
    }
    requireText(column, 'orderBy.column');
    requireOneOf(direction, 'orderBy.direction', ['asc', 'desc']);
    return this.#with({ order: [...this.#spec.order, { column, direction }] });
  }

  /** Finds at most so many rows. */
  limit(n: number): Query<T, R> {
    requireInteger(n, 'limit', 1);
    return this.#with({ limit: n });
  }

  /** Passes over so many rows. */
  offset(n: number): Query<T, R> {
    requireInteger(n, 'offset', 0);
    return this.#with({ offset: n });
  }

  /** Finds the rows that are most similar to a text, a vector or the row of a key, best first, and adds their `similarity_score`; 100 without a limit. */
  similaritySearch(
    query: Sought,
    column: VectorColumn<T>,
    options: SimilarityOptions = {},
  ): Query<T, R & { similarity_score: number }> {
    requireQuery(query);
    requireText(column, 'column');
    requireHow(options);
    return this.#with({ similar: { ...options, query, column } });
  }

  /** Finds only rows that are at least so similar. */
  threshold(min: number): Query<T, R> {
    const { similar } = this.#spec;
    if (!similar) throw new ConfigurationError('a threshold belongs to a similarity search; begin one first');
    requireNumber(min, 'threshold');
    return this.#with({ similar: { ...similar, threshold: min } });
  }

  /** Reads equal rows once. */
  distinct(): Query<T, R> {
    return this.#with({ distinct: true });
  }

  /** Reads vectors too. */
  includeVectors(): Query<T, R & { [K in VectorColumn<T>]: Float32Array | null }> {
    return this.#with({ vectors: true });
  }

  /** Reads the number of the commit that wrote a row last, and its time. */
  includeMeta(): Query<T, R & { version: number; changed_at: string }> {
    return this.#with({ meta: true });
  }

  /** How the call is made. */
  with(options: RequestOptions): Query<T, R> {
    return this.#with({ options: { ...this.#spec.options, ...options } });
  }

  /** All rows; as many as the limit says, if there is one. */
  async collect(options: RequestOptions = {}): Promise<R[]> {
    const spec = this.#spec;
    const { similar, limit, offset = 0 } = spec;
    const call = { ...spec.options, ...options };
    if (similar) {
      const n = limit ?? MOST_SIMILAR;
      const asSearch = n <= 1000 && offset + n <= 10_000 && !spec.distinct && !spec.meta && spec.order.length === 0;
      if (asSearch && !spec.select?.some((entry) => typeof entry !== 'string')) {
        // which keeps the query's vector for the next time
        const results = await search<AnyRow>(
          this.#context,
          this.#table,
          {
            ...similar,
            query: undefined,
            ...sought(similar.query),
            filters: spec.where,
            limit: n,
            offset,
            select: spec.select as string[] | undefined,
            includeScore: true,
            includeVectors: spec.vectors,
          },
          call,
        );
        return results.map(({ data, score }) => Object.assign(data, { similarity_score: score })) as R[];
      }
    }
    const body = this.#body();
    const request = this.#call(spec.distinct ? { ...body, limit: limit ?? MOST } : body);
    const rows =
      spec.distinct || (limit !== undefined && limit <= PAGE)
        ? (await this.#context.transport.json<Wire['RowPage']>({ ...request, answer: PAGE_OF_ROWS }, call)).rows
        : await this.#all(request, call);
    await this.#context.catalog.revive(this.#table, rows, spec.vectors);
    return rows as R[];
  }

  async #all(request: Call, call: RequestOptions): Promise<unknown[]> {
    try {
      return await this.#context.transport.all(request, call);
    } catch (error) {
      if (!(error instanceof UncertainEnd)) throw error;
      const rows: unknown[] = [];
      for await (const page of this.#bounded().pages(PAGE, call)) for (const row of page) rows.push(row);
      return rows;
    }
  }

  /** The query with the limit that it has if nobody says one. */
  #bounded(): Query<T, R> {
    return this.#spec.similar && this.#spec.limit === undefined ? this.limit(MOST_SIMILAR) : this;
  }

  /** The first row; null if there is none. */
  async first(options: RequestOptions = {}): Promise<R | null> {
    return (await this.limit(1).collect(options))[0] ?? null;
  }

  /** The rows one by one as they come. The server stops when the loop is left; a failure in the middle ends the loop with its error. */
  async *stream(options: RequestOptions = {}): AsyncGenerator<R, void, undefined> {
    if (this.#spec.distinct) return yield* await this.collect(options);
    const call = { ...this.#spec.options, ...options };
    const request = this.#call(this.#body());
    try {
      for await (const rows of this.#context.transport.stream(request, call)) {
        await this.#context.catalog.revive(this.#table, rows, this.#spec.vectors);
        for (const row of rows) {
          call.signal?.throwIfAborted(); // more rows may have come than were wanted
          yield row as R;
        }
      }
    } catch (error) {
      if (!(error instanceof UncertainEnd)) throw error; // which comes before the first row
      for await (const page of this.#bounded().pages(PAGE, call)) {
        for (const row of page) {
          call.signal?.throwIfAborted();
          yield row;
        }
      }
    }
  }

  /** The rows in pages of at most so many (10,000 at most). Each page is a request of its own, which is tried again if it fails. */
  async *pages(size: number = PAGE, options: RequestOptions = {}): AsyncGenerator<R[], void, undefined> {
    requireInteger(size, 'size', 1, MOST);
    const call = { ...this.#spec.options, ...options };
    const body = this.#body();
    let left = this.#spec.limit ?? Infinity;
    let cursor: string | null | undefined;
    do {
      const page: Wire['RowPage'] = await this.#context.transport.json(
        {
          ...this.#call({ ...body, limit: Math.min(size, left), cursor, offset: cursor ? undefined : this.#spec.offset }),
          answer: PAGE_OF_ROWS,
        },
        call,
      );
      await this.#context.catalog.revive(this.#table, page.rows, this.#spec.vectors);
      if (page.rows.length) yield page.rows as R[];
      left -= page.rows.length;
      cursor = page.next_cursor;
    } while (cursor && left > 0);
  }

  /** How many rows satisfy the conditions, whatever the limit. */
  async count(options: RequestOptions = {}): Promise<number> {
    const { count } = await this.#json<Wire['Count']>({ where: this.#where(), count: true }, { count: 0 }, options);
    return count;
  }

  /** How many rows have each combination of values of these columns, the most frequent first. */
  async groupBy<P extends Path<T>>(...columns: P[]): Promise<Group<Selected<T, P>>[]> {
    requireEach(columns, 'groupBy', requireText);
    const body = { where: this.#where(), limit: this.#spec.limit ?? MOST, group_by: columns };
    return (await this.#json<Wire['Groups']>(body, { groups: [{ values: {}, count: 0 }] }, {})).groups as unknown as Group<
      Selected<T, P>
    >[];
  }

  /** How the query would go. */
  async explain(options: RequestOptions = {}): Promise<QueryPlan> {
    const { plan } = await this.#json<Wire['Plan']>({ ...this.#body(), explain: true }, { plan: [''] }, options);
    return { plan, toString: () => plan.join('\n') };
  }

  /** @internal What the server is asked to follow. */
  liveRequest(): LiveRequest {
    const { limit, similar, vectors } = this.#spec;
    const n = limit ?? (similar ? MOST_SIMILAR : MOST_LIVE);
    return { table: this.#table, kind: 'query', body: { ...this.#body(), limit: n }, encoded: vectors ?? false };
  }

  /** Runs it when it is awaited. */
  then<A = R[], B = never>(
    onFulfilled?: ((rows: R[]) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return this.collect().then(onFulfilled, onRejected);
  }

  #with<Next>(change: Partial<Spec>): Query<T, Next> {
    return new Query(this.#context, this.#table, { ...this.#spec, ...change });
  }

  #where(): readonly Filter[] | undefined {
    return this.#spec.where.length ? this.#spec.where : undefined;
  }

  #body(): Wire['Query'] {
    const { select, order, limit, offset, similar, distinct, vectors, meta } = this.#spec;
    const body: Record<string, unknown> = {
      select,
      where: this.#where(),
      order_by: order.length ? order : undefined,
      limit,
      offset,
      distinct,
      include_vectors: vectors,
      include_meta: meta,
      encoding_format: vectors ? 'base64' : undefined,
    };
    if (similar) {
      const { query, inputType, ...how } = similar;
      const { query: it, like } = sought(query);
      const vector = it instanceof Float32Array;
      const given = vector ? { query_vector: base64Of(it) } : { query: it };
      body['similarity'] = { ...how, ...given, like, input_type: inputType };
    }
    return body as Wire['Query'];
  }

  #call(body: object): Call {
    return { method: 'POST', path: `${tablePath(this.#table)}/query`, body, repeatable: true };
  }

  #json<A>(body: object, answer: object, options: RequestOptions): Promise<A> {
    return this.#context.transport.json<A>({ ...this.#call(body), answer }, { ...this.#spec.options, ...options });
  }
}

function requireQuery(query: Sought): void {
  const { like } = (query ?? {}) as { like?: unknown };
  if (like === undefined) requireSought(query, 'query');
  else requireKey(like, 'query.like');
}

function sought(query: Sought): { query?: string | Float32Array; like?: { key: string | number | bigint } } {
  return typeof query === 'string' || query instanceof Float32Array ? { query } : { like: { key: query.like } };
}
