declare const kinds: unique symbol;

/** A column that is read, inserted and updated as different types. Only types use it; no value has it. */
export interface ColumnType<Read, Insert = Read, Update = Insert> {
  readonly [kinds]: { read: Read; insert: Insert; update: Update };
}

/** A column that the server computes; nobody writes it. Its cells are null until they are filled. */
export type Computed<Value = Float32Array> = ColumnType<Value | null, never, never>;

/** A column with a default, which inserted rows may leave out. */
export type Generated<Value> = ColumnType<Value, Value | undefined, Value>;

/** The primary key: required, and never changed. */
export type Key<Value extends string | number | bigint = string> = ColumnType<Value, Value, never>;

/** The key of tables that have no primary key of their own: the server numbers their rows. */
export type RowId = ColumnType<number, never, never>;

/** Tables of which nothing is known. */
export type AnyTables = Record<string, AnyRow>;

/** A row of which nothing is known. */
export type AnyRow = Record<string, any>;

/** An interface of tables with some columns typed more closely, such as `{ layouts: { facts: Facts } }`. */
export type Override<Tables, Changes extends { [T in keyof Changes]: T extends keyof Tables ? object : never }> = {
  [T in keyof Tables]: T extends keyof Changes ? Simplify<Omit<Tables[T], keyof Changes[T]> & Changes[T]> : Tables[T];
};

export type Simplify<T> = { [K in keyof T]: T[K] } & {};

/** What reading a column gives. */
export type Read<C> = C extends ColumnType<infer R, any, any> ? R : C;

type Accepted<V> = V extends Float32Array ? Float32Array | readonly number[] : V extends Date ? Date | string : V;

/** What an insert takes for a column. */
export type Inserted<C> = Accepted<C extends ColumnType<any, infer I, any> ? I : C>;

/** What an update takes for a column. */
export type Updated<C> = Accepted<C extends ColumnType<any, any, infer U> ? U : C>;

type Names<T> = keyof T & string;

type Unwritable<T, How extends 'insert' | 'update'> = {
  [K in Names<T>]: [How extends 'insert' ? Inserted<T[K]> : Updated<T[K]>] extends [never] ? K : never;
}[Names<T>];

type Omissible<T> = {
  [K in Names<T>]: null extends Inserted<T[K]> ? K : undefined extends Inserted<T[K]> ? K : never;
}[Names<T>];

/** A row to insert: required columns, and those with a default or nullable ones as you like; no computed ones. */
export type Insertable<T> = string extends keyof T
  ? Record<string, any>
  : Simplify<
      { [K in Exclude<Names<T>, Unwritable<T, 'insert'> | Omissible<T>>]: Inserted<T[K]> } & {
        [K in Omissible<T>]?: Inserted<T[K]>;
      } & { [K in Unwritable<T, 'insert'>]?: never }
    >;

/** Values of a row to change. */
export type Updateable<T> = string extends keyof T
  ? Record<string, any>
  : Simplify<{ [K in Exclude<Names<T>, Unwritable<T, 'update'>>]?: Updated<T[K]> } & { [K in Unwritable<T, 'update'>]?: never }>;

type KeyOf<T> = {
  [K in Names<T>]: T[K] extends ColumnType<infer R, any, never> ? ([R] extends [string | number | bigint] ? K : never) : never;
}[Names<T>];

/** Values of a row to change, beside its primary key, which says which row it is. */
export type UpdatedRow<T> = string extends keyof T
  ? Record<string, any>
  : Simplify<Omit<Updateable<T>, KeyOf<T>> & { [K in KeyOf<T>]: Read<T[K]> }>;

/** Columns that hold vectors. */
export type VectorColumn<T> = { [K in Names<T>]: NonNullable<Read<T[K]>> extends Float32Array ? K : never }[Names<T>];

type Scalar = string | number | bigint | boolean | Date | Float32Array;

type JsonColumn<T> = { [K in Names<T>]: NonNullable<Read<T[K]>> extends Scalar ? never : K }[Names<T>];

/** A column, or a place in a JSON column such as `facts.area`. */
export type Path<T> = Names<T> | `${JsonColumn<T>}.${string}`;

/** What conditions and orders may name: all but vectors, which are only searched by similarity. */
export type ScalarPath<T> = string extends keyof T ? string : Exclude<Path<T>, VectorColumn<T>>;

type Dig<V, P extends string> = V extends readonly unknown[]
  ? unknown
  : V extends object
    ? P extends keyof V
      ? V[P]
      : P extends `${infer Head}.${infer Rest}`
        ? Head extends keyof V
          ? Dig<NonNullable<V[Head]>, Rest>
          : unknown
        : unknown
    : unknown;

/** What reading a column or a place in a JSON column gives. */
export type ValueAt<T, P extends string> = P extends keyof T
  ? Read<T[P]>
  : P extends `${infer Head}.${infer Rest}`
    ? Head extends keyof T
      ? Dig<NonNullable<Read<T[Head]>>, Rest> | null
      : never
    : never;

/** A row as it is read without a selection: all columns but vectors. */
export type Row<T> = string extends keyof T ? AnyRow : Simplify<{ [K in Exclude<Names<T>, VectorColumn<T>>]: Read<T[K]> }>;

/** A row with its vectors. */
export type FullRow<T> = string extends keyof T ? AnyRow : Simplify<{ [K in Names<T>]: Read<T[K]> }>;

/** An expression of a row's columns under a name of its own. */
export interface Expression<Value, Name extends string> {
  readonly expression: string;
  readonly as: Name;
  readonly [kinds]?: Value;
}

/**
 * An expression of a row's columns, computed by the server: `expression<number>('quality_score * 2').as('double')`. It is part of
 * the query's text: never build it of what users typed.
 */
export function expression<Value = unknown>(text: string): { as<Name extends string>(name: Name): Expression<Value, Name> } {
  return { as: (name) => ({ expression: text, as: name }) };
}

/** What a selection may name. */
export type Selection<T> = '*' | Path<T> | Expression<any, string>;

type SelectedName<S> = S extends string ? Exclude<S, '*'> : S extends Expression<any, infer Name> ? Name : never;

/** The row that a selection gives. */
export type Selected<T, S> = Simplify<
  ('*' extends S ? Row<T> : {}) & {
    [E in S as SelectedName<E>]: E extends Expression<infer V, string> ? V : E extends string ? ValueAt<T, E> : never;
  }
>;
