// Every member that the contract of Pixeltable's TypeScript SDK names, with its signature as fixed there, line by line. What this
// package has more of (options of a call, typed tables) comes behind, so that each call of the contract compiles and means the same.
import { expectTypeOf, it } from 'vitest';
import { PixeltableClient, PixeltableNative } from '@akidb/sdk';
import type {
  Column,
  ColumnInfo,
  ComputedColumn,
  Condition,
  CreatedIndex,
  DeleteResult,
  EmbeddingModel,
  IndexInfo,
  InitConfig,
  InsertResult,
  Query,
  QueryPlan,
  RefreshResult,
  SearchBuilder,
  SearchResult,
  Table,
  UpdateResult,
  WhereClause,
} from '@akidb/sdk';

declare const client: PixeltableClient;
declare const native: PixeltableNative;
declare const table: Table;
declare const query: Query;
declare const builder: SearchBuilder;
declare const condition: WhereClause;
declare const text: string;
declare const vector: Float32Array;
declare const textOrVector: string | Float32Array;
declare const model: string | undefined;
declare const n: number;
declare const values: any[];

/** The members of the contract, each by the calls that it allows. */
const MEMBERS = {
  'T-06, T-07 options': () => {
    new PixeltableClient();
    new PixeltableClient({ apiKey: text, syncEngine: true });
    new PixeltableClient({ apiKey: text, syncEngine: false, baseUrl: text }); // the address: O-29
  },
  'T-08 embeddings.generate': () => {
    expectTypeOf(client.embeddings.generate(text, model)).toEqualTypeOf<Promise<Float32Array>>();
    expectTypeOf(client.embeddings.generate([text], model)).toEqualTypeOf<Promise<Float32Array[]>>(); // C-40
  },
  'T-09 embeddings.generateEmbedding': () =>
    expectTypeOf(client.embeddings.generateEmbedding(text, model)).toEqualTypeOf<Promise<Float32Array>>(),
  'T-10 embeddings.generateEmbeddings': () =>
    expectTypeOf(client.embeddings.generateEmbeddings([text], model)).toEqualTypeOf<Promise<Float32Array[]>>(),
  'T-11 embeddings.listModels': () => {
    expectTypeOf(client.embeddings.listModels()).toEqualTypeOf<Promise<EmbeddingModel[]>>();
    expectTypeOf<Pick<EmbeddingModel, 'id' | 'dimensions' | 'cached'>>().toEqualTypeOf<{
      id: string;
      dimensions: number;
      cached: boolean;
    }>();
    expectTypeOf<EmbeddingModel['type']>().toExtend<string>();
  },
  'T-12 embeddings.preloadModel': () => expectTypeOf(client.embeddings.preloadModel(text)).toEqualTypeOf<Promise<void>>(),
  'T-13 embeddings.clearCache': () => {
    expectTypeOf(client.embeddings.clearCache()).toEqualTypeOf<Promise<void>>();
    client.embeddings.clearCache({ server: true }); // O-30
  },
  'T-14 search': () => {
    const options = { column: text, limit: n, threshold: n, filters: [condition], includeScore: true };
    expectTypeOf(client.search(text, textOrVector, options)).resolves.toExtend<SearchResult[]>();
    expectTypeOf(client.search(text, textOrVector, { column: text })).resolves.toExtend<SearchResult[]>();
    // @ts-expect-error the column is required
    client.search(text, textOrVector, {});
  },
  'T-15 tables.get': () => expectTypeOf(client.tables.get(text)).toEqualTypeOf<Table>(), // C-43: at once
  'T-16 handle.similarity': () => expectTypeOf(client.tables.get(text).similarity(textOrVector)).toEqualTypeOf<SearchBuilder>(),
  'T-17 SearchBuilder': () => {
    expectTypeOf(builder.inColumn(text)).toEqualTypeOf<SearchBuilder>();
    expectTypeOf(builder.where(condition)).toEqualTypeOf<SearchBuilder>();
    expectTypeOf(builder.threshold(n)).toEqualTypeOf<SearchBuilder>();
    expectTypeOf(builder.limit(n)).toEqualTypeOf<SearchBuilder>();
    expectTypeOf(builder.execute()).resolves.toExtend<SearchResult[]>();
  },
  'T-18 SearchResult': () => {
    expectTypeOf<SearchResult>().toHaveProperty('data');
    expectTypeOf<SearchResult['score']>().toEqualTypeOf<number | undefined>();
  },
  'T-19 computedColumns.createEmbeddingColumn': () => {
    const config = { name: text, sourceColumn: text, model: text, autoUpdate: true, cache: true };
    expectTypeOf(client.computedColumns.createEmbeddingColumn(text, config)).resolves.toExtend<{
      columnName: string;
      type: 'embedding';
      dimensions: number;
      model: string;
      source: string;
    }>();
    client.computedColumns.createEmbeddingColumn(text, { name: text, sourceColumn: text, model: text });
  },
  'T-20 computedColumns.listComputedColumns': () =>
    expectTypeOf(client.computedColumns.listComputedColumns(text)).toEqualTypeOf<Promise<ComputedColumn[]>>(),
  'T-21 computedColumns.refreshEmbeddings': () => {
    expectTypeOf(client.computedColumns.refreshEmbeddings(text, text)).toEqualTypeOf<Promise<RefreshResult>>();
    expectTypeOf(client.computedColumns.refreshEmbeddings(text, text, condition)).toEqualTypeOf<Promise<RefreshResult>>();
  },
  'T-22 indexes': () => {
    const hnsw = { column: text, method: 'hnsw', metric: 'cosine', parameters: { m: n, efConstruction: n } } as const;
    const lists = { column: text, method: 'ivfflat', metric: 'euclidean', parameters: { lists: n } } as const;
    expectTypeOf(client.indexes.createVectorIndex(text, hnsw)).toEqualTypeOf<Promise<CreatedIndex>>(); // O-31
    client.indexes.createVectorIndex(text, lists);
    expectTypeOf(client.indexes.list(text)).toEqualTypeOf<Promise<IndexInfo[]>>();
  },
  'T-25 init': () => {
    expectTypeOf(new PixeltableNative().init()).toEqualTypeOf<Promise<void>>();
    expectTypeOf(native.init).parameter(0).toEqualTypeOf<InitConfig | undefined>();
    native.init({ apiKey: text });
  },
  'T-26 getTable': () => expectTypeOf(native.getTable(text)).toEqualTypeOf<Table>(),
  'T-27 sql': () => {
    expectTypeOf(native.sql).parameters.toExtend<[strings: TemplateStringsArray, ...values: any[]]>();
    expectTypeOf(native.sql`select ${n}`).toExtend<PromiseLike<any[]>>();
  },
  'T-28 select': () => {
    expectTypeOf(table.select(text, text)).toExtend<Query>();
    expectTypeOf(query.select('*')).toExtend<Query>();
  },
  'T-29 where': () => {
    expectTypeOf(table.where(condition)).toEqualTypeOf<Query>();
    expectTypeOf(query.where('a = ?', ...values)).toEqualTypeOf<Query>();
    expectTypeOf(query.where(condition).where(table.columns['a']!.gte(n))).toEqualTypeOf<Query>(); // C-52
  },
  'T-30 orderBy': () => {
    expectTypeOf(table.orderBy(text)).toEqualTypeOf<Query>();
    expectTypeOf(query.orderBy(text, 'asc')).toEqualTypeOf<Query>();
    expectTypeOf(query.orderBy('similarity_score', 'desc')).toEqualTypeOf<Query>();
  },
  'T-31 limit, offset': () => {
    expectTypeOf(table.limit(n)).toEqualTypeOf<Query>();
    expectTypeOf(table.offset(n)).toEqualTypeOf<Query>();
    expectTypeOf(query.limit(n)).toEqualTypeOf<Query>();
    expectTypeOf(query.offset(n)).toEqualTypeOf<Query>();
  },
  'T-32 similaritySearch': () => {
    expectTypeOf(table.similaritySearch(textOrVector, text)).toExtend<Query<any, { similarity_score: number }>>();
    expectTypeOf(query.select(text).similaritySearch(vector, text)).toExtend<Query<any, { similarity_score: number }>>(); // C-41
  },
  'T-33 count': () => expectTypeOf(table.count()).toEqualTypeOf<Promise<number>>(),
  'T-34 insert': () => {
    expectTypeOf(table.insert).parameter(0).toEqualTypeOf<readonly Record<string, any>[]>();
    expectTypeOf(table.insert([{ a: 1 }])).toEqualTypeOf<Promise<InsertResult>>();
  },
  'T-35 update': () => expectTypeOf(table.update(condition, { a: 1 })).toEqualTypeOf<Promise<UpdateResult>>(),
  'T-36 delete': () => expectTypeOf(table.delete(condition)).toEqualTypeOf<Promise<DeleteResult>>(),
  'T-37 columns': () => expectTypeOf(table.columns).toEqualTypeOf<Readonly<Record<string, Column>>>(),
  'T-38 collect': () => expectTypeOf(query.collect()).resolves.toExtend<any[]>(),
  'T-39 first': () => expectTypeOf(query.first()).toEqualTypeOf<Promise<Record<string, any> | null>>(),
  'T-40 stream': () => expectTypeOf(query.stream()).toExtend<AsyncIterable<any>>(),
  'T-41 explain': () => expectTypeOf(query.explain()).toEqualTypeOf<Promise<QueryPlan>>(),
  // T-42, that nothing runs before it is asked for: test/unit/builders.test.ts
  'T-43 types named but not spelled out': () => {
    expectTypeOf<EmbeddingModel | ColumnInfo | ComputedColumn | RefreshResult | InitConfig | QueryPlan>().not.toBeAny();
    expectTypeOf<InsertResult['inserted'] & UpdateResult['updated'] & DeleteResult['deleted']>().toEqualTypeOf<number>();
    expectTypeOf<RefreshResult['refreshed'] & RefreshResult['failed']>().toEqualTypeOf<number>();
    expectTypeOf<QueryPlan['toString']>().returns.toEqualTypeOf<string>();
    expectTypeOf<WhereClause>().toExtend<Condition<any>>();
    for (const name of ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'similarity'] as const) {
      expectTypeOf<Column[typeof name]>().toBeFunction();
    }
  },
};

it('are all there', () => {
  expectTypeOf(MEMBERS).toBeObject();
});
