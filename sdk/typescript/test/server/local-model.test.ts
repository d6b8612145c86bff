import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { AkidbClient, ConfigurationError, ConnectionError } from '@akidb/sdk';
import { memoryStore, type LocalModel, type SyncEngine, type SyncOptions } from '@akidb/sdk/sync';
import {
  browserModelCache,
  folderModelCache,
  onnxModel,
  type ModelCache,
  type ModelManifest,
  type ModelServer,
  type OpenModel,
} from '@akidb/sdk/sync/onnx';
import { WordPiece } from '../../src/sync/onnx/word-piece.js';
import { client as plain, fresh, MODEL } from '../support/layouts.js';
import { Flaky } from '../support/flaky.js';
import tokens from '../support/tokens.json';

const ID = 'all-minilm-l6-v2';
const runtime = () => import('onnxruntime-web/wasm');
const server = plain();
const open: AkidbClient[] = [];
let name: string;

/** Keeps files as long as the test runs. */
function memoryCache(): ModelCache & { files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    get: async (file) => files.get(file)?.slice(),
    put: async (file, bytes) => void files.set(file, bytes.slice()),
    keep: async (beginning, names) => {
      for (const file of files.keys()) if (file.startsWith(beginning) && !names.includes(file)) files.delete(file);
    },
  };
}

const shared = memoryCache();

/** The cache that the platform has. */
async function platformCache(): Promise<{ cache: ModelCache; end: () => Promise<void> }> {
  if ('caches' in globalThis) {
    const its = fresh('models');
    return { cache: browserModelCache(its), end: async () => void (await caches.delete(its)) };
  }
  const { getBuiltinModule } = process;
  const fs = getBuiltinModule('node:fs/promises');
  const folder = await fs.mkdtemp(`${getBuiltinModule('node:os').tmpdir()}/akidb-models-`);
  return { cache: folderModelCache(`${folder}/models`), end: () => fs.rm(folder, { recursive: true }) };
}

function client(sync: SyncOptions = {}): { its: AkidbClient; network: Flaky } {
  const network = new Flaky();
  const syncEngine = {
    interval: 60_000,
    name: fresh('replica'),
    localModel: onnxModel(MODEL, { runtime, cache: shared }),
    ...sync,
  };
  const its = new AkidbClient({ baseUrl: inject('url'), fetch: network.fetch, retries: 0, syncEngine });
  open.push(its);
  return { its, network };
}

/** The server's files, unless there is no network. */
function files(network = new Flaky()): ModelServer {
  return {
    url: inject('url'),
    file: async (model, file, { signal }) => {
      try {
        return await network.fetch(`${inject('url')}/api/v1/models/${encodeURIComponent(model)}/files/${file}`, {
          signal,
          method: 'GET',
        });
      } catch (error) {
        throw new ConnectionError('no network', error);
      }
    },
  };
}

async function opened(model: LocalModel, from = files()): Promise<OpenModel> {
  const its = await model.open(from, new AbortController().signal);
  onTestFinished(() => its.close());
  return its;
}

function cosine(one: Float32Array, other: Float32Array): number {
  let [dot, a, b] = [0, 0, 0];
  one.forEach((value, i) => {
    dot += value * other[i]!;
    a += value * value;
    b += other[i]! * other[i]!;
  });
  return dot / Math.sqrt(a * b);
}

/** Waits until the engine's state is so. */
function until(engine: SyncEngine, state: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => void (engine.status.state === state && resolve());
    onTestFinished(engine.on('status', look));
    look();
  });
}

describe('what keeps files', () => {
  it('gives them back, and forgets those that are not named', async () => {
    const { cache, end } = await platformCache();
    onTestFinished(end);
    const bytes = Uint8Array.from({ length: 1000 }, (_byte, index) => index);
    expect(await cache.get('http://x:1 m int8 a')).toBeUndefined();
    await cache.put('http://x:1 m int8 a', bytes);
    await cache.put('http://x:1 m int8 b', bytes.subarray(0, 10));
    await cache.put('http://x:1 m fp16 c', bytes.subarray(0, 20));
    await cache.put('http://x:1 m int8 b', bytes.subarray(0, 11));
    expect(await cache.get('http://x:1 m int8 a')).toEqual(bytes);
    expect(await cache.get('http://x:1 m int8 b')).toHaveLength(11);
    await cache.keep('http://x:1 m int8 ', ['http://x:1 m int8 b']);
    expect(await cache.get('http://x:1 m int8 a')).toBeUndefined();
    expect(await cache.get('http://x:1 m int8 b')).toHaveLength(11);
    expect(await cache.get('http://x:1 m fp16 c')).toHaveLength(20);
  });
});

