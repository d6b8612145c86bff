import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { AkidbClient, ConflictError, ConnectionError, identifier, NotFoundError } from '@akidb/sdk';
import { memoryStore, PixeltableSyncEngine, type Refused, type SyncOptions } from '@akidb/sdk/sync';
import { client as plain, fresh, MODEL } from '../support/layouts.js';
import { Flaky } from '../support/flaky.js';

const server = plain();
const open: AkidbClient[] = [];
let name: string;

/** A client that keeps tables, on a network of its own. */
function client(sync: SyncOptions = {}): { its: AkidbClient; network: Flaky } {
  const network = new Flaky();
  const syncEngine = { interval: 60_000, name: fresh('replica'), ...sync };
  const its = new AkidbClient({ baseUrl: inject('url'), fetch: network.fetch, retries: 0, syncEngine });
  open.push(its);
  return { its, network };
}

beforeEach(async () => {
  name = fresh('notes');
  await server.tables.create(name, {
    columns: {
      id: 'string',
      text: 'string',
      stars: { type: 'int', default: 0 },
      facts: 'json',
      at: 'timestamp',
      vec: { type: 'embedding', dimensions: 4 },
    },
    primaryKey: 'id',
  });
  await server.table(name).insert([
    { id: 'a', text: 'Tides', stars: 3, facts: { tags: ['sea'] }, vec: [1, 0, 0, 0] },
    { id: 'b', text: 'Passes', stars: 5, facts: { tags: ['snow', 'rock'] }, vec: [0, 1, 0, 0] },
    { id: 'c', text: 'Rivers', stars: 5, at: '2026-03-01T09:30:00Z', vec: [0.8, 0.6, 0, 0] },
  ]);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((its) => its.close()));
  await server.tables.drop(name).catch(() => undefined);
});

