import type { AkidbClient } from '@akidb/sdk';

/** A call that sends everything an operation takes, and what of it the package leaves out, with the reason. */
interface Covered {
  call: (akidb: AkidbClient) => PromiseLike<unknown>;
  without?: Record<string, string>;
}

const T = 't';
const KEPT_VECTORS = {
  model_fingerprint: 'sent with a vector that is kept',
  include_query_embedding: 'sent with a vector that is kept',
};
const CONDITION = { column: 'a', operator: '=', value: 1 } as const;
const SIMILARITY = {
  threshold: 0.5,
  metric: 'cosine',
  ef: 1,
  probes: 1,
  exact: true,
  hybrid: { columns: ['a'] },
  mmr: { lambda: 1 },
  group: { by: 'a' },
  inputType: 'query',
} as const;

/** Every operation of the server by its id: how the package calls it, or why it does not. */
export const ROUTES: Record<string, Covered | string> = {
  embed: {
    call: (akidb) =>
      akidb.embeddings.embed(['x'], {
        model: 'm',
        pooling: 'mean',
        normalize: true,
        dimensions: 2,
        inputType: 'query',
        truncate: true,
      }),
  },
  generateEmbeddings: {
    call: (akidb) => akidb.embeddings.generate('x', 'm', { cache: false, normalize: true }),
  },
  listEmbeddingModels: { call: (akidb) => akidb.embeddings.listModels() },
  preloadEmbeddingModel: { call: (akidb) => akidb.embeddings.preloadModel('m') },
  getModelFile: 'fetched by the models of @akidb/sdk/sync/onnx, for which there are tests of their own',
  clearEmbeddingCache: { call: (akidb) => akidb.embeddings.clearCache({ server: true }) },
  sql: {
    call: async (akidb) => {
      await akidb.sql`select ${1}`.table().catch(() => undefined);
      await akidb.sql`select ${1}`.explain();
    },
  },
  createEmbedding: "the dialect of OpenAI's API, for that API's clients",
  listModels: "the dialect of OpenAI's API, for that API's clients",
  getModel: "the dialect of OpenAI's API, for that API's clients",
  listCollections: { call: (akidb) => akidb.collections.list() },
  createCollection: {
    call: (akidb) => akidb.collections.create({ name: 'c', dimension: 2, metric: 'cosine', model: 'm', textIndex: true }),
  },
  getCollection: { call: (akidb) => akidb.collection('c').describe() },
  deleteCollection: { call: (akidb) => akidb.collections.drop('c') },
  listDocuments: {
    call: async (akidb) => {
      for await (const _document of akidb.collection('c').documents({ includeVectors: true, pageSize: 1 })) break;
    },
    without: { cursor: 'sent from the second page on' },
  },
  insertDocuments: {
    call: (akidb) => akidb.collection('c').insert([{ text: 'x', id: '1', vector: [1], metadata: {} }], { onConflict: 'error' }),
    without: {
      text: 'one document is sent as a list of one',
      vector: 'one document is sent as a list of one',
      external_id: 'another name of id',
      id: 'one document is sent as a list of one',
      metadata: 'one document is sent as a list of one',
    },
  },
  updateDocuments: {
    call: async (akidb) => {
      await akidb
        .collection('c')
        .updateAll({ ids: ['d'] }, {})
        .catch(() => undefined);
      await akidb.collection('c').updateAll({ filter: CONDITION }, {});
    },
  },
  deleteDocuments: {
    call: async (akidb) => {
      await akidb
        .collection('c')
        .deleteAll({ ids: ['d'] })
        .catch(() => undefined);
      await akidb.collection('c').deleteAll({ filter: CONDITION });
    },
  },
  queryDocuments: {
    call: async (akidb) => {
      const collection = akidb.collection('c');
      await collection.getMany(['d'], { includeVectors: true }).catch(() => undefined);
      await collection.count(CONDITION).catch(() => undefined);
      for await (const _document of collection.documents({ filter: CONDITION, includeVectors: true, pageSize: 1 })) break;
    },
    without: { cursor: 'sent from the second page on' },
  },
  getDocument: { call: (akidb) => akidb.collection('c').get('d', { includeVector: true }) },
  updateDocument: { call: (akidb) => akidb.collection('c').update('d', { text: 'x', vector: [1], metadata: {} }) },
  deleteDocument: { call: (akidb) => akidb.collection('c').delete('d') },
  getCollectionTextIndex: { call: (akidb) => akidb.collection('c').textIndex() },
  createCollectionTextIndex: { call: (akidb) => akidb.collection('c').createTextIndex() },
  dropCollectionTextIndex: { call: (akidb) => akidb.collection('c').dropTextIndex() },
  searchCollection: {
    call: async (akidb) => {
      const options = { limit: 1, offset: 1, filter: CONDITION, includeVectors: true, includeMetadata: true, explain: true };
      await akidb
        .collection('c')
        .search('x', { ...SIMILARITY, ...options, hybrid: true })
        .catch(() => undefined);
      await akidb
        .collection('c')
        .search({ like: 'd' })
        .catch(() => undefined);
      await akidb.collection('c').search([1]);
    },
    without: {
      model_fingerprint: 'sent with a vector that is kept',
      query_vector: 'another name of vector',
      k: 'another name of limit',
    },
  },
  createTable: { call: (akidb) => akidb.tables.create(T, { columns: { a: 'int' }, primaryKey: 'a' }) },
  listTables: { call: (akidb) => akidb.tables.list() },
  describeTable: { call: (akidb) => akidb.tables.describe(T) },
  renameTable: { call: (akidb) => akidb.tables.rename(T, 'u') },
  dropTable: { call: (akidb) => akidb.tables.drop(T) },
  addColumn: {
    call: (akidb) =>
      akidb.tables.addColumn(T, 'a', {
        type: 'embedding',
        required: true,
        unique: true,
        default: 1,
        dimensions: 2,
        metric: 'cosine',
      }),
  },
  renameColumn: { call: (akidb) => akidb.tables.renameColumn(T, 'a', 'b') },
  dropColumn: { call: (akidb) => akidb.tables.dropColumn(T, 'a') },
  listIndexes: { call: (akidb) => akidb.indexes.list(T) },
  createVectorIndex: {
    call: (akidb) =>
      akidb.indexes.createVectorIndex(T, {
        column: 'a',
        method: 'hnsw',
        metric: 'cosine',
        parameters: { m: 4, efConstruction: 8, ef: 1 },
      }),
  },
  createOrderedIndex: { call: (akidb) => akidb.indexes.createOrderedIndex(T, ['a']) },
  createTextIndex: { call: (akidb) => akidb.indexes.createTextIndex(T, ['a']) },
  getIndex: { call: (akidb) => akidb.indexes.get(T, 'i') },
  dropIndex: { call: (akidb) => akidb.indexes.drop(T, 'i') },
  rebuildIndex: { call: (akidb) => akidb.indexes.rebuild(T, 'i') },
  insertRows: { call: (akidb) => akidb.table(T).insert([{ a: 1 }], { onConflict: 'replace', embed: 'async' }) },
  updateRows: {
    call: async (akidb) => {
      await akidb
        .table(T)
        .update(CONDITION, { a: 1 }, { embed: 'async' })
        .catch(() => undefined);
      await akidb.table(T).updateRows([{ k: 1, a: 1 }], { ifMissing: 'ignore' });
    },
  },
  deleteRows: { call: (akidb) => akidb.table(T).delete(CONDITION) },
  getRow: { call: (akidb) => akidb.table(T).get('k', { includeVectors: true, includeMeta: true }) },
  updateRow: { call: (akidb) => akidb.table(T).updateByKey('k', { a: 1 }, { embed: 'async' }) },
  deleteRow: { call: (akidb) => akidb.table(T).deleteByKey('k') },
  queryRows: {
    call: async (akidb) => {
      const query = akidb
        .table(T)
        .select('a')
        .where(CONDITION)
        .orderBy('a')
        .limit(1)
        .offset(1)
        .distinct()
        .includeVectors()
        .includeMeta();
      const similar = akidb.table(T).similaritySearch('x', 'v').threshold(0.5).orderBy('a');
      for (const call of [
        () => query.collect(),
        () => query.count(),
        () => query.groupBy('a'),
        () => query.explain(),
        () => similar.limit(1).collect(),
      ]) {
        await call().catch(() => undefined);
      }
    },
    without: { cursor: 'sent from the second page on' },
  },
  searchSimilar: {
    call: async (akidb) => {
      const search = akidb
        .table(T)
        .similarity('x')
        .inColumn('v')
        .where(CONDITION)
        .limit(1)
        .offset(1)
        .select('a')
        .includeVectors()
        .explain();
      await search
        .using(SIMILARITY)
        .execute()
        .catch(() => undefined);
      await akidb
        .table(T)
        .similarity(new Float32Array([1]))
        .inColumn('v')
        .execute()
        .catch(() => undefined);
      await akidb.table(T).like('k').inColumn('v').execute();
    },
    without: KEPT_VECTORS,
  },
  projectVectors: { call: (akidb) => akidb.table(T).projection({ column: 'v', by: 'a', limit: 10 }) },
  listComputedColumns: { call: (akidb) => akidb.computedColumns.listComputedColumns(T) },
  createEmbeddingColumn: {
    call: (akidb) =>
      akidb.computedColumns.createEmbeddingColumn(T, {
        name: 'v',
        sourceColumn: 'a',
        model: 'm',
        autoUpdate: true,
        cache: true,
        adopt: true,
      }),
  },
  getComputedColumn: { call: (akidb) => akidb.computedColumns.get(T, 'v', { failedAfter: 1, failedLimit: 1 }) },
  changeComputedColumn: { call: (akidb) => akidb.computedColumns.change(T, 'v', { model: 'm', autoUpdate: true, cache: true }) },
  refreshComputedColumn: { call: (akidb) => akidb.computedColumns.refreshEmbeddings(T, 'v', CONDITION, { wait: true }) },
  retryComputedColumn: { call: (akidb) => akidb.computedColumns.retry(T, 'v', { wait: true }) },
  pauseComputedColumn: { call: (akidb) => akidb.computedColumns.pause(T, 'v') },
  resumeComputedColumn: { call: (akidb) => akidb.computedColumns.resume(T, 'v') },
  cancelComputedChange: { call: (akidb) => akidb.computedColumns.cancelChange(T, 'v') },
  health: { call: (akidb) => akidb.health() },
  healthReady: { call: (akidb) => akidb.health('ready') },
  healthLive: { call: (akidb) => akidb.health('live') },
  getCaller: { call: (akidb) => akidb.caller() },
  createToken: {
    call: (akidb) =>
      akidb.tokens.create({
        subject: 's',
        expiresIn: 60,
        scopes: ['read', 'write'],
        tables: { t: { columns: ['a'], where: [CONDITION] } },
      }),
  },
  listKeys: { call: (akidb) => akidb.keys() },
  readAudit: { call: (akidb) => akidb.audit({ limit: 5, refused: true }) },
  getTraffic: { call: (akidb) => akidb.traffic() },
  version: { call: (akidb) => akidb.version() },
  listBackups: { call: (akidb) => akidb.backups.list() },
  startBackup: { call: (akidb) => akidb.backups.start({ name: 'b', includeKeys: true, includeAudit: true }) },
  getBackup: { call: (akidb) => akidb.backups.get('b') },
  getCompaction: { call: (akidb) => akidb.compaction() },
  startCompaction: { call: (akidb) => akidb.compact() },
  getVerification: { call: (akidb) => akidb.verification() },
  startVerification: { call: (akidb) => akidb.verify() },
  pushMutations: 'for replicas, which have a client of their own',
  pullChanges: 'for replicas, which have a client of their own',
  syncSocket: 'for replicas, which have a client of their own',
  syncEvents: 'for replicas, which have a client of their own',
  welcome: 'for people who look around; version() tells the same to programs',
  metrics: 'text for Prometheus, which fetches it itself',
};
