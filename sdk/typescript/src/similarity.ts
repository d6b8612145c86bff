import { requireInteger, requireKey, requireNumber, requireEach, requireOneOf, requireSought, requireText } from './arguments.js';
import { filter, type Condition, type Filter } from './conditions.js';
import { tablePath, type Context, type Wire } from './context.js';
import { ConfigurationError } from './errors.js';
import { base64Of, camel, vectorFrom } from './json.js';
import type { LiveRequest } from './live.js';
import type { AnyRow, Path, Row, Selected, VectorColumn } from './schema.js';
import { untilAborted, type RequestOptions } from './transport.js';

/** How vectors are compared; a score is always "higher is better". */
export type Metric = 'cosine' | 'euclidean' | 'inner_product';

/** How a search by similarity goes. */
export interface SimilarityOptions {
  /** Least similarity, inclusive. */
  threshold?: number | undefined;
  /** How vectors are compared, if not as the column says. */
  metric?: Metric | undefined;
  /** Effort of a search in a graph. */
  ef?: number | undefined;
  /** Effort of a search in lists. */
  probes?: number | undefined;
  /** Compares all rows in full precision. */
  exact?: boolean | undefined;
  /** Searches by words too, in columns that have a text index. */
  hybrid?: { columns: readonly string[]; weights?: { similarity?: number; text?: number } | undefined } | undefined;
  /** Chooses rows that are also unlike one another. */
  mmr?: { lambda?: number; candidates?: number } | undefined;
  /** Finds the best rows (1 by default) of each value of a field; limit and offset then count values. */
  group?: { by: string; size?: number } | undefined;
  /** What the text is for, if not a query; models that were trained with prompts put theirs before it. */
  inputType?: 'query' | 'document' | undefined;
}

/** A row that was found. */
export interface SearchResult<R = AnyRow> {
  data: R;
  score?: number;
  /** Of a hybrid search: the row's place among the similar rows and among those with the words, 1 for the best. */
  ranks?: { similarity: number | null; text: number | null };
  /** Of a hybrid search: how similar it is. */
  similarity?: number | null;
  /** Of a hybrid search: how well its words fit. */
  textScore?: number | null;
  /** Of a search by groups: the value of the field. */
  group?: unknown;
}

/** How a search went. */
export interface SearchInfo {
  /** Milliseconds that the server took. */
  readonly milliseconds: number;
  /** The vector that was searched with. */
  readonly queryVector: Float32Array;
  /** With `explain`: what the server did. */
  readonly explanation: Explanation | undefined;
}

/** What the server did in a search; docs/search.md explains it. */
export interface Explanation {
  plan: string;
  reason: string;
  rows: number;
  passing: number;
  candidates: number;
  index?: string;
  metric?: Metric;
  effort?: number;
  recall?: number | null;
  [more: string]: unknown;
}

/** The rows that were found, best first. */
export type SearchResults<R = AnyRow> = SearchResult<R>[] & { readonly info: SearchInfo };

/** What is sent for a search. */
export interface Search extends SimilarityOptions {
  column: string;
  query?: string | Float32Array | readonly number[] | undefined;
  like?: { key: string | number | bigint } | undefined;
  filters: readonly Filter[];
  limit?: number | undefined;
  offset?: number | undefined;
  select?: readonly string[] | undefined;
  includeScore?: boolean | undefined;
  includeVectors?: boolean | undefined;
  explain?: boolean | undefined;
}

/** Looks at how a search is to go. */
export function requireHow(how: SimilarityOptions & { limit?: unknown; offset?: unknown; select?: unknown }): void {
  const { threshold, metric, ef, probes, limit, offset, inputType, select, hybrid } = how;
  if (threshold !== undefined) requireNumber(threshold, 'threshold');
  if (metric !== undefined) requireOneOf(metric, 'metric', ['cosine', 'euclidean', 'inner_product']);
  if (inputType !== undefined) requireOneOf(inputType, 'inputType', ['query', 'document']);
  for (const [name, effort] of Object.entries({ ef, probes })) if (effort !== undefined) requireInteger(effort, name, 1);
  if (limit !== undefined) requireInteger(limit, 'limit', 1, 1000);
  if (offset !== undefined) requireInteger(offset, 'offset', 0, 10_000);
  if (select !== undefined) requireEach(select, 'select', requireText);
  if (typeof hybrid === 'object' && 'columns' in hybrid) requireEach(hybrid.columns, 'hybrid.columns', requireText);
}