describe('the tokens of a text', () => {
  it("are the server's", async () => {
    const json = await (await files().file(ID, 'tokenizer.json', { signal: new AbortController().signal, timeout: 0 })).text();
    const tokenizer = new WordPiece(json);
    const differ = tokens.filter(({ text, ids }) => JSON.stringify(tokenizer.encode(text, 256)) !== JSON.stringify(ids));
    expect(differ.map(({ text }) => text.slice(0, 100))).toEqual([]);
    expect(tokens.length).toBeGreaterThan(90);
  });

  it('are only known of models like BERT', () => {
    const json = JSON.stringify({ model: { type: 'BPE', vocab: {} } });
    expect(() => new WordPiece(json)).toThrow(ConfigurationError);
  });
});

describe('a model that runs here', { timeout: 300_000 }, () => {
  const texts = tokens.map(({ text }) => text).filter((text, index) => text !== '' && index % 3 === 0);

  it.each([
    ['int8', 0.999],
    ['fp16', 0.9999],
  ] as const)("makes vectors near the server's as %s", async (variant, least) => {
    const model = await opened(onnxModel(ID, { runtime, variant, cache: shared }));
    const theirs = await server.embeddings.generateEmbeddings(texts, ID);
    let lowest = 1;
    for (const [index, text] of texts.entries()) lowest = Math.min(lowest, cosine(await model.embed(text), theirs[index]!));
    expect(lowest).toBeGreaterThanOrEqual(least);
    expect(model.manifest).toMatchObject({ model: ID, dimensions: 384 });
  });

  it('is opened without a network when it was here before, and not from files that are damaged', async () => {
    const cache = memoryCache();
    const network = new Flaky();
    const model = onnxModel(ID, { runtime, cache });
    network.off = true;
    await expect(model.open(files(network), new AbortController().signal)).rejects.toThrow(ConnectionError);
    network.off = false;
    const first = await opened(model, files(network));
    expect(cache.files.size).toBe(3);
    network.asked.length = 0;
    network.off = true;
    const second = await opened(model, files(network));
    expect(await second.embed('high water')).toEqual(await first.embed('high water'));
    network.off = false;
    await opened(model, files(network));
    expect(network.asked.filter((call) => !call.endsWith('manifest.json'))).toEqual([]);

    const [graph] = [...cache.files.keys()].filter((file) => file.endsWith('.onnx'));
    cache.files.get(graph!)![1_000_000]! ^= 1;
    network.off = true;
    await expect(model.open(files(network), new AbortController().signal)).rejects.toThrow(ConnectionError);
    network.off = false;
    const third = await opened(model, files(network));
    expect(await third.embed('high water')).toEqual(await first.embed('high water'));
  });

  it("gives way to the server's next one", async () => {
    const cache = memoryCache();
    await opened(onnxModel(ID, { runtime, cache }));
    const before = [...cache.files.keys()];
    // as if the server had another model under the name
    const other: ModelServer = {
      url: inject('url'),
      file: async (model, file, options) => {
        const answer = await files().file(model, file, options);
        if (file !== 'manifest.json') return answer;
        const manifest = (await answer.json()) as ModelManifest;
        return Response.json({ ...manifest, fingerprint: 'another' });
      },
    };
    const next = await opened(onnxModel(ID, { runtime, cache }), other);
    expect(next.manifest.fingerprint).toBe('another');
    const after = [...cache.files.keys()];
    expect(after.filter((file) => file.endsWith('.onnx'))).toEqual(before.filter((file) => file.endsWith('.onnx')));
    expect(after.filter((file) => file.endsWith('tokenizer.json'))).not.toEqual(
      before.filter((file) => file.endsWith('tokenizer.json')),
    );
    expect(after).toHaveLength(3);
  });

  it('says what is wrong with what it was given', async () => {
    expect(() => onnxModel(ID, { runtime: undefined as never })).toThrow(ConfigurationError);
    const none = onnxModel(ID, { runtime: async () => ({}) as never, cache: shared });
    await expect(none.open(files(), new AbortController().signal)).rejects.toThrow(/onnxruntime-web/);
  });
});

