import { afterEach, describe, expect, it } from 'vitest';
import { AkidbClient, ConflictError, ConnectionError, NotFoundError, type ClientOptions } from '@akidb/sdk';
import { memoryStore, type Refused, type SyncOptions } from '@akidb/sdk/sync';
import { SyncServer } from '../../support/sync-server.js';

const open: AkidbClient[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((its) => its.close()));
});

function client(server: SyncServer, sync: SyncOptions | true = {}, options: ClientOptions = {}): AkidbClient {
  const syncEngine = { interval: 60_000, ...(sync === true ? {} : sync) };
  const made = new AkidbClient({ baseUrl: 'http://127.0.0.1:1', fetch: server.fetch, retries: 0, syncEngine, ...options });
  open.push(made);
  return made;
}

const broken = (): never => {
  throw new TypeError('no network');
};

function notes(): SyncServer {
  const server = new SyncServer();
  server.create('notes', [
    { name: 'id', type: 'string', required: true },
    { name: 'text', type: 'string' },
    { name: 'stars', type: 'int', default: 0 },
    { name: 'facts', type: 'json' },
    { name: 'at', type: 'timestamp' },
    { name: 'vec', type: 'embedding', dimensions: 4, metric: 'cosine' },
  ]);
  server.put('notes', { id: 'a', text: 'Tides', stars: 3, facts: { tags: ['sea'] }, vec: [1, 0, 0, 0] });
  server.put('notes', { id: 'b', text: 'Passes', stars: 5, facts: { tags: ['snow', 'rock'] }, vec: [0, 1, 0, 0] });
  server.put('notes', { id: 'c', text: 'Rivers', stars: 5, at: '2026-03-01T09:30:00Z', vec: [0.8, 0.6, 0, 0] });
  return server;
}