/** Searches a table, with the vector of the query's text if that is known. */
export async function search<R>(
  { transport, catalog, vectors }: Omit<Context, 'live'>,
  table: string,
  { query, filters, includeScore, includeVectors, inputType, ...rest }: Search,
  options: RequestOptions,
): Promise<SearchResults<R>> {
  if (rest.like) requireKey(rest.like.key, 'like');
  else requireSought(query, 'query');
  requireText(rest.column, 'column');
  requireHow({ ...rest, inputType });
  const send: Send = (sought) =>
    transport.json(
      {
        method: 'POST',
        path: `${tablePath(table)}/search/similarity`,
        body: {
          ...rest,
          ...sought,
          filters: filters.length ? filters : undefined,
          include_score: includeScore,
          include_vectors: includeVectors,
          input_type: inputType,
          encoding_format: 'base64',
        },
        repeatable: true,
        answer: { results: [{ data: {} }], search_time_ms: 0 },
      },
      options,
    );
  const answer =
    typeof query === 'string'
      ? await withVector({ catalog, vectors }, table, rest.column, inputType, query, !!rest.hybrid, send, options)
      : await send(query && { query_vector: base64Of(Float32Array.from(query)) });
  await catalog.revive(
    table,
    answer.results.map(({ data }) => data),
    includeVectors || rest.select !== undefined,
  );
  const results = answer.results as unknown as SearchResult<R>[];
  if (rest.hybrid) {
    for (const result of results as (SearchResult<R> & { text_score?: number | null })[]) {
      result.textScore = result.text_score ?? null;
      delete result.text_score;
    }
  }
  // beside the rows, so that the answer is compared, printed and copied as the plain array that it is
  return Object.defineProperty(results, 'info', { value: new Info(answer) }) as SearchResults<R>;
}

/** Made of the answer when it is looked at, which most are not. */
class Info implements SearchInfo {
  readonly #answer: Wire['SimilarityAnswer'];

  constructor(answer: Wire['SimilarityAnswer']) {
    this.#answer = answer;
  }

  get milliseconds(): number {
    return this.#answer.search_time_ms;
  }

  get queryVector(): Float32Array {
    return vectorFrom(this.#answer.query_embedding as string);
  }

  get explanation(): Explanation | undefined {
    return this.#answer.explanation && (camel(this.#answer.explanation) as Explanation);
  }
}

type Send = (sought: object | undefined) => Promise<Wire['SimilarityAnswer']>;

async function withVector(
  { catalog, vectors }: Pick<Context, 'catalog' | 'vectors'>,
  table: string,
  column: string,
  inputType: SimilarityOptions['inputType'],
  text: string,
  words: boolean, // whether it is searched by the text's words too
  send: Send,
  options: RequestOptions,
): Promise<Wire['SimilarityAnswer']> {
  const key = await untilAborted(queryKey(catalog, table, column, inputType, text), options.signal);
  if (key === undefined) return send({ query: text });
  return vectors.search(
    key,
    () => send({ query: text }),
    ({ vector, fingerprint }) =>
      send({
        query: words ? text : undefined,
        query_vector: vector,
        model_fingerprint: fingerprint,
        include_query_embedding: false,
      }),
    options.signal,
    () => catalog.forget(table),
  );
}

async function queryKey(
  catalog: Context['catalog'],
  table: string,
  column: string,
  inputType: SimilarityOptions['inputType'],
  text: string,
): Promise<string | undefined> {
  // what is wrong with the table or the column, the search itself says best
  const model = await catalog.model(table, column).catch(() => undefined);
  return model && `${inputType ?? 'query'}\n${model}\n${text}`;
}

/** A search that is put together step by step. Each step gives a new one; it runs when it is awaited or executed. */
export class SearchBuilder<T = AnyRow, R = Row<T>> implements PromiseLike<SearchResults<R>> {
  readonly #context: Context;
  readonly #table: string;
  readonly #search: Partial<Search>;
  readonly #options: RequestOptions;