describe('a client with a model', { timeout: 300_000 }, () => {
  beforeEach(async () => {
    name = fresh('notes');
    await server.tables.create(name, { columns: { id: 'string', text: 'string' }, primaryKey: 'id' });
    await server.table(name).insert([
      { id: 'a', text: 'The river rose two metres overnight' },
      { id: 'b', text: 'The pass is closed by snow' },
      { id: 'c', text: 'A recipe for bread' },
    ]);
    await server.computedColumns.createEmbeddingColumn(name, { name: 'meaning', sourceColumn: 'text', model: MODEL });
    await server.computedColumns.wait(name, 'meaning');
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((its) => its.close()));
    await server.tables.drop(name).catch(() => undefined);
  });

  const how = { column: 'meaning', limit: 2, includeScore: true } as const;

  it('answers texts that were never searched with while there is no network', async () => {
    const { its, network } = client({ vectors: 'float32' });
    const sync = await its.sync;
    await sync.subscribe(name);
    await sync.modelsReady();
    network.off = true;
    const here = await its.search(name, 'flood', how);
    const theirs = await server.search(name, 'flood', how);
    expect(here.map(({ data }) => data)).toEqual(theirs.map(({ data }) => data));
    here.forEach(({ score }, index) => expect(score).toBeCloseTo(theirs[index]!.score!, 1));
    expect(await its.search(name, 'flood', how)).toEqual(here);
    const query = its.table(name).similaritySearch('flood', 'meaning').limit(2);
    expect((await query).map(({ id }) => id as string)).toEqual(here.map(({ data }) => data.id as string));

    network.off = false;
    await sync.synced();
    // what the server makes counts for more than what was made here
    expect(await its.search(name, 'flood', how)).toEqual(theirs);
    network.off = true;
    expect(await its.search(name, 'flood', how)).toEqual(theirs);
  });

  it('without a model that fits says that there is no network', async () => {
    const { its, network } = client({ localModel: undefined });
    await (await its.sync).subscribe(name);
    network.off = true;
    await expect(its.search(name, 'flood', how)).rejects.toThrow(ConnectionError);
  });

  it("finds what was written without a network, until the server's vectors come", async () => {
    const { its, network } = client();
    const sync = await its.sync;
    await sync.subscribe(name);
    await sync.modelsReady();
    network.off = true;
    const table = its.table(name);
    await table.insert([{ id: 'd', text: 'High water in the valley' }]);
    await table.updateByKey('c', { text: 'The dam broke and the town was flooded' });
    await until(sync, 'offline');
    const search = (text: string): Promise<{ data: { id?: unknown; _provisional?: boolean } }[]> =>
      its.search(name, text, { ...how, limit: 4 });
    const marks = async (): Promise<object> =>
      Object.fromEntries((await search('flooding')).map(({ data }) => [data.id as string, data._provisional ?? false]));
    await expect.poll(marks, { timeout: 60_000 }).toEqual({ a: false, b: false, c: true, d: true });
    await table.updateByKey('d', { text: 'Baking at home' });
    await table.deleteByKey('b');
    await expect.poll(async () => (await search('bread and cakes'))[0]!.data.id, { timeout: 60_000 }).toBe('d');
    expect(await search('bread and cakes')).toHaveLength(3);

    network.off = false;
    await sync.synced();
    await server.computedColumns.wait(name, 'meaning');
    await sync.synced();
    const last = await its.search(name, 'bread and cakes', { ...how, limit: 4 });
    expect(last.filter(({ data }) => '_provisional' in data)).toEqual([]);
    expect(last.map(({ data }) => data)).toEqual(
      (await server.search(name, 'bread and cakes', { ...how, limit: 4 })).map(({ data }) => data),
    );
    expect(sync.refused).toEqual([]);
  });

  it('finds again what was written without a network after it was closed', async () => {
    const replica = { name: fresh('again'), ...('indexedDB' in globalThis ? {} : { store: memoryStore() }) };
    const first = client(replica);
    await (await first.its.sync).subscribe(name);
    first.network.off = true;
    await first.its.table(name).insert([{ id: 'd', text: 'High water in the valley' }]);
    await first.its.close();
    const second = client(replica);
    second.network.off = true;
    const sync = await second.its.sync;
    await until(sync, 'offline');
    await expect
      .poll(async () => (await second.its.search(name, 'flooding', { ...how, limit: 4 })).length, { timeout: 60_000 })
      .toBe(4);
  });
});
