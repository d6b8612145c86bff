// The types that users see are those of the server, with names in camelCase.
import { expectTypeOf, it } from 'vitest';
import type {
  BackupInfo,
  CollectionInfo,
  ColumnKind,
  ComputedColumn,
  CreatedIndex,
  DeleteResult,
  EmbeddingColumnInfo,
  Health,
  IndexInfo,
  InsertResult,
  Metric,
  Operator,
  TableInfo,
  UpdateResult,
  UpdateRowsResult,
} from '@akidb/sdk';
import type { components } from '../../src/openapi.js';

type Wire = components['schemas'];

type CamelName<S extends string> = S extends `${infer A}_${infer B}${infer C}` ? `${A}${Uppercase<B>}${CamelName<C>}` : S;

type Camel<T> = T extends readonly (infer E)[]
  ? Camel<E>[]
  : string extends keyof T
    ? Record<string, Camel<T[keyof T]>>
    : T extends object
      ? { [K in keyof T as K extends string ? CamelName<K> : K]: Camel<T[K]> }
      : T;

it('of answers', () => {
  expectTypeOf<TableInfo>().branded.toEqualTypeOf<Camel<Wire['Table']>>();
  expectTypeOf<IndexInfo>().branded.toEqualTypeOf<Camel<Wire['TableIndex']>>();
  expectTypeOf<CreatedIndex>().branded.toEqualTypeOf<Camel<Wire['CreatedIndex']>>();
  expectTypeOf<ComputedColumn>().branded.toEqualTypeOf<Camel<Wire['ComputedColumn']>>();
  expectTypeOf<EmbeddingColumnInfo>().branded.toEqualTypeOf<Camel<Wire['CreatedComputedColumn']>>();
  expectTypeOf<CollectionInfo>().branded.toEqualTypeOf<Camel<Wire['Collection']>>();
  expectTypeOf<InsertResult>().branded.toEqualTypeOf<Camel<Wire['InsertedRows']>>();
  expectTypeOf<UpdateResult>().branded.toEqualTypeOf<Camel<Wire['UpdatedRows']>>();
  expectTypeOf<UpdateRowsResult>().branded.toEqualTypeOf<Camel<Wire['EachUpdatedRow']>>();
  expectTypeOf<DeleteResult>().branded.toEqualTypeOf<Camel<Wire['DeletedRows']>>();
  expectTypeOf<BackupInfo>().branded.toEqualTypeOf<Camel<Wire['Backup']>>();
  expectTypeOf<Health>().branded.toEqualTypeOf<Camel<Wire['Health']>>();
});

it('of what is chosen from', () => {
  expectTypeOf<ColumnKind>().toEqualTypeOf<Wire['ColumnType']>();
  expectTypeOf<Metric>().toEqualTypeOf<Wire['Metric']>();
  expectTypeOf<Operator>().toEqualTypeOf<Wire['Condition']['operator']>();
});