  /** @internal */
  constructor(context: Context, table: string, search: Partial<Search>, options: RequestOptions = {}) {
    this.#context = context;
    this.#table = table;
    this.#search = search;
    this.#options = options;
  }

  /** Searches the vectors of this column. */
  inColumn(column: VectorColumn<T>): SearchBuilder<T, R> {
    requireText(column, 'column');
    return this.#with({ column });
  }

  /** Finds only rows that satisfy this condition too. */
  where(condition: Condition<T>): SearchBuilder<T, R>;
  /** Finds only rows that satisfy this text too, in which each `?` stands for one of the parameters. */
  where(condition: string, ...params: unknown[]): SearchBuilder<T, R>;
  where(condition: unknown, ...params: unknown[]): SearchBuilder<T, R> {
    return this.#with({ filters: [...(this.#search.filters ?? []), filter(condition, params)] });
  }

  /** Finds only rows that are at least so similar. */
  threshold(min: number): SearchBuilder<T, R> {
    requireNumber(min, 'threshold');
    return this.#with({ threshold: min });
  }

  /** Finds at most so many rows: 1 to 1,000, 10 by default. */
  limit(n: number): SearchBuilder<T, R> {
    requireInteger(n, 'limit', 1, 1000);
    return this.#with({ limit: n });
  }

  /** Passes over so many of the best rows. */
  offset(n: number): SearchBuilder<T, R> {
    requireInteger(n, 'offset', 0, 10_000);
    return this.#with({ offset: n });
  }

  /** Reads only these columns. */
  select<const S extends readonly ('*' | Path<T>)[]>(...columns: S): SearchBuilder<T, Selected<T, S[number]>> {
    requireEach(columns, 'select', requireText);
    return this.#with({ select: columns }) as SearchBuilder<T, any>;
  }

  /** Whether results show their score; they do unless switched off. */
  includeScore(include = true): SearchBuilder<T, R> {
    return this.#with({ includeScore: include });
  }

  /** Reads vectors too. */
  includeVectors(): SearchBuilder<T, R & { [K in VectorColumn<T>]: Float32Array | null }> {
    return this.#with({ includeVectors: true }) as SearchBuilder<T, any>;
  }

  /** How the search goes. */
  using(options: SimilarityOptions): SearchBuilder<T, R> {
    requireHow(options);
    return this.#with(options);
  }

  /** Has the answer's `info` say how the rows were found. */
  explain(): SearchBuilder<T, R> {
    return this.#with({ explain: true });
  }

  /** How the call is made. */
  with(options: RequestOptions): SearchBuilder<T, R> {
    return new SearchBuilder(this.#context, this.#table, this.#search, { ...this.#options, ...options });
  }

  /** Runs the search. */
  async execute(options: RequestOptions = {}): Promise<SearchResults<R>> {
    const { column, filters = [], ...rest } = this.#search;
    if (column === undefined) throw new ConfigurationError('say with inColumn() which column to search', 'column');
    return search(this.#context, this.#table, { includeScore: true, ...rest, column, filters }, { ...this.#options, ...options });
  }

  /** @internal What the server is asked to follow. */
  liveRequest(): LiveRequest {
    const { query, filters = [], includeScore = true, includeVectors, inputType, explain, ...rest } = this.#search;
    requireText(rest.column, 'column');
    return {
      table: this.#table,
      kind: 'similarity',
      body: {
        ...rest,
        ...(typeof query === 'string' ? { query } : query && { query_vector: base64Of(Float32Array.from(query)) }),
        filters: filters.length ? filters : undefined,
        include_score: includeScore,
        include_vectors: includeVectors,
        input_type: inputType,
        encoding_format: 'base64',
      },
      encoded: includeVectors || rest.select !== undefined,
    };
  }

  /** Runs it when it is awaited. */
  then<A = SearchResults<R>, B = never>(
    onFulfilled?: ((results: SearchResults<R>) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return this.execute().then(onFulfilled, onRejected);
  }

  #with(change: Partial<Search>): SearchBuilder<T, R> {
    return new SearchBuilder<T, R>(this.#context, this.#table, { ...this.#search, ...change }, this.#options);
  }
}