describe('a client that synchronises', () => {
  it('answers from its replica as the server does, without a request', async () => {
    const { its, network } = client();
    await (await its.sync).subscribe(name);
    const ask = async (db: AkidbClient): Promise<unknown[]> => {
      const table = db.table(name);
      const pages: number[] = [];
      for await (const page of table.query().pages(2)) pages.push(page.length);
      const found = await db.search(name, Float32Array.of(1, 0, 0, 0), {
        column: 'vec',
        limit: 2,
        filters: [{ column: 'stars', operator: '>', value: 1 }],
      });
      return [
        await db.sql`select id, stars from ${identifier(name)} where text like ${'%s'} order by stars desc, id limit 2`,
        await table.count(),
        await table.get('a'),
        await table.get('z'),
        await table.get('c', { includeVectors: true }).then((row) => Object.keys(row!)),
        await table.select('id', 'facts.tags').where('stars >= ? and text like ?', 3, '%s').orderBy('stars', 'desc'),
        await table.where(table.columns.facts!.at('tags').contains('snow')).first(),
        await table.query().groupBy('stars'),
        await table.select('stars').distinct(),
        pages,
        found.map(({ data }) => data as unknown),
        (await table.similaritySearch(Float32Array.of(0, 1, 0, 0), 'vec').limit(2)).map(({ id }) => id as string),
        (await table.like('a').inColumn('vec').limit(1)).map(({ data }) => data.id as string),
      ];
    };
    const theirs = await ask(server);
    network.off = true;
    network.asked.length = 0;
    expect(await ask(its)).toEqual(theirs);
    const explained = await its.search(name, Float32Array.of(1, 0, 0, 0), { column: 'vec', explain: true });
    expect(explained.info.explanation).toMatchObject({ plan: 'local', rows: 3 });
    expect((await its.table(name).where('stars = ?', 5).explain()).toString()).toContain('LOCAL');
    for await (const row of its.table(name).query().stream()) expect(row.id).toEqual(expect.any(String));
    expect(network.asked).toEqual([]);
  });

  it('keeps a table from its first use on, if nobody says which', async () => {
    const { its } = client();
    const sync = await its.sync;
    expect(await its.table(name).count()).toBe(3);
    await sync.subscribe(name);
    expect(sync.status).toMatchObject({ state: 'synced', pending: 0, tables: { [name]: { rows: 3, loaded: true } } });
  });

  it('writes without a network, shows it at once, and sends it later', async () => {
    const { its, network } = client({ tables: ['nothing_of_this_name', { table: name }] });
    const sync = await its.sync;
    await sync.subscribe(name);
    network.off = true;
    const table = its.table(name);
    await table.insert([{ id: 'd', text: 'Caves', at: '2026-03-01T10:00:00.5+01:00', vec: Float32Array.of(1, 0, 0, 0) }]);
    await table.updateByKey('a', { stars: 4 });
    expect(await table.update('stars >= 5', { text: 'High' })).toMatchObject({ updated: 2 });
    await table.deleteByKey('c');
    const shown = await table.query();
    expect(shown).toEqual([
      { id: 'a', text: 'Tides', stars: 4, facts: { tags: ['sea'] }, at: null },
      { id: 'b', text: 'High', stars: 5, facts: { tags: ['snow', 'rock'] }, at: null },
      { id: 'd', text: 'Caves', stars: 0, facts: null, at: '2026-03-01T09:00:00.500Z' },
    ]);
    const near = await its.search(name, Float32Array.of(1, 0, 0, 0), { column: 'vec', limit: 2 });
    expect(near.map(({ data }) => data.id as string)).toEqual(['a', 'd']);
    await expect(table.insert([{ id: 'a' }])).rejects.toThrow(ConflictError);
    await expect(table.insert([{ id: 'x', colour: 'red' }])).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
      field: 'rows[0].colour',
    });
    await expect(table.updateByKey('c', { stars: 1 })).rejects.toThrow(NotFoundError);
    await expect(table.updateRows([{ id: 'a' }, { id: 'c', stars: 1 }])).rejects.toThrow(NotFoundError);
    expect(sync.status.pending).toBe(5);
    expect(await server.table(name).count()).toBe(3);

    network.off = false;
    await sync.synced();
    expect(sync.status.pending).toBe(0);
    expect(await server.table(name).query()).toEqual(shown);
    expect(await table.query()).toEqual(shown);
    expect(await table.get('d', { includeVectors: true })).toMatchObject({ vec: Float32Array.of(1, 0, 0, 0) });
  });

  it('changes rows each to values of its own', async () => {
    const { its, network } = client();
    const sync = await its.sync;
    await sync.subscribe(name);
    network.off = true;
    const table = its.table(name);
    const changes = [
      { id: 'a', stars: 7 },
      { id: 'b', text: 'Peaks' },
      { id: 'nowhere', stars: 1 },
    ];
    expect(await table.updateRows(changes, { ifMissing: 'ignore' })).toMatchObject({ updated: 2, missing: 1 });
    const shown = await table.select('id', 'text', 'stars').orderBy('id');
    expect(shown.slice(0, 2)).toMatchObject([
      { id: 'a', stars: 7 },
      { id: 'b', text: 'Peaks' },
    ]);
    network.off = false;
    await sync.synced();
    expect(await server.table(name).select('id', 'text', 'stars').orderBy('id')).toEqual(shown);
  });

  it('says what only the server can do', async () => {
    const { its, network } = client();
    const sync = await its.sync;
    await sync.subscribe(name);
    expect(
      await its
        .table(name)
        .select({ expression: 'stars * 2', as: 'double' } as never)
        .limit(1),
    ).toEqual([{ double: 6 }]);
    network.off = true;
    await sync.synced({ signal: AbortSignal.timeout(100) }).catch(() => undefined);
    expect(sync.status.state).toBe('offline');
    await expect(
      its
        .table(name)
        .select({ expression: 'stars * 2', as: 'double' } as never)
        .collect(),
    ).rejects.toThrow(/the server cannot be reached, and only the server can do this/);
    await expect(its.table('others').count()).rejects.toThrow(ConnectionError);
  });

  it('tells which writes the server refused, and takes them back', async () => {
    const { its, network } = client();
    const sync = await its.sync;
    await sync.subscribe(name);
    const refused: Refused[] = [];
    sync.on('refused', (each) => refused.push(each));
    network.off = true;
    await its.table(name).updateByKey('a', { stars: 9 });
    await its.table(name).insert([{ id: 'd', text: 'mine' }]);
    await server.table(name).deleteByKey('a');
    await server.table(name).insert([{ id: 'd', text: 'theirs' }]);
    network.off = false;
    await sync.synced();
    expect(refused.map(({ name, code }) => [name, code])).toEqual([
      ['update', 'NOT_FOUND'],
      ['insert', 'ALREADY_EXISTS'],
    ]);
    expect(await its.table(name).get('a')).toBeNull();
    expect((await its.table(name).get('d'))!.text).toBe('theirs');
    expect(sync.refused).toHaveLength(2);
    await sync.dismiss();
    expect(sync.refused).toEqual([]);
  });

  it('merges edits of different fields of two clients; of the same field the later arrival wins', async () => {
    const [one, other] = [client(), client()];
    for (const { its, network } of [one, other]) {
      await (await its.sync).subscribe(name);
      network.off = true;
    }
    await one.its.table(name).updateByKey('a', { stars: 7, facts: { by: 'one' } });
    await other.its.table(name).updateByKey('a', { text: 'Floods', facts: { by: 'other' } });
    for (const { its, network } of [one, other, one]) {
      network.off = false;
      await (await its.sync).synced();
    }
    for (const { its } of [one, other]) {
      expect(await its.table(name).get('a')).toMatchObject({ stars: 7, text: 'Floods', facts: { by: 'other' } });
    }
  });

  it('goes on where it was when it is opened again, also with what was not sent', async () => {
    const replica = { name: fresh('again'), ...('indexedDB' in globalThis ? {} : { store: memoryStore() }) };
    const first = client(replica);
    await (await first.its.sync).subscribe(name);
    first.network.off = true;
    await first.its.table(name).updateByKey('b', { stars: 1 });
    await first.its.close();
    const second = client(replica);
    second.network.off = true;
    expect((await second.its.table(name).get('b'))!.stars).toBe(1);
    second.network.off = false;
    await (await second.its.sync).synced();
    expect((await server.table(name).get('b'))!.stars).toBe(1);
    expect(second.network.asked).not.toContain(`GET /api/v1/tables/${name}`);
  });

  it('sends again what it does not know to have arrived, and the server does it once', async () => {
    const { its, network } = client();
    const sync = await its.sync;
    await sync.subscribe(name);
    let cut = 3;
    network.after = (path) => {
      if (path.endsWith('/push') && cut-- > 0) throw new TypeError('the connection broke');
    };
    await its.table(name).insert([{ id: 'once', text: 'x' }]);
    await its.table(name).updateByKey('once', { stars: 2 });
    await sync.synced();
    expect(cut).toBeLessThanOrEqual(0);
    expect(sync.refused).toEqual([]);
    expect(await server.table(name).get('once')).toMatchObject({ text: 'x', stars: 2 });
  });

  it('sends a whole day of writes without a network', { timeout: 60_000 }, async () => {
    const { its, network } = client();
    const sync = await its.sync;
    await sync.subscribe(name);
    network.off = true;
    const table = its.table(name);
    for (let n = 0; n < 1500; n++) {
      await table.insert([{ id: `day-${n}`, stars: n }]);
      if (n % 3 === 0) await table.updateByKey(`day-${n}`, { text: `changed ${n}` });
      if (n % 5 === 0) await table.deleteByKey(`day-${n}`);
    }
    expect(sync.status.pending).toBe(2300);
    const shown = await table.query();
    network.off = false;
    await sync.synced();
    expect(sync.refused).toEqual([]);
    expect(await server.table(name).query()).toEqual(shown);
    expect(await table.query()).toEqual(shown);
    expect(network.asked.filter((call) => call.endsWith('/push')).length).toBeLessThan(12);
  });

  it('begins anew where the server does not know it, and keeps what was not sent', async () => {
    const store = memoryStore();
    const { its, network } = client({ store });
    const sync = await its.sync;
    await sync.subscribe(name);
    const reasons: string[] = [];
    sync.on('reset', ({ reason }) => reasons.push(reason));
    network.off = true;
    await its.table(name).updateByKey('b', { stars: 2 });
    await its.close();
    // as if the server had been restored from a backup that knows nothing of this client
    const [mutation] = await store.outbox();
    await store.write({ outbox: [{ ...mutation!, id: 5 }] });
    const again = client({ store });
    const anew = await again.its.sync;
    anew.on('reset', ({ reason }) => reasons.push(reason));
    await anew.synced();
    expect(reasons).toEqual(['the server does not know this replica']);
    expect(await again.its.table(name).get('b')).toMatchObject({ stars: 2 });
    expect(await server.table(name).get('b')).toMatchObject({ stars: 2 });
  });

  it('loads anew what its store cannot give back, and sends what of it can be read', async () => {
    const store = memoryStore();
    const first = client({ store });
    await (await first.its.sync).subscribe(name);
    first.network.off = true;
    await first.its.table(name).updateByKey('b', { stars: 2 });
    await first.its.close();
    const damaged = { ...store, load: () => Promise.reject(new Error('the disk is damaged')) };
    const { its } = client({ store: damaged, tables: [name] });
    const sync = await its.sync;
    await sync.subscribe(name);
    await sync.synced();
    expect(await its.table(name).get('b')).toMatchObject({ stars: 2 });
    expect(await server.table(name).get('b')).toMatchObject({ stars: 2 });
  });

  it('fails a write that its store cannot keep', async () => {
    const store = memoryStore();
    const full = { ...store, append: () => Promise.reject(new Error('the disk is full')) };
    const { its } = client({ store: full });
    await (await its.sync).subscribe(name);
    await expect(its.table(name).updateByKey('b', { stars: 2 })).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect((await its.table(name).get('b'))!.stars).toBe(5);
  });

  it('shows live results', async () => {
    const { its } = client();
    const sync = await its.sync;
    await sync.subscribe(name);
    const live = sync.live(its.table(name).where('stars = 5').select('id'));
    const seen: string[] = [];
    const until = (wanted: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          const shown = JSON.stringify((live.getSnapshot() ?? []).map(({ id }) => id as string));
          seen.push(shown);
          if (shown === wanted) resolve();
        };
        onTestFinished(live.subscribe(look));
      });
    await until('["b","c"]');
    const gone = until('["c"]');
    await its.table(name).deleteByKey('b');
    await gone;
    const came = until('["c","d"]');
    await server.table(name).insert([{ id: 'd', stars: 5 }]);
    await sync.synced();
    await came;
    expect(seen.at(-1)).toBe('["c","d"]');
  });

  it('hears of what others commit', async () => {
    const { its } = client({ interval: undefined });
    const sync = await its.sync;
    await sync.subscribe(name);
    const told = new Promise<void>((resolve) => {
      const look = async (): Promise<void> => {
        if (await its.table(name).get('new')) resolve();
      };
      onTestFinished(sync.on('change', () => void look()));
    });
    await server.table(name).insert([{ id: 'new' }]);
    await told;
  });

  it('embeds texts at the server once, and searches them without it from then on', async () => {
    await server.computedColumns.createEmbeddingColumn(name, { name: 'meaning', sourceColumn: 'text', model: MODEL });
    await server.computedColumns.wait(name, 'meaning');
    const { its, network } = client({ vectors: 'float32' });
    const sync = await its.sync;
    await sync.subscribe(name);
    const how = { column: 'meaning', limit: 3, includeScore: true } as const;
    const theirs = await server.search(name, 'high water', how);
    expect(await its.search(name, 'high water', how)).toEqual(theirs);
    network.off = true;
    expect(await its.search(name, 'high water', how)).toEqual(theirs);
    await expect(its.search(name, 'never asked', how)).rejects.toThrow(ConnectionError);
    network.off = false;
    await its.table(name).insert([{ id: 'd', text: 'When the flood comes' }]);
    await sync.synced();
    await server.computedColumns.wait(name, 'meaning');
    await sync.synced();
    expect((await its.search(name, 'high water', { ...how, limit: 4 })).map(({ data }) => data.id as string)).toContain('d');
    const engine = new PixeltableSyncEngine({ client: its, table: name, column: 'meaning', limit: 4 });
    expect((await engine.search('high water')).map(({ data }) => data.id as string)).toContain('d');
  });

  it('loads a table anew that has other columns, and lets go of one that is gone', async () => {
    const { its } = client();
    const sync = await its.sync;
    await sync.subscribe(name);
    await server.tables.addColumn(name, 'colour', { type: 'string', default: 'red' });
    await server.tables.dropColumn(name, 'facts');
    await sync.synced();
    await sync.subscribe(name);
    expect(await its.table(name).get('a')).toEqual(await server.table(name).get('a'));
    await server.tables.drop(name);
    await sync.synced();
    expect(sync.status.tables).toEqual({});
    await expect(its.table(name).count()).rejects.toThrow(NotFoundError);
  });

  it('sees rows whose keys the server gives when they come from it', async () => {
    const numbered = fresh('numbered');
    await server.tables.create(numbered, { columns: { text: 'string' } });
    onTestFinished(() => server.tables.drop(numbered));
    const { its } = client();
    const sync = await its.sync;
    await sync.subscribe(numbered);
    const table = its.table(numbered);
    expect(await table.insert([{ text: 'a' }, { text: 'b' }])).toMatchObject({ inserted: 2 });
    await expect(table.insert([{ row_id: 7, text: 'c' }])).rejects.toThrow(/row_id/);
    await sync.synced();
    const rows = await table.query();
    expect(rows.map(({ text }) => text as string)).toEqual(['a', 'b']);
    await table.updateByKey(rows[0]!.row_id as number, { text: 'z' });
    await sync.synced();
    expect(await server.table(numbered).query()).toEqual(await table.query());
    expect(sync.refused).toEqual([]);
  });

  it('keeps a part of a table', async () => {
    const { its } = client();
    const sync = await its.sync;
    await sync.subscribe({ table: name, columns: ['text', 'stars'], where: { column: 'stars', operator: '=', value: 5 } });
    expect(await its.table(name).query()).toEqual([
      { id: 'b', text: 'Passes', stars: 5 },
      { id: 'c', text: 'Rivers', stars: 5 },
    ]);
    await server.table(name).updateByKey('b', { stars: 1 });
    await sync.synced();
    expect((await its.table(name).query()).map(({ id }) => id as string)).toEqual(['c']);
    await sync.unsubscribe(name);
    expect(await its.table(name).count()).toBe(3);
  });
});
