
/** How one call is made. Whatever is left out is taken from the client. */
interface RequestOptions {
  /** Ends the call; its reason is what the call then throws. */
  signal?: AbortSignal | undefined;
  /** Milliseconds that the call may take with all its retries; of many rows, until each next piece of them comes. */
  timeout?: number | undefined;
  /** How often a call that failed is tried again. */
  retries?: number | undefined;
  /** Further headers. */
  headers?: Record<string, string> | undefined;
}
/** Where the server is and how it is spoken to. */
interface TransportOptions {
  /** Address of the server; else `AKIDB_URL` or `PIXELTABLE_BASE_URL` of the environment, else `http://127.0.0.1:8080`. */
  baseUrl?: string | undefined;
  /**
   * An API key, or a function that gives one, a short-lived token, each time it is asked; else `AKIDB_API_KEY` or
   * `PIXELTABLE_API_KEY` of the environment. It is never sent unencrypted to another machine.
   */
  apiKey?: string | (() => string | Promise<string>) | undefined;
  /** Allows a key that is a string in a page, where everybody can read it. */
  allowKeyInBrowser?: boolean | undefined;
  /** Milliseconds that a call may take; 30,000 by default. */
  timeout?: number | undefined;
  /** How often a call that failed is tried again; 3 by default. */
  retries?: number | undefined;
  /** Requests that are on their way at once outside browsers, 5 to 20; others wait. 20 by default. */
  connections?: number | undefined;
  /** Headers of every request. */
  headers?: Record<string, string> | undefined;
  /** What sends requests; the platform's `fetch` by default. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Whether integers beyond 2^53 come as `bigint` instead of the nearest number; false by default. */
  bigints?: boolean | undefined;
}
/** A request to the server, such as `{ method: 'GET', path: '/api/v1/tables', repeatable: true }`. */
interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** JSON. */
  body?: unknown;
  /** One JSON object a line, instead of a body. */
  lines?: string;
  /**
   * Whether it may be sent twice: since doing it twice is the doing it once, or (`once`) since it carries an
   * `Idempotency-Key`, by which the server writes rows and documents once, however often the request comes.
   */
  repeatable: boolean | 'once';
  /**
   * The answer by example: what it must have for this package to make of it what its types promise. Objects have at least these
   * members, the elements of arrays are all like the first, other values are of the same type.
   */
  answer?: unknown;
}
/** Sends requests: keys, time limits, retries, and what is on its way at once. */
declare class Transport {
  #private;
  readonly baseUrl: string;
  readonly bigints: boolean;
  constructor(options: TransportOptions);
  /** The JSON of the answer; undefined if it has no body. `accept` lists statuses that are no errors. */
  json<T>(call: Call, options?: RequestOptions, accept?: number): Promise<T>;
  /** All lines of the answer. */
  all(call: Call, options?: RequestOptions): Promise<unknown[]>;
  /** The lines of the they come, some at a time. Leaving the loop ends the request. */
  stream(call: Call, options?: RequestOptions): AsyncGenerator<unknown[], void, undefined>;
  /** The answer of a it begins; its body comes until the signal ends it. */
  open(call: Call, type: string, signal: AbortSignal, timeout?: number): Promise<Response>;
}
/** A backup in the server's directory of backups. */
interface BackupInfo {
  name: string;
  state: 'running' | 'complete' | 'failed';
  /** Its directory on the server. */
  path: string;
  madeAt: string;
  /** Of all its files; 0 until it is complete. */
  bytes: number;
  /** The number of the last commit that is in it; 0 until it is complete. */
  commit: number;
  /** Whether it has the API keys. */
  keys: boolean;
  /** Whether it has the audit log. */
  audit: boolean;
  /** Why it failed, or is no backup any more. */
  error?: string;
}
/** A backup to make. */
interface NewBackup {
  /** The name of its directory; the time of day if left out. */
  name?: string | undefined;
  /** Whether it has the API keys too, as the hashes that the server keeps. */
  includeKeys?: boolean | undefined;
  /** Whether it has the audit log too. */
  includeAudit?: boolean | undefined;
}
/** Backups of the server, for keys with the scope `admin`. */
declare class BackupsClient {
  #private;
  /** The backups, the youngest first. */
  list(options?: RequestOptions): Promise<BackupInfo[]>;
  /** One backup. */
  get(name: string, options?: RequestOptions): Promise<BackupInfo>;
  /** Begins a backup, while others go on writing. One is made at a time. */
  start(backup?: NewBackup, options?: RequestOptions): Promise<BackupInfo>;
  /** Waits until a backup is complete, or has failed. */
  wait(name: string, options?: RequestOptions): Promise<BackupInfo>;
}
declare const kinds: unique symbol;
/** A column that is read, inserted and different types. Only types use it; no value has it. */
interface ColumnType<Read, Insert = Read, Update = Insert> {
  readonly [kinds]: {
    read: Read;
    insert: Insert;
    update: Update;
  };
}
/** A column that the server computes; nobody writes it. Its cells are null until they are filled. */
type Computed<Value = Float32Array> = ColumnType<Value | null, never, never>;
/** A column with a default, which inserted rows may leave out. */
type Generated<Value> = ColumnType<Value, Value | undefined, Value>;
/** The primary key: required, and never changed. */
type Key<Value extends string | number | bigint = string> = ColumnType<Value, Value, never>;
/** The key of tables that have no primary key of their own: the server numbers their rows. */
type RowId = ColumnType<number, never, never>;
/** Tables of which nothing is known. */
type AnyTables = Record<string, AnyRow>;
/** A row of which nothing is known. */
type AnyRow = Record<string, any>;
/** An interface of tables with some columns typed more closely, such as `{ layouts: { facts: Facts } }`. */
type Override<Tables, Changes extends { [T in keyof Changes]: T extends keyof Tables ? object : never }> = { [T in keyof Tables]: T extends keyof Changes ? Simplify<Omit<Tables[T], keyof Changes[T]> & Changes[T]> : Tables[T] };
type Simplify<T> = { [K in keyof T]: T[K] } & {};
/** What reading a column gives. */
type Read<C> = C extends ColumnType<infer R, any, any> ? R : C;
type Accepted<V> = V extends Float32Array ? Float32Array | readonly number[] : V extends Date ? Date | string : V;
/** What an insert takes for a column. */
type Inserted<C> = Accepted<C extends ColumnType<any, infer I, any> ? I : C>;
/** What an update takes for a column. */
type Updated<C> = Accepted<C extends ColumnType<any, any, infer U> ? U : C>;
type Names<T> = keyof T & string;
type Unwritable<T, How extends 'insert' | 'update'> = { [K in Names<T>]: [How extends 'insert' ? Inserted<T[K]> : Updated<T[K]>] extends [never] ? K : never }[Names<T>];
type Omissible<T> = { [K in Names<T>]: null extends Inserted<T[K]> ? K : undefined extends Inserted<T[K]> ? K : never }[Names<T>];
/** A row to insert: required columns, and those with a default or nullable you like; no computed ones. */
type Insertable<T> = string extends keyof T ? Record<string, any> : Simplify<{ [K in Exclude<Names<T>, Unwritable<T, 'insert'> | Omissible<T>>]: Inserted<T[K]> } & { [K in Omissible<T>]?: Inserted<T[K]> } & { [K in Unwritable<T, 'insert'>]?: never }>;
/** Values of a row to change. */
type Updateable<T> = string extends keyof T ? Record<string, any> : Simplify<{ [K in Exclude<Names<T>, Unwritable<T, 'update'>>]?: Updated<T[K]> } & { [K in Unwritable<T, 'update'>]?: never }>;
type KeyOf<T> = { [K in Names<T>]: T[K] extends ColumnType<infer R, any, never> ? ([R] extends [string | number | bigint] ? K : never) : never }[Names<T>];
/** Values of a row to change, beside its primary key, which says which row it is. */
type UpdatedRow<T> = string extends keyof T ? Record<string, any> : Simplify<Omit<Updateable<T>, KeyOf<T>> & { [K in KeyOf<T>]: Read<T[K]> }>;
/** Columns that hold vectors. */
type VectorColumn<T> = { [K in Names<T>]: NonNullable<Read<T[K]>> extends Float32Array ? K : never }[Names<T>];
type Scalar = string | number | bigint | boolean | Date | Float32Array;
type JsonColumn<T> = { [K in Names<T>]: NonNullable<Read<T[K]>> extends Scalar ? never : K }[Names<T>];
/** A column, or a place in a JSON column such as `facts.area`. */
type Path<T> = Names<T> | `${JsonColumn<T>}.${string}`;
/** What conditions and orders may name: all but vectors, which are only searched by similarity. */
type ScalarPath<T> = string extends keyof T ? string : Exclude<Path<T>, VectorColumn<T>>;
type Dig<V, P extends string> = V extends readonly unknown[] ? unknown : V extends object ? P extends keyof V ? V[P] : P extends `${infer Head}.${infer Rest}` ? Head extends keyof V ? Dig<NonNullable<V[Head]>, Rest> : unknown : unknown : unknown;
/** What reading a column or a place in a JSON column gives. */
type ValueAt<T, P extends string> = P extends keyof T ? Read<T[P]> : P extends `${infer Head}.${infer Rest}` ? Head extends keyof T ? Dig<NonNullable<Read<T[Head]>>, Rest> | null : never : never;
/** A it is read without a selection: all columns but vectors. */
type Row<T> = string extends keyof T ? AnyRow : Simplify<{ [K in Exclude<Names<T>, VectorColumn<T>>]: Read<T[K]> }>;
/** A row with its vectors. */
type FullRow<T> = string extends keyof T ? AnyRow : Simplify<{ [K in Names<T>]: Read<T[K]> }>;
/** An expression of a row's columns under a name of its own. */
interface Expression<Value, Name extends string> {
  readonly expression: string;
  readonly as: Name;
  readonly [kinds]?: Value;
}
/**
 * An expression of a row's columns, computed by the server: `expression<number>('quality_score * 2').as('double')`. It is part of
 * the query's text: never build it of what users typed.
 */
