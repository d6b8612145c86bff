import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { AkidbClient, InvalidRequestError, NotFoundError, type Live } from '@akidb/sdk';
import { Flaky } from '../support/flaky.js';
import { client, fresh } from '../support/layouts.js';

const server = client();
const open: AkidbClient[] = [];
let name: string;

beforeEach(async () => {
  name = fresh('live');
  await server.tables.create(name, {
    columns: { id: 'string', stars: 'int', at: 'timestamp', vec: { type: 'embedding', dimensions: 3 } },
    primaryKey: 'id',
  });
  await server.table(name).insert([
    { id: 'a', stars: 3, vec: [1, 0, 0] },
    { id: 'b', stars: 5, vec: [0, 1, 0] },
    { id: 'c', stars: 5, at: '2026-03-01T09:30:00Z', vec: [0.8, 0.6, 0] },
  ]);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((its) => its.close()));
  await server.tables.drop(name).catch(() => undefined);
});

/** Follows until it is true of the results, or there is an error. */
function until<R>(live: Live<R>, isSo: (results: R) => boolean): Promise<R> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const results = live.getSnapshot();
      if (live.error) reject(live.error);
      else if (results === undefined || !isSo(results)) return;
      else resolve(results);
      end();
    };
    const end = live.subscribe(look);
  });
}

/** Waits long enough for a busy machine. */
const PATIENT = { timeout: 20_000, interval: 20 };

/** Numbers that look random and are the same each time. */
function* numbers(seed: number): Generator<number, never, undefined> {
  for (let state = seed; ;) yield (state = (state * 48271) % 2147483647) / 2147483647;
}

const both = [
  ['by a socket, where the platform has such', () => server],
  [
    'by events',
    () => {
      const its = new AkidbClient({ baseUrl: inject('url'), fetch: new Flaky().fetch });
      open.push(its);
      return its;
    },
  ],
] as const;

describe.each(both)('a live query %s', (_way, make) => {
  it('shows what the query would answer, after each commit', { timeout: 60_000 }, async () => {
    const db = make();
    const table = db.table(name);
    const queries = [
      table.where('stars >= 4').orderBy('id', 'desc').select('id', 'stars').limit(4),
      table.query().includeMeta().orderBy('stars').orderBy('id'),
      table
        .query()
        .similaritySearch(Float32Array.of(1, 1, 0), 'vec', { threshold: 0.1 })
        .limit(5)
        .includeVectors(),
      table
        .similarity(Float32Array.of(0, 1, 1))
        .inColumn('vec')
        .where('stars < 5')
        .limit(3),
    ] as const;
    const lives: Live<unknown[]>[] = [db.live(queries[0]), db.live(queries[1]), db.live(queries[2]), db.live(queries[3])];
    const ends = lives.map((live) => live.subscribe(() => undefined));
    const random = numbers(7);
    const next = (below: number): number => Math.floor(random.next().value * below);
    for (let commit = 0; commit < 20; commit++) {
      const rows = Array.from({ length: 1 + next(3) }, (_, i) => ({
        id: `r${(next(4) * 3 + i) % 12}`,
        stars: next(7),
        vec: [1 + next(2), next(3) - 1, next(3) - 1],
      }));
      if (next(4) > 0) await table.insert(rows, { onConflict: 'replace' });
      else await table.delete({ column: 'id', operator: '=', value: `r${next(12)}` });
      await expect
        .poll(() => lives.map((live) => JSON.stringify(live.getSnapshot())), PATIENT)
        .toEqual((await Promise.all(queries)).map((rows) => JSON.stringify(rows)));
    }
    for (const end of ends) end();
  });

  it('can be walked through, and ends with the loop', async () => {
    const db = make();
    const seen: number[] = [];
    for await (const rows of db.live(db.table(name).where('stars = 5').select('id'))) {
      seen.push(rows.length);
      if (rows.length === 3) break;
      await server.table(name).insert([{ id: 'd', stars: 5, vec: [1, 1, 1] }]);
    }
    expect(seen).toEqual([2, 3]);
  });

  it('gives vectors and keeps rows that did not change', async () => {
    const db = make();
    const live = db.live(db.table(name).query().orderBy('id').includeVectors());
    const stop = live.subscribe(() => undefined);
    await expect.poll(() => live.getSnapshot()?.length, PATIENT).toBe(3);
    expect(live.getSnapshot()![0]!['vec']).toEqual(Float32Array.of(1, 0, 0));
    const kept = live.getSnapshot()![1];
    await server.table(name).updateByKey('a', { stars: 4 });
    await expect.poll(() => live.getSnapshot()![0]!['stars'], PATIENT).toBe(4);
    expect(live.getSnapshot()![1]).toBe(kept);
    stop();
  });

  it('says what is wrong with it', async () => {
    const db = make();
    await expect(until(db.live(db.table(name).where('nothing = 1')), () => true)).rejects.toThrow(InvalidRequestError);
    await expect(until(db.live(db.table(fresh('nowhere')).query()), () => true)).rejects.toThrow(NotFoundError);
    const live = db.live(db.table(name).query());
    const loop = (async () => {
      for await (const rows of live) if (rows.length === 3) await server.tables.drop(name);
    })();
    await expect(loop).rejects.toThrow(NotFoundError);
  });
});

describe('a live query of a client that synchronises', () => {
  it('is followed at the server until its table is here', async () => {
    const network = new Flaky();
    const its = new AkidbClient({
      baseUrl: inject('url'),
      fetch: network.fetch,
      syncEngine: { tables: [], interval: 60_000, name: fresh('replica') },
    });
    open.push(its);
    const sync = await its.sync;
    const live = sync.live(its.table(name).where('stars = 5').select('id').orderBy('id'));
    const end = live.subscribe(() => undefined);
    await expect.poll(() => live.getSnapshot(), PATIENT).toEqual([{ id: 'b' }, { id: 'c' }]);
    await server.table(name).insert([{ id: 'd', stars: 5, vec: [1, 1, 1] }]);
    await expect.poll(() => live.getSnapshot()?.length, PATIENT).toBe(3);
    await sync.subscribe(name);
    network.off = true;
    await its.table(name).insert([{ id: 'e', stars: 5, vec: [1, 1, 1] }]);
    await expect.poll(() => live.getSnapshot()?.length, PATIENT).toBe(4);
    end();
  });
});

describe('a live query whose connection is lost', () => {
  it('goes on with what is there when it is back', async () => {
    const network = new Flaky();
    const its = new AkidbClient({ baseUrl: inject('url'), fetch: network.fetch, retries: 0 });
    open.push(its);
    network.off = true;
    const live = its.live(its.table(name).query().select('id'));
    const end = live.subscribe(() => undefined);
    await expect.poll(() => live.error?.message, PATIENT).toContain('no network');
    expect(live.getSnapshot()).toBeUndefined();
    network.off = false;
    await expect.poll(() => live.getSnapshot()?.length, PATIENT).toBe(3);
    expect(live.error).toBeUndefined();
    end();
  });
});
