
/** Sets up the client that all tables of this module share. Without it, it is set up from the environment. */
declare function init(options?: ClientOptions): AkidbClient;
/** Types of columns, which may be null unless {@link Required}. */
declare const String: NewColumn;
declare const Int: NewColumn;
declare const Float: NewColumn;
declare const Bool: NewColumn;
declare const Timestamp: NewColumn;
declare const Json: NewColumn;
/** A column whose every row has a value. */
declare function Required(column: NewColumn): NewColumn;
/** A column of vectors of this length, which users write. */
declare function Array([dimensions]: readonly [number], metric?: Metric): NewColumn;
/** A model that embeds text: `sentence_transformer.using({ model_id: 'all-MiniLM-L6-v2' })`. */
interface EmbeddingFunction {
  readonly model: string;
}
/** An embedding of a column, for {@link PixeltableTable.add_computed_column}. */
interface Embedding extends EmbeddingFunction {
  readonly source: string;
}
/** Models that embed a column, as a computed column or an index. */
interface EmbeddingModels {
  (column: Column, options: {
    model_id: string;
  }): Embedding;
  using(options: {
    model_id: string;
  }): EmbeddingFunction;
}
/** Models by the names that sentence-transformers gives them; one without an organisation is of `sentence-transformers`. */
declare const sentence_transformer: EmbeddingModels;
/** What a write did. */
interface UpdateStatus {
  num_rows: number;
  num_excs: number;
  version: number;
}
/** Every one of these holds: Python's `&`. */
declare const and_: typeof and;
/** At least one of these holds: Python's `|`. */
declare const or_: typeof or;
/** This does not hold: Python's `~`. */
declare const not_: typeof not;
/** How similar rows are to something; an order, a threshold and a value to select. */
declare class Similarity {
  /** At least so similar. */
  ge(least: number): Similarity;
}
/** A column of a table: what conditions and orders are made of. */
declare class Column {
  #private;
  readonly name: string;
  eq(value: unknown): Predicate;
  ne(value: unknown): Predicate;
  gt(value: unknown): Predicate;
  ge(value: unknown): Predicate;
  lt(value: unknown): Predicate;
  le(value: unknown): Predicate;
  isin(values: readonly unknown[]): Predicate;
  /** The string has this in it. */
  contains(part: string): Predicate;
  startswith(part: string): Predicate;
  is_null(): Predicate;
  is_not_null(): Predicate;
  /** A place in a JSON column. */
  at(place: string): Column;
  /** How similar rows are to a text or a vector, by the column's embedding index or its own vectors. */
  similarity(query: string | Float32Array, {
    idx
  }?: {
    idx?: string;
  }): Similarity;
}
/** Columns and similarities under names of their own. */
type Named = Record<string, Similarity | Column>;
/** A query by Pixeltable's names. Each step gives a new one; {@link collect} runs it. */
declare class PixeltableQuery {
  #private;
  where(condition: Predicate | Similarity): PixeltableQuery;
  /** Reads these columns, and others under names of their own: `select(t.title, { score: sim })`. */
  select(...selected: (Column | string | Named)[]): PixeltableQuery;
  order_by(expression: Column | string | Similarity, {
    asc
  }?: {
    asc?: boolean;
  }): PixeltableQuery;
  limit(n: number, {
    offset
  }?: {
    offset?: number;
  }): PixeltableQuery;
  collect(): Promise<AnyRow[]>;
  count(): Promise<number>;
  /** The first rows. */
  head(n?: number): Promise<AnyRow[]>;
  show(n?: number): Promise<AnyRow[]>;
}
/** A table by Pixeltable's names. Its columns are members of it; those that are methods are, are in `c`. */
declare class PixeltableTable {
  #private;
  /** The columns. */
  readonly c: Readonly<Record<string, Column>>;
  where(condition: Predicate | Similarity): PixeltableQuery;
  select(...selected: (Column | string | Named)[]): PixeltableQuery;
  order_by(expression: Column | string | Similarity, how?: {
    asc?: boolean;
  }): PixeltableQuery;
  limit(n: number, how?: {
    offset?: number;
  }): PixeltableQuery;
  collect(): Promise<AnyRow[]>;
  count(): Promise<number>;
  head(n?: number): Promise<AnyRow[]>;
  show(n?: number): Promise<AnyRow[]>;
  /** Inserts rows, all or none. */
  insert(rows: AnyRow | readonly AnyRow[]): Promise<UpdateStatus>;
  /** Changes the rows that satisfy a condition, or all. */
  update(values: AnyRow, {
    where
  }?: {
    where?: Predicate;
  }): Promise<UpdateStatus>;
  /** Deletes the rows that satisfy a condition, or all. */
  delete({
    where
  }?: {
    where?: Predicate;
  }): Promise<UpdateStatus>;
  /** The names of the columns, without those of embedding indexes. */
  columns(): Promise<string[]>;
  describe(): Promise<TableInfo>;
  add_column(columns: Record<string, NewColumn>): Promise<void>;
  drop_column(column: string | Column): Promise<void>;
  rename_column(old_name: string, new_name: string): Promise<void>;
  /** Adds a column of embeddings: `add_computed_column({ vec: sentence_transformer(t.text, { model_id }) })`; ends when it is filled. */
  add_computed_column(columns: Record<string, Embedding>): Promise<void>;
  /** Makes a column searchable by meaning; ends when all rows are. */
  add_embedding_index(column: string | Column, {
    embedding,
    string_embed,
    idx_name
  }: {
    embedding?: EmbeddingFunction;
    string_embed?: EmbeddingFunction;
    idx_name?: string;
  }): Promise<void>;
  drop_embedding_index({
    column,
    idx_name
  }: {
    column?: string | Column;
    idx_name?: string;
  }): Promise<void>;
  /** The table by this package's own names. */
  get native(): Table;
}
/** A table whose columns are members of it. */
type TableOf<Names extends string = string> = PixeltableTable & { readonly [N in Exclude<Names, keyof PixeltableTable>]: Column };
/** Makes a table: `create_table('films', { title: pxt.Required(pxt.String), year: pxt.Int })`. */
declare function create_table<Schema extends Record<string, NewColumn>>(name: string, schema: Schema, {
  primary_key,
  if_exists
}?: {
  primary_key?: string;
  if_exists?: 'error' | 'ignore' | 'replace';
}): Promise<TableOf<keyof Schema & string>>;
/** A table that is there. */
declare function get_table<Names extends string = string>(name: string): Promise<TableOf<Names>>;
/** Drops a table and its rows. */
declare function drop_table(name: string, {
  if_not_exists
}?: {
  if_not_exists?: 'error' | 'ignore';
}): Promise<void>;
/** The names of the tables. */
declare function list_tables(): Promise<string[]>;
export { Array, Bool, Column, Embedding, EmbeddingFunction, EmbeddingModels, Float, Int, Json, Named, PixeltableQuery, PixeltableTable, Required, Similarity, String, TableOf, Timestamp, UpdateStatus, and_, create_table, drop_table, get_table, init, list_tables, not_, or_, sentence_transformer };