declare function expression<Value = unknown>(text: string): {
  as<Name extends string>(name: Name): Expression<Value, Name>;
};
/** What a selection may name. */
type Selection<T> = '*' | Path<T> | Expression<any, string>;
type SelectedName<S> = S extends string ? Exclude<S, '*'> : S extends Expression<any, infer Name> ? Name : never;
/** The row that a selection gives. */
type Selected<T, S> = Simplify<('*' extends S ? Row<T> : {}) & { [E in SelectedName<E>]: E extends Expression<infer V, string> ? V : E extends string ? ValueAt<T, E> : never }>;
/** How a value is compared. */
type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in' | 'like' | 'is null' | 'is not null' | 'contains' | 'contains any' | 'contains all';
/** What a column is compared with. */
type Comparable<V> = V extends Date ? Date | string : V;
/** What an array in JSON has in it; anything, where the type does not say that there is an array. */
type ElementOf<V> = V extends readonly (infer E)[] ? E : unknown;
type ClauseOn<P extends string, V> = {
  column: P;
  operator: '=' | '!=' | '<' | '<=' | '>' | '>=';
  value: Comparable<NonNullable<V>>;
} | {
  column: P;
  operator: 'in' | 'not in';
  value: readonly Comparable<NonNullable<V>>[];
} | {
  column: P;
  operator: 'like';
  value: string;
} | {
  column: P;
  operator: 'is null' | 'is not null';
  value?: undefined;
} | {
  column: P;
  operator: 'contains';
  value: ElementOf<NonNullable<V>>;
} | {
  column: P;
  operator: 'contains any' | 'contains all';
  value: readonly ElementOf<NonNullable<V>>[];
};
/** A condition on a column of which nothing is known. */
interface WhereClause {
  column: string;
  operator: Operator;
  value?: unknown;
}
/** A condition on one column. */
type Clause<T> = string extends keyof T ? WhereClause : { [P in ScalarPath<T>]: ClauseOn<P, ValueAt<T, P>> }[ScalarPath<T>];
declare const names: unique symbol;
/** A condition made by a {@link Column}, {@link and}, {@link or} or {@link not}; it knows which columns it is about. */
interface Predicate<P extends string = string> {
  readonly [names]?: P;
}
/** What rows have to satisfy: a clause, a predicate, or a list of them that must all hold. */
type Condition<T> = Clause<T> | Predicate<ScalarPath<T>> | readonly Condition<T>[];
/** Every one of these holds. */
declare function and<P extends string>(...predicates: readonly Predicate<P>[]): Predicate<P>;
/** At least one of these holds. */
declare function or<P extends string>(...predicates: readonly Predicate<P>[]): Predicate<P>;
/** This does not hold; a missing value satisfies neither a condition nor its opposite. */
declare function not<P extends string>(predicate: Predicate<P>): Predicate<P>;
/** Order by similarity to a text or a vector; made by {@link Column.similarity}. */
declare class Similarity {
  readonly query: string | Float32Array;
  readonly column: string;
  constructor(query: string | Float32Array, column: string);
}
/** A reference to a column, which conditions are made of: `t.columns.quality_score.gte(8)`. */
declare class Column<P extends string = string, V = any> {
  #private;
  readonly name: P;
  constructor(name: P);
  eq(value: Comparable<NonNullable<V>>): Predicate<P>;
  ne(value: Comparable<NonNullable<V>>): Predicate<P>;
  gt(value: Comparable<NonNullable<V>>): Predicate<P>;
  gte(value: Comparable<NonNullable<V>>): Predicate<P>;
  lt(value: Comparable<NonNullable<V>>): Predicate<P>;
  lte(value: Comparable<NonNullable<V>>): Predicate<P>;
  /** Between two values, both included. */
  between(least: Comparable<NonNullable<V>>, most: Comparable<NonNullable<V>>): Predicate<P>;
  in(values: readonly Comparable<NonNullable<V>>[]): Predicate<P>;
  notIn(values: readonly Comparable<NonNullable<V>>[]): Predicate<P>;
  /** The whole string matches: `%` is any run of characters, `_` one, `\` takes the it is. */
  like(pattern: string): Predicate<P>;
  /** An array in JSON has this element. */
  contains(element: ElementOf<NonNullable<V>>): Predicate<P>;
  /** An array in JSON has at least one of these elements. */
  containsAny(elements: readonly ElementOf<NonNullable<V>>[]): Predicate<P>;
  /** An array in JSON has all of these elements. */
  containsAll(elements: readonly ElementOf<NonNullable<V>>[]): Predicate<P>;
  isNull(): Predicate<P>;
  isNotNull(): Predicate<P>;
  /** A place in a JSON column: `t.columns.facts.at('area')`. */
  at<Rest extends string>(place: Rest): Column<`${P}.${Rest}`, ValueAt<Record<P, V>, `${P}.${Rest}`>>;
  /** An order for `orderBy`: how similar the column's vectors are to a text or a vector. */
  similarity(query: string | Float32Array): Similarity;
}
/** References to the columns of a table by name; those of vectors are only searched by similarity, others never. */
type Columns<T> = string extends keyof T ? Readonly<Record<string, Column>> : { readonly [P in keyof T & string]: P extends VectorColumn<T> ? Pick<Column<P>, 'name' | 'similarity'> : Omit<Column<P, ValueAt<T, P>>, 'similarity'> };
/** What every error of this package extends. */
declare class AkidbError extends Error {
  readonly name: string;
  /** A stable name: the server's `code` (docs/errors.md), or one of this package's own. */
  readonly code: string;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  constructor(message: string, code: string, retryable?: boolean, options?: ErrorOptions);
}
/** The client was set up or called in a way that cannot work; nothing was sent. */
declare class ConfigurationError extends AkidbError {
  readonly name = "ConfigurationError";
  /** The argument to blame, such as `rows[1].quality_score`, where there is one. */
  readonly field: string | undefined;
  constructor(message: string, field?: string);
}
/** The server could not be reached, or the connection broke before the answer was whole. */
declare class ConnectionError extends AkidbError {
  readonly name = "ConnectionError";
  constructor(message: string, cause?: unknown);
}
/** The time that the caller allowed passed. */
declare class TimeoutError extends AkidbError {
  readonly name = "TimeoutError";
  constructor(milliseconds: number, cause?: unknown);
}
/** What came is no answer of AkiDB, the page of a proxy. */
declare class ProtocolError extends AkidbError {
  readonly name = "ProtocolError";
  constructor(message: string, cause?: unknown);
}
/** What an answer of the server says went wrong. */
interface Problem {
  status: number;
  code: string;
  detail: string;
  field?: string | undefined;
  requestId?: string | undefined;
  /** Seconds to wait. */
  retryAfter?: number | undefined;
}
/** The server refused or failed. One subclass per kind of `code`. */
declare class ApiError extends AkidbError {
  readonly name: string;
  /** The HTTP status. */
  readonly status: number;
  /** The path of the value to blame, such as `rows[1].quality_score`. */
  readonly field: string | undefined;
  /** The request's id, which the server's log lines carry. */
  readonly requestId: string | undefined;
  /** Seconds that the server asks to wait. */
  readonly retryAfter: number | undefined;
  constructor(problem: Problem);
}
/** A value breaks a rule, or a field is unknown, missing or of the wrong type; `field` names it. */
declare class InvalidRequestError extends ApiError {
  readonly name = "InvalidRequestError";
}
/** The API key is missing or not valid. */
declare class UnauthenticatedError extends ApiError {
  readonly name = "UnauthenticatedError";
}
/** The API key lacks the scope. */
declare class ForbiddenError extends ApiError {
  readonly name = "ForbiddenError";
}
/** There is no such table, row, collection, document, index or model. */
declare class NotFoundError extends ApiError {
  readonly name = "NotFoundError";
}
/** Something of this name or key is there, or the request does not fit the present state. */
declare class ConflictError extends ApiError {
  readonly name = "ConflictError";
}
/** The body is over the server's limit. */
declare class TooLargeError extends ApiError {
  readonly name = "TooLargeError";
}
/** Too much at once; nothing of the request was done. */
declare class OverloadedError extends ApiError {
  readonly name = "OverloadedError";
}
/** The server is starting or stopping, or lacks something that it needs. */
declare class UnavailableError extends ApiError {
  readonly name = "UnavailableError";
}
/** The server ended the request since its time was over. */
declare class DeadlineError extends ApiError {
  readonly name = "DeadlineError";
}
/** The server failed. */
declare class ServerError extends ApiError {
  readonly name = "ServerError";
}
/** The vector of a it is kept. */
interface QueryVector {
  /** Base64 of its little-endian float32 numbers, which is how it is sent again. */
  readonly vector: string;
  /** Of the model that made it, where the server told; it is not compared with vectors of another. */
  readonly fingerprint?: string | undefined;
}
/** Keeps vectors of queries beyond the life of a client; see `fileVectorStore` and `indexedDbVectorStore`. */
interface VectorStore {
  /** What was kept, the least recently used first. */
  load(): Promise<Iterable<readonly [key: string, vector: QueryVector]>>;
  /** Replaces what was kept. */
  save(entries: Iterable<readonly [key: string, vector: QueryVector]>): Promise<void>;
}
/** How the vectors of queries are kept. */
interface QueryVectorOptions {
  /** Bytes that they may take, 16 MiB by default (some 7,000 vectors of 384 numbers); 0 keeps none. */
  maxBytes?: number | undefined;
  /** Where they are kept beyond the life of the client; nowhere by default. */
  store?: VectorStore | undefined;
}
/** How the vectors of queries were used. */
interface QueryVectorStatistics {
  entries: number;
  bytes: number;
  /** Look-ups that found a vector. */
  hits: number;
  /** Look-ups that did not. */
  misses: number;
  /** Look-ups that waited for a vector that somebody else had asked for. */
  shared: number;
}
/** The results of a they change; made for React's `useSyncExternalStore` and for `for await`. */
interface Live<R> extends AsyncIterable<R> {
  /** Calls a listener at each change; gives what ends that. The results are long as there are listeners. */
  subscribe(listener: () => void): () => void;
  /** The newest results; undefined until there are any. */
  getSnapshot(): R | undefined;
  /** Why there are no newer results; undefined while there is nothing in the way. */
  readonly error: Error | undefined;
}
/** How vectors are compared; a score is always "higher is better". */
type Metric = 'cosine' | 'euclidean' | 'inner_product';
/** How a search by similarity goes. */
interface SimilarityOptions {
  /** Least similarity, inclusive. */
  threshold?: number | undefined;
  /** How vectors are compared, if the column says. */
  metric?: Metric | undefined;
  /** Effort of a search in a graph. */
  ef?: number | undefined;
  /** Effort of a search in lists. */
  probes?: number | undefined;
  /** Compares all rows in full precision. */
  exact?: boolean | undefined;
  /** Searches by words too, in columns that have a text index. */
  hybrid?: {
    columns: readonly string[];
    weights?: {
      similarity?: number;
      text?: number;
    } | undefined;
  } | undefined;
  /** Chooses rows that are also unlike one another. */
  mmr?: {
    lambda?: number;
    candidates?: number;
  } | undefined;
  /** Finds the best rows (1 by default) of each value of a field; limit and offset then count values. */
  group?: {
    by: string;
    size?: number;
  } | undefined;
  /** What the text is for, if not a query; models that were trained with prompts put theirs before it. */
  inputType?: 'query' | 'document' | undefined;
}
/** A row that was found. */
interface SearchResult<R = AnyRow> {
  data: R;
  score?: number;
  /** Of a hybrid search: the row's place among the similar rows and among those with the words, 1 for the best. */
  ranks?: {
    similarity: number | null;
    text: number | null;
  };
  /** Of a hybrid search: how similar it is. */
  similarity?: number | null;
  /** Of a hybrid search: how well its words fit. */
  textScore?: number | null;
  /** Of a search by groups: the value of the field. */
  group?: unknown;
}
/** How a search went. */
interface SearchInfo {
  /** Milliseconds that the server took. */
  readonly milliseconds: number;
  /** The vector that was searched with. */
  readonly queryVector: Float32Array;
  /** With `explain`: what the server did. */
  readonly explanation: Explanation | undefined;
}
/** What the server did in a search; docs/search.md explains it. */
interface Explanation {
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
type SearchResults<R = AnyRow> = SearchResult<R>[] & {
  readonly info: SearchInfo;
};
/** A search that is put together step by step. Each step gives a new one; it runs when it is awaited or executed. */
declare class SearchBuilder<T = AnyRow, R = Row<T>> implements PromiseLike<SearchResults<R>> {
  #private;
  /** Searches the vectors of this column. */
  inColumn(column: VectorColumn<T>): SearchBuilder<T, R>;
  /** Finds only rows that satisfy this condition too. */
  where(condition: Condition<T>): SearchBuilder<T, R>;
  /** Finds only rows that satisfy this text too, in which each `?` stands for one of the parameters. */
  where(condition: string, ...params: unknown[]): SearchBuilder<T, R>;
  /** Finds only rows that are at least so similar. */
  threshold(min: number): SearchBuilder<T, R>;
  /** Finds at most so many rows: 1 to 1,000, 10 by default. */
  limit(n: number): SearchBuilder<T, R>;
  /** Passes over so many of the best rows. */
  offset(n: number): SearchBuilder<T, R>;
  /** Reads only these columns. */
  select<const S extends readonly ('*' | Path<T>)[]>(...columns: S): SearchBuilder<T, Selected<T, S[number]>>;
  /** Whether results show their score; they do unless switched off. */
  includeScore(include?: boolean): SearchBuilder<T, R>;
  /** Reads vectors too. */
  includeVectors(): SearchBuilder<T, R & { [K in VectorColumn<T>]: Float32Array | null }>;
  /** How the search goes. */
  using(options: SimilarityOptions): SearchBuilder<T, R>;
  /** Has the answer's `info` say how the rows were found. */
  explain(): SearchBuilder<T, R>;
  /** How the call is made. */
  with(options: RequestOptions): SearchBuilder<T, R>;
  /** Runs the search. */
  execute(options?: RequestOptions): Promise<SearchResults<R>>;
  /** Runs it when it is awaited. */
  then<A = SearchResults<R>, B = never>(onFulfilled?: ((results: SearchResults<R>) => A | PromiseLike<A>) | null, onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): PromiseLike<A | B>;
}
/** A readable account of how a query goes, which names the index that serves it. */
interface QueryPlan {
  readonly plan: readonly string[];
  toString(): string;
}
/** How many rows have the same values. */
interface Group<R> {
  values: R;
  count: number;
}
/** What rows are compared with: a text, a vector, or the row of a key. */
type Sought = string | Float32Array | {
  like: string | number | bigint;
};
/** A query that is put together step by step. Each step gives a new one; it runs when it is awaited or ends in a verb such as `first`. */
declare class Query<T = AnyRow, R = Row<T>> implements PromiseLike<R[]> {
  #private;
  /** Reads these columns, places in JSON columns and expressions; `'*'` is all columns but vectors. */
  select<const S extends readonly Selection<T>[]>(...columns: S): Query<T, Selected<T, S[number]>>;
  /** Finds only rows that satisfy this condition too. */
  where(condition: Condition<T>): Query<T, R>;
  /** Finds only rows that satisfy this text too, in which each `?` stands for one of the parameters. */
  where(condition: string, ...params: unknown[]): Query<T, R>;
  /** Sorts by a column, a place in a JSON column, `similarity_score`, or similarity to something. Of several, the first goes first. */
  orderBy(column: ScalarPath<T> | 'similarity_score' | Similarity, direction?: 'asc' | 'desc'): Query<T, R>;
  /** Finds at most so many rows. */
  limit(n: number): Query<T, R>;
  /** Passes over so many rows. */
  offset(n: number): Query<T, R>;
  /** Finds the rows that are most similar to a text, a vector or the row of a key, best first, and adds their `similarity_score`; 100 without a limit. */
  similaritySearch(query: Sought, column: VectorColumn<T>, options?: SimilarityOptions): Query<T, R & {
    similarity_score: number;
  }>;
  /** Finds only rows that are at least so similar. */
  threshold(min: number): Query<T, R>;
  /** Reads equal rows once. */
  distinct(): Query<T, R>;
  /** Reads vectors too. */
  includeVectors(): Query<T, R & { [K in VectorColumn<T>]: Float32Array | null }>;
  /** Reads the number of the commit that wrote a row last, and its time. */
  includeMeta(): Query<T, R & {
    version: number;
    changed_at: string;
  }>;
  /** How the call is made. */
  with(options: RequestOptions): Query<T, R>;
  /** All rows; as the limit says, if there is one. */
  collect(options?: RequestOptions): Promise<R[]>;
  /** The first row; null if there is none. */
  first(options?: RequestOptions): Promise<R | null>;
  /** The rows one by they come. The server stops when the loop is left; a failure in the middle ends the loop with its error. */
  stream(options?: RequestOptions): AsyncGenerator<R, void, undefined>;
  /** The rows in pages of at most so many (10,000 at most). Each page is a request of its own, which is tried again if it fails. */
  pages(size?: number, options?: RequestOptions): AsyncGenerator<R[], void, undefined>;
  /** How many rows satisfy the conditions, whatever the limit. */
  count(options?: RequestOptions): Promise<number>;
  /** How many rows have each combination of values of these columns, the most frequent first. */
  groupBy<P extends Path<T>>(...columns: P[]): Promise<Group<Selected<T, P>>[]>;
  /** How the query would go. */
  explain(options?: RequestOptions): Promise<QueryPlan>;
  /** Runs it when it is awaited. */
  then<A = R[], B = never>(onFulfilled?: ((rows: R[]) => A | PromiseLike<A>) | null, onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): PromiseLike<A | B>;
}
/** Types of columns. */
type ColumnKind = 'string' | 'int' | 'float' | 'bool' | 'timestamp' | 'json' | 'embedding';
/** A column of a table. */
interface ColumnInfo {
  name: string;
  type: ColumnKind;
  required: boolean;
  unique: boolean;
  default: unknown;
  /** Length of the vectors of an embedding column. */
  dimensions?: number;
  metric?: Metric;
  computed?: {
    source: string;
    model: string;
    autoUpdate: boolean;
    cache: boolean;
  };
}
/** An index of a table. */
interface IndexInfo {
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
  recallHistory?: {
    at: string;
    recall: number;
  }[];
  /** Why it failed. */
  error?: string;
}
/** What a table is made of. */
interface TableInfo {
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
interface NewColumn {
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
interface NewTable {
  /** Columns by name, in their order; a type alone is a column that may be null. */
  columns: Record<string, NewColumn | ColumnKind>;
  /** A column of type string or int; without one the server numbers rows in a column `row_id`. */
  primaryKey?: string | undefined;
}
/** The tables of a server. */
declare class TablesClient<Tables = AnyTables> {
  #private;
  /** A table, without asking the server. */
  get<Name extends keyof Tables & string>(name: Name): Table<Tables[Name]>;
  get(name: string): Table<AnyRow>;
  /** All tables, and tables, the oldest first. */
  list(options?: RequestOptions): Promise<TableInfo[]>;
  describe(name: string, options?: RequestOptions): Promise<TableInfo>;
  create(name: string, {
    columns,
    primaryKey
  }: NewTable, options?: RequestOptions): Promise<TableInfo>;
  rename(name: string, to: string, options?: RequestOptions): Promise<TableInfo>;
  /** Drops a table and its rows. */
  drop(name: string, options?: RequestOptions): Promise<void>;
  /** Adds a column; rows that are there take its default. */
  addColumn(table: string, name: string, column: NewColumn | ColumnKind, options?: RequestOptions): Promise<TableInfo>;
  renameColumn(table: string, name: string, to: string, options?: RequestOptions): Promise<TableInfo>;
  /** Drops a column with its values. */
  dropColumn(table: string, name: string, options?: RequestOptions): Promise<TableInfo>;
}
/** How rows are written. */
interface WriteOptions extends RequestOptions {
  /** Whether the call ends when computed columns are filled too (`sync`, the default), or when the rows are durable. */
  embed?: 'sync' | 'async' | undefined;
}
/** How rows are inserted. */
interface InsertOptions extends WriteOptions {
  /** What happens to rows whose key is there: the insert fails (`error`, the default), or they are replaced, or passed over. */
  onConflict?: 'error' | 'replace' | 'ignore' | undefined;
}
/** What an insert did. */
interface InsertResult {
  inserted: number;
  /** Rows that replaced others. */
  updated: number;
  /** Rows that were passed over. */
  ignored: number;
  /** The number of the commit. */
  version: number;
}
/** What an update did. */
interface UpdateResult {
  updated: number;
  version: number;
}
/** How rows are changed, each to values of its own. */
interface UpdateRowsOptions extends WriteOptions {
  /** What happens if a row is not there: the update fails (`error`, the default), or the row is passed over. */
  ifMissing?: 'error' | 'ignore' | undefined;
}
/** What an update of rows, each to values of its own, did. */
interface UpdateRowsResult extends UpdateResult {
  /** Rows that are not there. */
  missing: number;
}
/** What a deletion did. */
interface DeleteResult {
  deleted: number;
  version: number;
}
/** How a row is read. */
interface GetOptions extends RequestOptions {
  includeVectors?: boolean | undefined;
  /** Whether it shows its `version` and `changed_at`. */
  includeMeta?: boolean | undefined;
}
/** What a map of vectors is made of. */
interface ProjectionOptions<T = AnyRow> extends RequestOptions {
  /** The embedding column; the first one unless said. */
  column?: VectorColumn<T> | undefined;
  /** A column of single values that points show, for their colour. */
  by?: (keyof T & string) | undefined;
  /** 1 to 10,000 points, 2,000 by default; fewer where vectors are longer than 400 numbers. */
  limit?: number | undefined;
}
/** points of a plane. */
interface Projection {
  column: string;
  /** Of the table. */
  version: number;
  /** Of the table, of which the points are a sample. */
  rows: number;
  /** A vector lies at its distance from the mean along each direction; undefined without vectors. `explained` are shares of all variance. */
  plane?: {
    mean: number[];
    first: number[];
    second: number[];
    explained: number[];
  };
  points: {
    key: RowKey;
    x: number;
    y: number;
    by?: string | number | boolean;
  }[];
}
/** The primary key of a row. */
type RowKey = string | number | bigint;
/** A table. Making one asks the server nothing. */
declare class Table<T = AnyRow> {
  #private;
  readonly name: string;
  /** References to the columns, which conditions are made of. */
  readonly columns: Columns<T>;
  /** All rows, to be narrowed. */
  query(): Query<T>;
  /** Reads these columns, places in JSON columns and expressions; `'*'` is all columns but vectors. */
  select<const S extends readonly Selection<T>[]>(...selection: S): Query<T, Selected<T, S[number]>>;
  /** Finds rows that satisfy a condition. */
  where(condition: Condition<T>): Query<T>;
  /** Finds rows that satisfy a text in which each `?` stands for one of the parameters. */
  where(condition: string, ...params: unknown[]): Query<T>;
  /** All rows in an order. */
  orderBy(column: ScalarPath<T> | Similarity, direction?: 'asc' | 'desc'): Query<T>;
  /** At most so many rows. */
  limit(n: number): Query<T>;
  /** All rows but so many. */
  offset(n: number): Query<T>;
  /** The rows that are most similar to a text or a vector, best first, with their `similarity_score`. */
  similaritySearch(query: Sought, column: VectorColumn<T>, options?: SimilarityOptions): Query<T, Row<T> & {
    similarity_score: number;
  }>;
  /** A search by similarity to a text or a vector. */
  similarity(query: string | Float32Array): SearchBuilder<T>;
  /** A search by similarity to the row of this key, which is not among the answer. */
  like(key: RowKey): SearchBuilder<T>;
  /** How many rows there are. */
  count(options?: RequestOptions): Promise<number>;
  /** What the table is made of. */
  describe(options?: RequestOptions): Promise<TableInfo>;
  /** Vectors of a sample of the points of the plane in which they differ most, for a drawing. */
  projection({
    column,
    by,
    limit,
    ...options
  }?: ProjectionOptions<T>): Promise<Projection>;
  /** The row of a key; null if there is none. */
  get(key: RowKey, options: GetOptions & {
    includeVectors: true;
  }): Promise<FullRow<T> | null>;
  get(key: RowKey, options?: GetOptions): Promise<Row<T> | null>;
  /** Inserts up to 10,000 rows, all or none. */
  insert(rows: readonly Insertable<T>[], {
    onConflict,
    embed,
    ...options
  }?: InsertOptions): Promise<InsertResult>;
  /**
   * Inserts any number of rows, as the server takes them: rows are only asked for when it has room. Each batch is kept whole
   * or not at all; when one fails, the error says how many rows before it are kept.
   */
  import(rows: AsyncIterable<Insertable<T>> | Iterable<Insertable<T>>, options?: ImportOptions): Promise<ImportResult>;
  /** Changes the rows that satisfy a condition; `[]` is all. */
  update(where: Condition<T> | string, values: Updateable<T>, how?: WriteOptions): Promise<UpdateResult>;
  /** Changes up to 10,000 rows, all or none: of each, its primary key and the values that change. */
  updateRows(rows: readonly UpdatedRow<T>[], {
    ifMissing,
    ...how
  }?: UpdateRowsOptions): Promise<UpdateRowsResult>;
  /** Changes the row of a key. */
  updateByKey(key: RowKey, values: Updateable<T>, how?: WriteOptions): Promise<UpdateResult>;
  /** Deletes the rows that satisfy a condition; `[]` is all. */
  delete(where: Condition<T> | string, options?: RequestOptions): Promise<DeleteResult>;
  /** Deletes the row of a key. */
  deleteByKey(key: RowKey, options?: RequestOptions): Promise<DeleteResult>;
}
/** How far an import is. */
interface ImportProgress {
  /** Rows of all batches that are kept. */
  rows: number;
  inserted: number;
  updated: number;
  ignored: number;
  batches: number;
}
/** What an import did. */
type ImportResult = ImportProgress;
/** How rows are imported. */
interface ImportOptions extends InsertOptions {
  /** Rows in a batch, 1 to 10,000; 2,000 by default. A batch also ends at about 4 MB. */
  batch?: number | undefined;
  /** Batches that are on their way at once, 2 by default. Only with 1 are rows inserted in the order in which they come. */
  concurrency?: number | undefined;
  /** Told after each batch. */
  onProgress?: ((progress: ImportProgress) => void) | undefined;
}
/** An import that failed; what was done before is kept, and told by `progress`. The cause says why. */
declare class ImportError extends AkidbError {
  readonly progress: ImportProgress;
  readonly name = "ImportError";
  constructor(progress: ImportProgress, cause: unknown);
}
/** A collection of documents. */
interface CollectionInfo {
  id: string;
  name: string;
  dimension: number;
  metric: Metric;
  model: string;
  /** Equal where the same text gives the same vector; null until the model is loaded. */
  modelFingerprint: string | null;
  documentCount: number;
  createdAt: string;
}
/** A collection to make. */
interface NewCollection {
  name: string;
  /** Length of its vectors; the model's if left out. */
  dimension?: number | undefined;
  metric?: Metric | undefined;
  /** The model that embeds its texts; the server's default if left out. */
  model?: string | undefined;
  /** Whether its texts are indexed by words from the beginning, for hybrid searches. */
  textIndex?: boolean | undefined;
}
/** Whether the texts of a collection can be searched by words. */
interface TextIndexInfo {
  textIndex: boolean;
  state: 'building' | 'ready' | 'failed' | null;
}
/** A document to insert. */
interface NewDocument<M = unknown> {
  text: string;
  /** Made if left out. */
  id?: string | undefined;
  /** Made from the text if left out. */
  vector?: Float32Array | readonly number[] | undefined;
  metadata?: M | undefined;
}
/** A document. */
interface Document<M = any> {
  id: string;
  text: string;
  metadata: M;
  vector?: Float32Array;
}
/** A document that was inserted. */
interface InsertedDocument {
  id: string;
  /** Whether the server made the vector. */
  vectorGenerated: boolean;
}
/** How documents are inserted. */
interface InsertDocumentOptions extends RequestOptions {
  /** What happens to documents whose id is there: they are replaced (`upsert`, the default), or the insert fails. */
  onConflict?: 'upsert' | 'error' | undefined;
}
/** A condition on documents: clauses on `id`, `text` or paths into the metadata such as `metadata.area`, or a text. */
type DocumentFilter = WhereClause | readonly WhereClause[] | Predicate | string;
/** Documents that a filter or their ids choose; an empty filter is all. */
type DocumentChoice = {
  filter: DocumentFilter;
  ids?: undefined;
} | {
  ids: readonly string[];
  filter?: undefined;
};
/** How documents are imported. */
interface ImportDocumentOptions extends InsertDocumentOptions {
  /** Documents in a batch, 1 to 1,000; 500 by default. */
  batch?: number | undefined;
  /** Batches that are on their way at once, 2 by default. */
  concurrency?: number | undefined;
  /** Told after each batch. */
  onProgress?: ((progress: ImportProgress) => void) | undefined;
}
/** How documents are searched. */
interface DocumentSearchOptions extends Omit<SimilarityOptions, 'hybrid'>, RequestOptions {
  /** At most so many, 1 to 1,000; 10 by default. */
  limit?: number | undefined;
  offset?: number | undefined;
  /** Only documents that satisfy this. */
  filter?: DocumentFilter | undefined;
  /** Searches by words too, for which the collection needs a text index. */
  hybrid?: boolean | {
    weights?: {
      similarity?: number;
      text?: number;
    };
  } | undefined;
  includeVectors?: boolean | undefined;
  includeMetadata?: boolean | undefined;
  explain?: boolean | undefined;
}
/** A document that was found. */
interface DocumentHit<M = any> extends Document<M>, Pick<SearchResult, 'ranks' | 'similarity' | 'textScore' | 'group'> {
  score: number;
}
/** The documents that were found, best first. */
type DocumentHits<M = any> = DocumentHit<M>[] & {
  readonly info: {
    readonly milliseconds: number;
    readonly explanation: Explanation | undefined;
  };
};
/** The collections of a server. */
declare class CollectionsClient {
  #private;
  /** A collection by its name or id, without asking the server. `M` is what its documents have for metadata. */
  get<M = any>(name: string): Collection<M>;
  list(options?: RequestOptions): Promise<CollectionInfo[]>;
  create(collection: NewCollection, options?: RequestOptions): Promise<CollectionInfo>;
  /** Deletes a collection and its documents. */
  drop(name: string, options?: RequestOptions): Promise<void>;
}
/** A collection. Making one asks the server nothing. */
declare class Collection<M = any> {
  #private;
  readonly name: string;
  describe(options?: RequestOptions): Promise<CollectionInfo>;
  /** Inserts a document, or up to 1,000, all or none. They can be found when this ends. */
  insert(document: NewDocument<M>, options?: InsertDocumentOptions): Promise<InsertedDocument>;
  insert(documents: readonly NewDocument<M>[], options?: InsertDocumentOptions): Promise<InsertedDocument[]>;
  /** The document of an id; null if there is none. */
  get(id: string, {
    includeVector,
    ...options
  }?: RequestOptions & {
    includeVector?: boolean;
  }): Promise<Document<M> | null>;
  /** The documents of these ids in their order, those that are not there left out. */
  getMany(ids: readonly string[], {
    includeVectors,
    ...options
  }?: RequestOptions & {
    includeVectors?: boolean;
  }): Promise<Document<M>[]>;
  /** How many documents there are, or how many satisfy a condition. */
  count(condition?: DocumentFilter, options?: RequestOptions): Promise<number>;
  /** Brings in any number of documents, as the server takes them: they are only asked for when it has room. */
  import(documents: AsyncIterable<NewDocument<M>> | Iterable<NewDocument<M>>, options?: ImportDocumentOptions): Promise<ImportResult>;
  /** Changes the document of an id; what is not named stays. A new text is embedded, unless a vector comes with it. */
  update(id: string, change: {
    text?: string;
    vector?: Float32Array | readonly number[];
    metadata?: M;
  }, options?: RequestOptions): Promise<number>;
  /** Gives documents other metadata, all in one commit; tells how many. */
  updateAll(choice: DocumentChoice, metadata: M, options?: RequestOptions): Promise<number>;
  /** Deletes the document of an id. */
  delete(id: string, options?: RequestOptions): Promise<void>;
  /** Deletes documents, all in one commit; tells how many there were. */
  deleteAll(choice: DocumentChoice, options?: RequestOptions): Promise<number>;
  /** All documents in the order of their insertion, or those that satisfy a condition, asked for page by page. */
  documents({
    filter: condition,
    includeVectors,
    pageSize,
    ...options
  }?: RequestOptions & {
    filter?: DocumentFilter;
    includeVectors?: boolean;
    pageSize?: number;
  }): AsyncGenerator<Document<M>, void, undefined>;
  /** The documents nearest to a text, a vector or the document of an id, best first. */
  search(query: string | Float32Array | readonly number[] | {
    like: string;
  }, options?: DocumentSearchOptions): Promise<DocumentHits<M>>;
  /** Whether the texts can be searched by words. */
  textIndex(options?: RequestOptions): Promise<TextIndexInfo>;
  /** Makes the index of words that hybrid searches need, unless it is there, and waits until it is built. */
  createTextIndex(options?: RequestOptions): Promise<TextIndexInfo>;
  /** Drops the index of words, if it is there. */
  dropTextIndex(options?: RequestOptions): Promise<TextIndexInfo>;
}
/** A column of embeddings to make. */
interface NewEmbeddingColumn {
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
interface EmbeddingColumnInfo {
  columnName: string;
  type: 'embedding';
  dimensions: number;
  model: string;
  source: string;
}
/** How many cells are in which state. */
interface CellCounts {
  ready: number;
  pending: number;
  failed: number;
  /** Nothing to embed. */
  empty: number;
}
/** A computed column and how far it is filled. */
interface ComputedColumn extends EmbeddingColumnInfo {
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
  failedCells?: {
    key: string;
    error: string;
  }[];
  /** Where the next page of failed cells begins. */
  nextFailed?: number | null;
}
/** What has become of the cells that a refresh computed anew. */
interface RefreshResult {
  /** Have a vector of now. */
  refreshed: number;
  failed: number;
  /** Had nothing to embed, or their rows changed on the way. */
  skipped: number;
  /** Are still to be computed, in the background. */
  pending: number;
}
/** Whether to wait for the vectors, which is the default. */
interface RefreshOptions extends RequestOptions {
  wait?: boolean | undefined;
}
/** Columns that the server computes. */
declare class ComputedColumnsClient {
  #private;
  /** Adds a column of embeddings of a text column. Rows that are there are filled in the background: see {@link progress}. */
  createEmbeddingColumn(table: string, config: NewEmbeddingColumn, options?: RequestOptions): Promise<EmbeddingColumnInfo>;
  listComputedColumns(table: string, options?: RequestOptions): Promise<ComputedColumn[]>;
  /** A column with the cells that failed: at most `failedLimit` (999 at most) from `failedAfter` on. */
  get(table: string, column: string, {
    failedAfter,
    failedLimit,
    ...options
  }?: RequestOptions & {
    failedAfter?: number;
    failedLimit?: number;
  }): Promise<ComputedColumn>;
  /** Has cells computed anew, of all rows or of those that satisfy a condition; they keep their vectors until then. */
  refreshEmbeddings(table: string, column: string, where?: WhereClause | readonly WhereClause[] | string, {
    wait,
    ...options
  }?: RefreshOptions): Promise<RefreshResult>;
  /** Has cells that failed computed again. */
  retry(table: string, column: string, {
    wait,
    ...options
  }?: RefreshOptions): Promise<RefreshResult & {
    retried: number;
  }>;
  /** Stops the filling, also after a restart of the server. */
  pause(table: string, column: string, options?: RequestOptions): Promise<ComputedColumn>;
  /** Goes on with the filling. */
  resume(table: string, column: string, options?: RequestOptions): Promise<ComputedColumn>;
  /** Changes the model or a setting. Searches go on with the old vectors until all new ones are there. */
  change(table: string, column: string, {
    model,
    autoUpdate,
    cache
  }: {
    model?: string;
    autoUpdate?: boolean;
    cache?: boolean;
  }, options?: RequestOptions): Promise<ComputedColumn>;
  /** Gives a change of the model up. */
  cancelChange(table: string, column: string, options?: RequestOptions): Promise<ComputedColumn>;
  /**
   * The column each time it got further, until nothing is left to do: it is ready, or paused, or its change is blocked. Asks every
   * 0.1 s at first, then more seldom, at most every 2 s.
   */
  progress(table: string, column: string, options?: RequestOptions): AsyncGenerator<ComputedColumn, void, undefined>;
  /** Waits until nothing is left to do. */
  wait(table: string, column: string, options?: RequestOptions): Promise<ComputedColumn>;
}
/** A model that embeds. */
interface EmbeddingModel {
  id: string;
  dimensions: number;
  type: 'sentence' | 'document';
  /** Whether its files are on the server's machine. */
  cached: boolean;
}
/** How texts are embedded. */
interface GenerateOptions extends RequestOptions {
  /** Whether vectors have the L2 norm 1; true by default. */
  normalize?: boolean | undefined;
  /** Whether vectors are looked up and kept, here and at the server; true by default. */
  cache?: boolean | undefined;
}
/** How texts are embedded where models differ. */
interface EmbedOptions extends RequestOptions {
  /** Id or alias of a model; the server's default if left out. */
  model?: string | undefined;
  pooling?: 'mean' | 'cls' | 'last' | undefined;
  normalize?: boolean | undefined;
  /** Cuts vectors to this length; only of models that support it. */
  dimensions?: number | undefined;
  /** Adds the model's own prompt of queries or documents. */
  inputType?: 'query' | 'document' | undefined;
  /** Whether longer texts are cut to what the model takes; false refuses them. */
  truncate?: boolean | undefined;
}
/** Vectors, and what making them took. */
interface Embedded {
  embeddings: Float32Array[];
  model: string;
  dimension: number;
  usage: {
    totalTokens: number;
    durationMs: number;
  };
  /** Indexes of the texts that were cut. */
  truncated: number[];
}
/** Text to vectors. */
declare class EmbeddingsClient {
  #private;
  /** The vector of a text, or the vectors of several in their order. A text that was embedded before costs no request. */
  generate(text: string, model?: string, options?: GenerateOptions): Promise<Float32Array>;
  generate(texts: readonly string[], model?: string, options?: GenerateOptions): Promise<Float32Array[]>;
  /** The vector of a text. */
  generateEmbedding(text: string, model?: string, options?: GenerateOptions): Promise<Float32Array>;
  /** The vectors of texts in their order, however many there are. */
  generateEmbeddings(texts: readonly string[], model?: string, options?: GenerateOptions): Promise<Float32Array[]>;
  /** The vectors of texts with all that models differ in; nothing of it is kept here. */
  embed(texts: readonly string[], {
    inputType,
    model,
    pooling,
    normalize,
    dimensions,
    truncate,
    ...options
  }?: EmbedOptions): Promise<Embedded>;
  /** The models, the default first. */
  listModels(options?: RequestOptions): Promise<EmbeddingModel[]>;
  /** Has a model loaded before it is first needed. It is loaded when this ends. */
  preloadModel(modelId: string, options?: RequestOptions): Promise<void>;
  /** Forgets the vectors that this client keeps; with `server`, those that the server keeps too. */
  clearCache({
    server,
    ...options
  }?: RequestOptions & {
    server?: boolean;
  }): Promise<void>;
}
/** An index of an embedding column to make; docs/INDEX-GUIDE.md says when. */
type NewVectorIndex = {
  column: string;
  method: 'hnsw';
  metric: Metric;
  parameters?: {
    m?: number;
    efConstruction?: number;
    ef?: number;
  } | undefined;
} | {
  column: string;
  method: 'ivfflat';
  metric: Metric;
  parameters?: {
    lists?: number;
    probes?: number;
  } | undefined;
};
/** An index that was made; it is built in the background. */
interface CreatedIndex {
  indexName: string;
  column: string;
  method: IndexInfo['method'];
  status: IndexInfo['status'];
}
/** Indexes of tables. */
declare class IndexesClient {
  #private;
  /** Indexes an embedding column. */
  createVectorIndex(table: string, index: NewVectorIndex, options?: RequestOptions): Promise<CreatedIndex>;
  /** Indexes scalar columns, for queries that filter on them or are ordered by them. */
  createOrderedIndex(table: string, columns: readonly string[], options?: RequestOptions): Promise<CreatedIndex>;
  /** Indexes the words of string columns, for hybrid searches. */
  createTextIndex(table: string, columns: readonly string[], options?: RequestOptions): Promise<CreatedIndex>;
  list(table: string, options?: RequestOptions): Promise<IndexInfo[]>;
  get(table: string, index: string, options?: RequestOptions): Promise<IndexInfo>;
  /** Builds an index anew; the old one serves until then. */
  rebuild(table: string, index: string, options?: RequestOptions): Promise<IndexInfo>;
  /** Drops an index; searches go on without it. */
  drop(table: string, index: string, options?: RequestOptions): Promise<void>;
  /** Waits until an index is built, or has failed. */
  wait(table: string, index: string, options?: RequestOptions): Promise<IndexInfo>;
}
/** What of a table or a collection may be seen and changed. */
interface TableRights {
  /** The columns, beside the primary key; all if left out. */
  columns?: readonly string[] | undefined;
  /** There are only rows that satisfy this by their own values, before and after writes; all if left out. */
  where?: Condition<AnyRow> | undefined;
}
/** The tables and collections that may be seen, by name; `{}` of one is all of it. */
type Rights = Readonly<Record<string, TableRights>>;
/** A token to make. */
interface NewToken {
  /** Whom it is for, the id of a person: replicas and limits belong to the subject, not to one token. */
  subject: string;
  /** Seconds until it ends, an hour if left out; at most the server's `akidb.security.tokens.max-lifetime`. */
  expiresIn?: number | undefined;
  /** What it may do, of what the client's key may; `read` if left out. */
  scopes?: readonly ('read' | 'write')[] | undefined;
  /** What it may see, of what the client's key may; all of that if left out. */
  tables?: Rights | undefined;
}
/** A token that was made. */
interface Token {
  /** The `apiKey` of the client that it is for. It is shown this once. */
  token: string;
  expiresAt: string;
  /** The API key with which it ends. */
  keyId: string;
}
/** Short-lived tokens for people's browsers and apps, which an application's backend makes with its API key. */
declare class TokensClient {
  #private;
  /** Makes a token, which never may more than the client's own key does when it is used. */
  create({
    subject,
    expiresIn,
    scopes,
    tables
  }: NewToken, options?: RequestOptions): Promise<Token>;
}
/** What a key may be used for. */
type Scope = 'read' | 'write' | 'admin';
/** Who the server takes a client for. */
interface Caller {
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
interface KeyInfo {
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
interface AuditEntry {
  time: string;
  operation: string;
  /** The status that it was answered with. */
  outcome: string;
  requestId?: string;
  keyId?: string;
  /** The name of the key. */
  key?: string;
  /** What was changed, the name of a table. */
  target?: string;
  /** How many rows or documents. */
  items?: number;
  /** Why it was refused. */
  code?: string;
  /** From where it was refused. */
  address?: string;
}
/** The end of the log of who changed what. */
interface AuditLog {
  /** Whether the server keeps such a log now. */
  on: boolean;
  /** The newest first. */
  entries: AuditEntry[];
}
/** Which part of the log is asked for. */
interface AuditOptions extends RequestOptions {
  /** At most so many entries, 1 to 1,000; 100 by default. */
  limit?: number | undefined;
  /** Changes that were refused, instead of those that were made; false by default. */
  refused?: boolean | undefined;
}
/** How often the rows of a table or a collection were asked for. */
interface TableTraffic {
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
interface Verification extends Run {
  /** What is being read now. */
  step?: string;
  /** What is wrong, at most 1,000 things; there when it is complete. */
  problems?: FileProblem[];
}
/** Something wrong with one of the server's files. */
interface FileProblem {
  file: string;
  what: string;
  /** Whether the server mends it by itself at its next start. */
  harmless: boolean;
}
/** A giving back of what the database does not use. */
interface Compaction extends Run {
  /** What the database took when it began, its log included. */
  bytesBefore: number;
  /** What it takes now. */
  bytes: number;
  /** What of it holds nothing. */
  freeBytes: number;
}
/** How a verification or a compaction is waited for. `timeout` is of each request; a `signal` ends the waiting, not what is waited for. */
interface RunOptions<R> extends RequestOptions {
  /** Whether to wait for its end, which is the default. */
  wait?: boolean | undefined;
  /** Told how it goes on, each time that it got further. */
  onProgress?: ((now: R) => void) | undefined;
}
/** A name in SQL, which is quoted; made by {@link identifier}. */
declare class Identifier {
  readonly name: string;
}
/** A part of a select: its text with a `?` for each of its values. */
declare class SqlFragment {
  readonly query: string;
  readonly params: readonly unknown[];
}
/**
 * A part of a select. What stands in `${}` is a value, never SQL, unless it is a fragment or an
 * {@link identifier} itself.
 */
declare function sql(strings: TemplateStringsArray, ...values: unknown[]): SqlFragment;
/** A name of a table or a column that is not known when the program is written. */
declare function identifier(name: string): Identifier;
/** Fragments or values one after the other. */
declare function join(parts: readonly unknown[], separator?: string): SqlFragment;
/** A select over tables and collections; it runs when it is awaited. Writes go through tables. */
declare class SqlQuery<R = AnyRow> implements PromiseLike<R[]> {
  #private;
  /** How the call is made. */
  with(options: RequestOptions): SqlQuery<R>;
  /** All rows by the names of their columns; of two columns of one name, the last counts. */
  collect(): Promise<R[]>;
  /** The first row; null if there is none. */
  first(): Promise<R | null>;
  /** All arrays, beside the names of their columns. Vectors are `Float32Array`. */
  table(): Promise<{
    columns: string[];
    rows: unknown[][];
  }>;
  /** The way that it would go; only what a vector index answers is run for that. */
  explain(): Promise<string[]>;
  /** Runs it when it is awaited. */
  then<A = R[], B = never>(onFulfilled?: ((rows: R[]) => A | PromiseLike<A>) | null, onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): PromiseLike<A | B>;
}
/** A write that the server has not confirmed yet. */
interface Mutation {
  /** Counted from 1 without gaps. */
  readonly id: number;
  readonly name: 'insert' | 'update' | 'delete';
  readonly args: MutationArgs;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}
/** What is written. */
interface MutationArgs {
  readonly table: string;
  /** Of an insert. */
  readonly rows?: readonly Record<string, unknown>[];
  readonly onConflict?: 'error' | 'replace' | 'ignore';
  /** Of an update or deletion. */
  readonly key?: string | number;
  readonly values?: Record<string, unknown>;
  readonly ifVersion?: number;
}
/** A it came: its key on the wire, and JSON of what the server said about it. */
type KeptRow = readonly [key: string, json: string];
/** All that a store keeps. */
interface Kept {
  /** JSON; undefined if nothing was ever kept. */
  readonly state: string | undefined;
  readonly rows: Iterable<KeptRow>;
  readonly outbox: readonly Mutation[];
}
/** Changes that are kept all or not at all. */
interface StoreChange {
  readonly state?: string;
  /** Beginnings of keys; rows of these keys go before others are put. The empty string is all. */
  readonly clear?: readonly string[];
  readonly put?: readonly KeptRow[];
  readonly del?: readonly string[];
  /** Mutations up to this id leave the outbox. */
  readonly done?: number;
  /** What the outbox becomes, whatever it held. */
  readonly outbox?: readonly Mutation[];
}
/** Where a replica is kept beyond the life of the program. */
interface SyncStore {
  load(): Promise<Kept>;
  /** Keeps changes; durable when this ends. */
  write(change: StoreChange): Promise<void>;
  /** Numbers mutations and keeps them; durable when this ends. */
  append(mutations: readonly Omit<Mutation, 'id'>[]): Promise<Mutation[]>;
  /** Mutations in the order of their ids. */
  outbox(): Promise<readonly Mutation[]>;
  /** Bytes that it takes, where that can be told. */
  size?(): Promise<number | undefined>;
  close(): Promise<void>;
}
/** Keeps a replica in memory: it is loaded again when the program starts, and what was not sent by then is lost. */
declare function memoryStore(): SyncStore;
/** `offline`: the server was not reached last; `error`: it or the store refused. */
type SyncState = 'starting' | 'syncing' | 'synced' | 'offline' | 'error' | 'closed';
/** The store of a replica is full, or cannot be written; what was asked for was not done. */
declare class StorageError extends AkidbError {
  readonly name = "StorageError";
  constructor(message: string, cause?: unknown);
}
/** How a table is kept here. */
interface TableSubscription {
  table: string;
  /** All columns by default. The key always comes along. */
  columns?: readonly string[] | undefined;
  /** Only rows that satisfy this; queries of the table then know no others. */
  where?: unknown;
  /** Whether vectors bytes (`int8`, the default), or in full (`float32`), four large and with the server's very scores. */
  vectors?: 'int8' | 'float32' | undefined;
}
/** How a client synchronises. */
interface SyncOptions {
  /** The tables to keep here. Left out, a table is kept from its first use on, if it has no more than {@link maxRows} rows. */
  tables?: readonly (string | TableSubscription)[] | undefined;
  /** Rows of a table that is kept without having been named; 50,000 by default. */
  maxRows?: number | undefined;
  /** How vectors come, where a subscription does not say; `int8` by default. */
  vectors?: 'int8' | 'float32' | undefined;
  /** Where the replica is kept; by default IndexedDB in browsers, and memory elsewhere. */
  store?: SyncStore | Promise<SyncStore> | undefined;
  /** Tells replicas of one origin apart, those of several users; by default the server's address. */
  name?: string | undefined;
  /** Milliseconds after which a server that does not tell of news is asked for them again; 2,000 by default. */
  interval?: number | undefined;
  /** Models that embed here while the server cannot be reached, such as `onnxModel` of `@akidb/sdk/sync/onnx`. */
  localModel?: LocalModel | readonly LocalModel[] | undefined;
}
/** A write that the server refused. Its effect is gone from the replica. */
interface Refused {
  readonly id: number;
  readonly name: Mutation['name'];
  readonly args: MutationArgs;
  /** The server's code, such as `ALREADY_EXISTS` or `VERSION_CONFLICT`. */
  readonly code: string;
  readonly detail: string;
  readonly field?: string | undefined;
}
/** How a replica is. */
interface SyncStatus {
  readonly state: SyncState;
  /** Writes that the server has not confirmed. */
  readonly pending: number;
  /** When the replica was last equal to the server. */
  readonly syncedAt: Date | undefined;
  /** Why the last attempt failed. */
  readonly error: Error | undefined;
  /** Whether this program speaks with the server; others of the same replica go through it. */
  readonly leads: boolean;
  /** Rows by table, and whether all of them are here. */
  readonly tables: Readonly<Record<string, {
    readonly rows: number;
    readonly loaded: boolean;
  }>>;
}
/** What a replica tells of itself. */
interface SyncEvents {
  status: SyncStatus;
  /** Rows of these tables are others than before. */
  change: readonly string[];
  refused: Refused;
  /** Rows that came so far of a load that is under way. */
  progress: {
    readonly rows: number;
  };
  /** The replica was thrown away and comes anew; so many writes that were to be sent are kept, undefined if they are lost. */
  reset: {
    readonly reason: string;
    readonly saved: number | undefined;
  };
}
/** Keeps tables of the server here, answers calls about them, and sends what was written. */
declare class SyncEngine {
  #private;
  private constructor();
  /** How the replica is. */
  get status(): SyncStatus;
  /** Writes that the server refused lately, the newest last. */
  get refused(): readonly Refused[];
  /** Writes that the server has not confirmed, in their order. */
  get pending(): readonly Mutation[];
  /** Keeps a table here from now on; ends when all of it is here. */
  subscribe(subscription: string | TableSubscription): Promise<void>;
  /** Keeps a table here no longer. Writes that are on their way are still sent. */
  unsubscribe(table: string): Promise<void>;
  /**
   * Ends when the replica holds what the server has now, and the server all that was written here by now.
   *
   * @throws the reason of the signal if that comes first
   */
  synced({
    signal
  }?: {
    signal?: AbortSignal;
  }): Promise<void>;
  /** Ends when the local models can embed; at first their files have to come. Fails with why one cannot. */
  modelsReady(): Promise<void>;
  /** Forgets refused writes that were dealt with; without ids all. */
  dismiss(...ids: number[]): Promise<void>;
  /** Bytes that the replica takes: of vectors in memory, and in its store where that can be told. */
  storage(): Promise<{
    vectors: number;
    store: number | undefined;
  }>;
  /** Calls a listener at each event; gives what ends that. */
  on<E extends keyof SyncEvents>(event: E, listener: (value: SyncEvents[E]) => void): () => void;
  /**
   * The results of a they change, here or, of tables that are not kept here, at the server:
   * `useSyncExternalStore(live.subscribe, live.getSnapshot)` in React.
   */
  live<R>(query: Query<any, R>): Live<R[]>;
  live<R>(search: SearchBuilder<any, R>): Live<SearchResult<R>[]>;
  live<R>(query: PromiseLike<R>): Live<R>;
  /** Ends synchronising and lets go of the store. What was written and not sent is sent when the replica is opened again. */
  close(): Promise<void>;
}
/** How a client is set up. */
interface ClientOptions extends TransportOptions {
  /** How vectors of texts that were embedded or searched with are kept, so that asking again costs no request for them. */
  queryVectors?: QueryVectorOptions | undefined;
  /** Whether times come as `Date` instead strings; false by default. */
  dates?: boolean | undefined;
  /**
   * Keeps tables here, so that calls about them are answered without the server, also without a network; false by default. See
   * {@link AkidbClient.sync}.
   */
  syncEngine?: boolean | SyncOptions | undefined;
}
/** How a table is searched. */
interface SearchOptions<T = AnyRow> extends SimilarityOptions, RequestOptions {
  /** An embedding column. */
  column: VectorColumn<T>;
  /** At most so many rows, 1 to 1,000; 10 by default. */
  limit?: number | undefined;
  offset?: number | undefined;
  /** Only rows that satisfy all of these. */
  filters?: readonly Condition<T>[] | undefined;
  /** Whether results show their score; false by default. */
  includeScore?: boolean | undefined;
  select?: readonly ('*' | Path<T>)[] | undefined;
  includeVectors?: boolean | undefined;
  explain?: boolean | undefined;
}
/** How the server is. */
interface Health {
  status: string;
  model?: string;
  dimension?: number;
  detail?: string;
  workers?: Record<string, {
    size: number;
    ready: number;
    restarts: number;
  }>;
}
/**
 * A client of an AkiDB server.
 *
 * @typeParam Tables - an interface of the server's tables, as `akidb-types` writes it; without one, rows are of any type
 */
declare class AkidbClient<Tables = AnyTables> {
  #private;
  readonly tables: TablesClient<Tables>;
  readonly embeddings: EmbeddingsClient;
  readonly computedColumns: ComputedColumnsClient;
  readonly indexes: IndexesClient;
  readonly collections: CollectionsClient;
  readonly backups: BackupsClient;
  readonly tokens: TokensClient;
  /** What sends requests, for routes that have no method here. */
  readonly transport: Transport;
  constructor(options?: ClientOptions);
  /** What keeps tables here; of a client that was made with `syncEngine`. */
  get sync(): Promise<SyncEngine>;
  /** A table, without asking the server. */
  table<Name extends keyof Tables & string>(name: Name): Table<Tables[Name]>;
  /** A collection by its name or id, without asking the server. `M` is what its documents have for metadata. */
  collection<M = any>(name: string): Collection<M>;
  /** The rows of a table that are most similar to a text or a vector, best first. */
  search<Name extends keyof Tables & string>(tableName: Name, query: string | Float32Array, {
    signal,
    timeout,
    retries,
    headers,
    filters,
    ...how
  }: SearchOptions<Tables[Name]>): Promise<SearchResults<Row<Tables[Name]>>>;
  /**
   * The rows of a they change at the server (here, of tables that are kept here): at most 1,000, as a query without a
   * limit has then.
   */
  live<R>(query: Query<any, R>): Live<R[]>;
  /** The results of a they change: new rows take their they are written. */
  live<R>(search: SearchBuilder<any, R>): Live<SearchResult<R>[]>;
  /** A select over tables and collections; what stands in `${}` is a value. It runs when it is awaited. */
  readonly sql: <R = AnyRow>(strings: TemplateStringsArray, ...values: unknown[]) => SqlQuery<R>;
  /** How the server is; `ready` says whether it takes requests, `live` whether it runs at all. An unhealthy server is no error. */
  health(probe?: 'ready' | 'live', options?: RequestOptions): Promise<Health>;
  /** The name and the version of the server. */
  version(options?: RequestOptions): Promise<{
    name: string;
    version: string;
  }>;
  /** Who the server takes this client for, and what it may do. */
  caller(options?: RequestOptions): Promise<Caller>;
  /** The API keys, in the order in which they were made; keys are made and revoked on the server's machine. */
  keys(options?: RequestOptions): Promise<KeyInfo[]>;
  /** The newest entries of the log of who changed what. */
  audit(options?: AuditOptions): Promise<AuditLog>;
  /** How often the rows of tables and collections were asked for over the last hour, by the minute. */
  traffic(options?: RequestOptions): Promise<TableTraffic[]>;
  /** Reads all that the server of one commit, while others go on writing, and says what is wrong with it. One goes on at a time. */
  verify(options?: RunOptions<Verification>): Promise<Verification>;
  /** The verification that goes on, or the last one since the server started; null if there was none. */
  verification(options?: RequestOptions): Promise<Verification | null>;
  /** Gives what the database does not use back to the file system, while others go on reading and writing. One goes on at a time. */
  compact(options?: RunOptions<Compaction>): Promise<Compaction>;
  /** The compaction that goes on, or the last one since the server started; null if there was none. */
  compaction(options?: RequestOptions): Promise<Compaction | null>;
  /** How the kept vectors of queries were used. */
  queryVectorStatistics(): QueryVectorStatistics;
  /** Writes what is kept beyond the client, and lets go of a server that {@link local} found or started. */
  close(): Promise<void>;
  /**
   * A client of the server of a data directory on this machine, which is started if it does not run; in Node, Deno and Bun. The
   * server ends by itself when its last client was closed or its process ended.
   */
  static local<Tables = AnyTables>(dataDir: string, options?: LocalOptions): Promise<AkidbClient<Tables>>;
}
/** How a local server is found or started. */
interface LocalOptions extends Omit<ClientOptions, 'baseUrl' | 'apiKey'> {
  /** The folder of AkiDB, or its `scripts/akidb`; else `AKIDB_HOME` of the environment, else `akidb` on the path. */
  home?: string | undefined;
  /** Seconds that the server goes on after its last client, 0 by default; the one who starts it decides. */
  linger?: number | undefined;
  /** Settings of the server, such as `{ 'akidb.sql.timeout': '10s' }`; they count if it is started. */
  settings?: Record<string, string> | undefined;
  /** Milliseconds that the start may take, 180,000 by default. */
  startTimeout?: number | undefined;
}


/** The client by the name that users of Pixeltable know. */
declare class PixeltableClient<Tables = AnyTables> extends AkidbClient<Tables> {}
/** How the native client is set up. */
type InitConfig = ClientOptions;
/** Queries on tables by the names that users of Pixeltable know. Call {@link init} first. */
declare class PixeltableNative<Tables = AnyTables> {
  #private;
  /** Sets the client up. Nothing is sent. */
  init(config?: InitConfig): Promise<void>;
  /** A table, without asking the server. */
  getTable<Name extends keyof Tables & string>(name: Name): Table<Tables[Name]>;
  /** A select over tables; what stands in `${}` is a value. It runs when it is awaited. */
  readonly sql: <R = any>(strings: TemplateStringsArray, ...values: unknown[]) => SqlQuery<R>;
  /** The client that does the work. */
  get client(): AkidbClient<Tables>;
}
/** JSON of any kind. */
type Json = string | number | boolean | null | readonly Json[] | {
  readonly [key: string]: Json | undefined;
};
/** Keeps vectors of queries in a file; in Node, Deno and Bun. */
declare function fileVectorStore(file: string): VectorStore;
/** Keeps vectors of queries in the browser's IndexedDB. */
declare function indexedDbVectorStore(name?: string): VectorStore;
export { AkidbClient, AkidbError, type AnyRow, type AnyTables, ApiError, type AuditEntry, type AuditLog, type AuditOptions, type BackupInfo, type BackupsClient, type Call, type Caller, type CellCounts, type Clause, type ClientOptions, type Collection, type CollectionInfo, type CollectionsClient, Column, type ColumnInfo, type ColumnKind, type ColumnType, type Columns, type Compaction, type Comparable, type Computed, type ComputedColumn, type ComputedColumnsClient, type Condition, ConfigurationError, ConflictError, ConnectionError, type CreatedIndex, DeadlineError, type DeleteResult, type Document, type DocumentChoice, type DocumentFilter, type DocumentHit, type DocumentHits, type DocumentSearchOptions, type ElementOf, type EmbedOptions, type Embedded, type EmbeddingColumnInfo, type EmbeddingModel, type EmbeddingsClient, type Explanation, type Expression, type FileProblem, ForbiddenError, type FullRow, type GenerateOptions, type Generated, type GetOptions, type Group, type Health, Identifier, type ImportDocumentOptions, ImportError, type ImportOptions, type ImportProgress, type ImportResult, type IndexInfo, type IndexesClient, type InitConfig, type InsertDocumentOptions, type InsertOptions, type InsertResult, type Insertable, type Inserted, type InsertedDocument, InvalidRequestError, type Json, type Key, type KeyInfo, type Live, type LocalOptions, type Metric, type NewBackup, type NewCollection, type NewColumn, type NewDocument, type NewEmbeddingColumn, type NewTable, type NewToken, type NewVectorIndex, NotFoundError, type Operator, OverloadedError, type Override, type Path, PixeltableClient, PixeltableNative, type Predicate, type Problem, type Projection, type ProjectionOptions, ProtocolError, Query, type QueryPlan, type QueryVector, type QueryVectorOptions, type QueryVectorStatistics, type Read, type RefreshOptions, type RefreshResult, type RequestOptions, type Rights, type Row, type RowId, type RowKey, type RunOptions, type ScalarPath, type Scope, SearchBuilder, type SearchInfo, type SearchOptions, type SearchResult, type SearchResults, type Selected, type Selection, ServerError, Similarity, type SimilarityOptions, type Sought, SqlFragment, SqlQuery, Table, type TableInfo, type TableRights, type TableTraffic, type TablesClient, type TextIndexInfo, TimeoutError, type Token, type TokensClient, TooLargeError, Transport, type TransportOptions, UnauthenticatedError, UnavailableError, type UpdateResult, type UpdateRowsOptions, type UpdateRowsResult, type Updateable, type Updated, type UpdatedRow, type ValueAt, type VectorColumn, type VectorStore, type Verification, type WhereClause, type WriteOptions, and, expression, fileVectorStore, identifier, indexedDbVectorStore, join, not, or, sql };