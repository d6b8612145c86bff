import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AkidbClient, type QueryVector, type VectorStore } from '@akidb/sdk';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server with a model of a fingerprint, which may become another; its vectors tell the fingerprint's length. */
class Model {
  fingerprint = 'a';
  readonly asked: string[][] = [];

  readonly fetch: typeof globalThis.fetch = async (_input, init) => {
    const { text } = JSON.parse(String(init!.body)) as { text: string[] };
    this.asked.push(text);
    const vector = btoa(String.fromCharCode(...new Uint8Array(new Float32Array([this.fingerprint.length]).buffer)));
    const body = { embeddings: text.map(() => vector), model: 'm', dimensions: 1, model_fingerprint: this.fingerprint };
    return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
  };

  client(store?: VectorStore): AkidbClient {
    return new AkidbClient({ baseUrl: 'http://127.0.0.1:1', fetch: this.fetch, queryVectors: { store } });
  }
}

const MINUTE = 60_000;

describe('vectors that are kept', () => {
  it('cost no request for a minute; then one tells whether the model is the same, and the others stay', async () => {
    const model = new Model();
    const { embeddings } = model.client();
    for (let round = 0; round < 3; round++) await embeddings.generate(['one', 'two', 'three'], 'm');
    expect(model.asked).toEqual([['one', 'two', 'three']]);
    vi.advanceTimersByTime(MINUTE);
    await embeddings.generate('two', 'm');
    await embeddings.generate(['three', 'one'], 'm');
    expect(model.asked.slice(1)).toEqual([['two']]);
    vi.advanceTimersByTime(MINUTE);
    await embeddings.generate(['one', 'two', 'three'], 'm');
    expect(model.asked.slice(2)).toEqual([['one']]);
  });

  it('are made anew when a model of the same name is another', async () => {
    const model = new Model();
    const { embeddings } = model.client();
    await embeddings.generate(['one', 'two', 'three'], 'm');
    model.fingerprint = 'another';
    expect(await embeddings.generate('one', 'm')).toEqual(new Float32Array([1]));
    await embeddings.generate('of another text', 'm');
    expect(await embeddings.generate('one', 'm')).toEqual(new Float32Array([7]));
    expect(await embeddings.generate(['one', 'two', 'three'], 'm')).toEqual(Array(3).fill(new Float32Array([7])));
    expect(model.asked.slice(1)).toEqual([['of another text'], ['one'], ['two', 'three']]);
  });

  it('beyond the life of a client count if the model is the same', async () => {
    let kept: (readonly [string, QueryVector])[] = [];
    const store: VectorStore = { load: async () => kept, save: async (entries) => void (kept = [...entries]) };
    const model = new Model();
    const first = model.client(store);
    await first.embeddings.generate(['one', 'two', 'three'], 'm');
    await first.close();
    expect(kept.map(([, { fingerprint }]) => fingerprint)).toEqual(['a', 'a', 'a']);
    await model.client(store).embeddings.generate(['one', 'two', 'three'], 'm');
    expect(model.asked.slice(1)).toEqual([['one']]);
    model.fingerprint = 'another';
    expect(await model.client(store).embeddings.generate(['one', 'two'], 'm')).toEqual(Array(2).fill(new Float32Array([7])));
    expect(model.asked.slice(2)).toEqual([['one'], ['two']]);
  });

  it('beyond the life of a client may be spoilt, which costs requests and no answers', async () => {
    const kept = [
      ['text\nm\ntrue\none', { vector: 7 }],
      ['text\nm\ntrue\ntwo', { vector: 'no base64', fingerprint: 'a' }],
    ] as unknown as [string, QueryVector][];
    const model = new Model();
    const spoilt = model.client({ load: async () => kept, save: async () => Promise.reject(new Error('full')) });
    expect(await spoilt.embeddings.generate(['one', 'two'], 'm')).toEqual(Array(2).fill(new Float32Array([1])));
    expect(spoilt.queryVectorStatistics().bytes).toBeGreaterThan(0);
    await expect(spoilt.close()).rejects.toThrow('full');
  });

  it('are of each model apart', async () => {
    const model = new Model();
    const { embeddings } = model.client();
    await embeddings.generate('one', 'm');
    await embeddings.generate('one', 'n');
    await embeddings.generate('one');
    await embeddings.generate('one', 'm', { normalize: false });
    expect(model.asked).toHaveLength(4);
  });
});