describe('a synchronised client', () => {
  it('answers from its replica, without a request', async () => {
    const server = notes();
    const its = client(server);
    await (await its.sync).subscribe('notes');
    server.asked.length = 0;
    server.before = broken;
    const table = its.table('notes');
    expect(await table.count()).toBe(3);
    expect(await table.get('a')).toEqual({ id: 'a', text: 'Tides', stars: 3, facts: { tags: ['sea'] }, at: null });
    expect(await table.get('z')).toBeNull();
    expect(await table.select('id', 'facts.tags').where('stars >= ? and text like ?', 3, '%s').orderBy('stars', 'desc')).toEqual([
      { id: 'b', 'facts.tags': ['snow', 'rock'] },
      { id: 'c', 'facts.tags': null },
      { id: 'a', 'facts.tags': ['sea'] },
    ]);
    const found = await its.search('notes', Float32Array.of(1, 0, 0, 0), {
      column: 'vec',
      limit: 2,
      includeScore: true,
      explain: true,
    });
    expect(found.map(({ data, score }) => [data.id, Number(score!.toFixed(2))])).toEqual([
      ['a', 1],
      ['c', 0.8],
    ]);
    expect(found.info.explanation).toMatchObject({ plan: 'local', rows: 3 });
    expect((await table.where('stars = ?', 5).explain()).toString()).toContain('LOCAL');
    expect(await table.query().groupBy('stars')).toEqual([
      { values: { stars: 5 }, count: 2 },
      { values: { stars: 3 }, count: 1 },
    ]);
    const pages: number[] = [];
    for await (const page of table.query().pages(2)) pages.push(page.length);
    expect(pages).toEqual([2, 1]);
    for await (const row of table.query().stream()) expect(row.from).toBeUndefined();
    expect(server.asked).toEqual([]);
  });

  it('subscribes a table at its first use', async () => {
    const server = notes();
    const its = client(server, true);
    const sync = await its.sync;
    expect((await its.table('notes').limit(3))[0]).toMatchObject({ from: 'server' });
    await sync.subscribe('notes');
    expect((await its.table('notes').query().collect())[0]!.from).toBeUndefined();
    expect(sync.status).toMatchObject({ state: 'synced', pending: 0, tables: { notes: { rows: 3, loaded: true } } });
  });

  it('writes without a network, shows it at once, and sends it later', async () => {
    const server = notes();
    const its = client(server);
    const sync = await its.sync;
    await sync.subscribe('notes');
    server.before = broken;
    const table = its.table('notes');
    await table.insert([{ id: 'd', text: 'Caves', at: '2026-03-01T10:00:00.5+01:00', vec: [1, 0, 0, 0] }]);
    await table.updateByKey('a', { stars: 4 });
    expect(await table.update('stars >= 5', { text: 'High' })).toMatchObject({ updated: 2 });
    await table.deleteByKey('c');
    expect(await table.query()).toEqual([
      { id: 'a', text: 'Tides', stars: 4, facts: { tags: ['sea'] }, at: null },
      { id: 'b', text: 'High', stars: 5, facts: { tags: ['snow', 'rock'] }, at: null },
      { id: 'd', text: 'Caves', stars: 0, facts: null, at: '2026-03-01T09:00:00.500Z' },
    ]);
    const near = await its.search('notes', Float32Array.of(1, 0, 0, 0), { column: 'vec', limit: 2 });
    expect(near.map(({ data }) => data.id)).toEqual(['a', 'd']);
    await expect(table.insert([{ id: 'a' }])).rejects.toThrow(ConflictError);
    await expect(table.insert([{ id: 'x', colour: 'red' }])).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
      field: 'rows[0].colour',
    });
    await expect(table.updateByKey('c', { stars: 1 })).rejects.toThrow(NotFoundError);
    expect(sync.status.pending).toBe(5);
    expect(server.rows('notes')).toHaveLength(3);

    server.before = () => undefined;
    await sync.synced();
    expect(sync.status.pending).toBe(0);
    expect(server.rows('notes').map(({ id, stars, text }) => [id, stars, text])).toEqual([
      ['a', 4, 'Tides'],
      ['b', 5, 'High'],
      ['d', 0, 'Caves'],
    ]);
    expect((await table.query().collect()).map(({ id }) => id as string)).toEqual(['a', 'b', 'd']);
  });

  it('says what only the server can do', async () => {
    const server = notes();
    const its = client(server);
    const sync = await its.sync;
    await sync.subscribe('notes');
    server.before = broken;
    await sync.synced({ signal: AbortSignal.timeout(50) }).catch(() => undefined);
    expect(sync.status.state).toBe('offline');
    await expect(
      its
        .table('notes')
        .select({ expression: 'stars * 2', as: 'double' } as never)
        .collect(),
    ).rejects.toThrow(/the server cannot be reached, and only the server can do this/);
    await expect(its.table('others').count()).rejects.toThrow(ConnectionError);
  });

  it('tells which writes the server refused, and takes them back', async () => {
    const server = notes();
    const its = client(server);
    const sync = await its.sync;
    await sync.subscribe('notes');
    const refused: Refused[] = [];
    sync.on('refused', (each) => refused.push(each));
    server.before = broken;
    await its.table('notes').updateByKey('a', { stars: 9 });
    await its.table('notes').insert([{ id: 'd', text: 'mine' }]);
    server.before = () => undefined;
    server.remove('notes', 'a');
    server.put('notes', { id: 'd', text: 'theirs' });
    await sync.synced();
    expect(refused.map(({ name, code }) => [name, code])).toEqual([
      ['update', 'NOT_FOUND'],
      ['insert', 'ALREADY_EXISTS'],
    ]);
    expect(await its.table('notes').get('a')).toBeNull();
    expect((await its.table('notes').get('d'))!.text).toBe('theirs');
    expect(sync.refused).toHaveLength(2);
    await sync.dismiss();
    expect(sync.refused).toEqual([]);
  });

  it('merges edits of different fields of two clients', async () => {
    const server = notes();
    const [one, other] = [client(server), client(server)];
    for (const its of [one, other]) await (await its.sync).subscribe('notes');
    await one.table('notes').updateByKey('a', { stars: 7 });
    await other.table('notes').updateByKey('a', { text: 'Floods' });
    for (const its of [one, other, one]) await (await its.sync).synced();
    expect(await one.table('notes').get('a')).toMatchObject({ stars: 7, text: 'Floods' });
    expect(await other.table('notes').get('a')).toMatchObject({ stars: 7, text: 'Floods' });
  });

  it('goes on where it was when it is opened again, also with what was not sent', async () => {
    const server = notes();
    const store = memoryStore();
    const first = client(server, { store });
    await (await first.sync).subscribe('notes');
    server.before = broken;
    await first.table('notes').updateByKey('b', { stars: 1 });
    await first.close();
    const second = client(server, { store });
    expect((await second.table('notes').get('b'))!.stars).toBe(1);
    server.before = () => undefined;
    server.asked.length = 0;
    await (await second.sync).synced();
    expect(server.tables.get('notes')!.rows.get('b')!.values['stars']).toBe(1);
    expect(server.asked).not.toContain('GET /api/v1/tables/notes');
  });

  it('begins anew where the server does not know it, and keeps what was not sent', async () => {
    const server = notes();
    const its = client(server);
    const sync = await its.sync;
    await sync.subscribe('notes');
    await its.table('notes').updateByKey('a', { stars: 1 });
    await sync.synced();
    const reasons: string[] = [];
    sync.on('reset', ({ reason }) => reasons.push(reason));
    server.clients.clear();
    await its.table('notes').updateByKey('b', { stars: 2 });
    await sync.synced();
    expect(reasons).toEqual(['the server does not know this replica']);
    expect(await its.table('notes').get('b')).toMatchObject({ stars: 2 });
    expect(server.tables.get('notes')!.rows.get('b')!.values['stars']).toBe(2);
  });

  it('loads in pages, tells how far it is, and shows live results', async () => {
    const server = notes();
    server.page = 2;
    const its = client(server);
    const sync = await its.sync;
    const progress: number[] = [];
    sync.on('progress', ({ rows }) => progress.push(rows));
    await sync.subscribe('notes');
    expect(progress).toEqual([1]);
    const live = sync.live(its.table('notes').where('stars = 5').select('id'));
    let told = 0;
    const shown = (): Promise<void> =>
      new Promise((resolve) => {
        const end = live.subscribe(() => {
          told++;
          end();
          resolve();
        });
      });
    await shown();
    expect(live.getSnapshot()).toEqual([{ id: 'b' }, { id: 'c' }]);
    const again = shown();
    await again;
    await its.table('notes').deleteByKey('b');
    await shown();
    expect(live.getSnapshot()).toEqual([{ id: 'c' }]);
    expect(told).toBe(3);
  });

  it('lets go of a table that is gone', async () => {
    const server = notes();
    const its = client(server);
    const sync = await its.sync;
    await sync.subscribe('notes');
    server.tables.delete('notes');
    await sync.synced();
    expect(sync.status.tables).toEqual({});
    await expect(its.table('notes').count()).rejects.toThrow(NotFoundError);
  });
});
