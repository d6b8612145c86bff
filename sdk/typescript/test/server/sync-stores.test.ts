// Every store keeps the same: in Node those in memory and in SQLite, in a browser that in IndexedDB, too.
import { describe, expect, it } from 'vitest';
import { indexedDbStore, memoryStore, sqliteStore, type Mutation, type SyncStore } from '@akidb/sdk/sync';
import { fresh } from '../support/layouts.js';

type Opener = () => Promise<SyncStore>;

const process = (globalThis as { process?: NodeJS.Process }).process;
/** A file that is not there yet. */
const file = (): string => {
  const { mkdtempSync } = process!.getBuiltinModule('node:fs');
  return `${mkdtempSync(`${process!.getBuiltinModule('node:os').tmpdir()}/akidb-sync-`)}/replica.db`;
};
/** Whether there is SQLite: Node 22.13 and newer have it, others may have better-sqlite3. */
const sqlite =
  !!process?.versions?.node &&
  (await sqliteStore(file()).then(
    (store) => store.close().then(() => true),
    () => false,
  ));

/** Makes what opens one store again and again. */
const STORES: Record<string, (() => Promise<Opener>) | undefined> = {
  memory: async () => {
    const store = memoryStore();
    return async () => store;
  },
  sqlite: sqlite
    ? async () => {
        const replica = file();
        return () => sqliteStore(replica);
      }
    : undefined,
  indexedDb:
    'indexedDB' in globalThis
      ? async () => {
          const name = fresh('store');
          return () => indexedDbStore(name);
        }
      : undefined,
};

const write = (key: string): Omit<Mutation, 'id'> => ({ name: 'delete', args: { table: 't', key }, timestamp: 5 });

describe.each(Object.entries(STORES).filter(([, opener]) => opener))('the store in %s', (_name, opener) => {
  it('keeps rows, state and outbox when it is opened again', async () => {
    const open = await opener!();
    let store = await open();
    expect(await store.load()).toEqual({ state: undefined, rows: [], outbox: [] });
    await store.write({ put: [['a/1', '1'], ['a/2', '2'], ['a%2F/1', '3'], ['b/1', '4']], state: 'first' }); // prettier-ignore
    expect((await store.append([write('x'), write('y')])).map(({ id }) => id)).toEqual([1, 2]);
    expect((await store.append([write('z')])).map(({ id }) => id)).toEqual([3]);
    await store.close();
    store = await open();
    const kept = await store.load();
    expect(new Map(kept.rows)).toEqual(new Map(Object.entries({ 'a/1': '1', 'a/2': '2', 'a%2F/1': '3', 'b/1': '4' })));
    expect(kept.state).toBe('first');
    expect(kept.outbox).toEqual([{ id: 1, ...write('x') }, { id: 2, ...write('y') }, { id: 3, ...write('z') }]); // prettier-ignore
    await store.close();
  });

  it('clears tables before it puts rows, and counts on where the outbox was', async () => {
    const store = await (await opener!())();
    await store.write({ put: [['a/1', '1'], ['a%2F/1', '2'], ['b/1', '3']] }); // prettier-ignore
    await store.append([write('x'), write('y')]);
    await store.write({ clear: ['a/'], put: [['a/2', '4']], del: ['b/1'], done: 1 });
    expect(new Map((await store.load()).rows)).toEqual(new Map(Object.entries({ 'a%2F/1': '2', 'a/2': '4' })));
    expect((await store.outbox()).map(({ id }) => id)).toEqual([2]);
    await store.write({ done: 2 });
    expect((await store.append([write('z')])).map(({ id }) => id)).toEqual([3]);
    await store.write({ clear: [''], outbox: [{ id: 1, ...write('new') }], state: 'anew' });
    expect(await store.load()).toEqual({ state: 'anew', rows: [], outbox: [{ id: 1, ...write('new') }] });
    expect((await store.append([write('next')])).map(({ id }) => id)).toEqual([2]);
    await store.close();
  });

  it('numbers without gaps, however many write at once', async () => {
    const store = await (await opener!())();
    const numbered = await Promise.all(
      Array.from({ length: 20 }, (_write, index) => store.append([write(`k${index}`), write('l')])),
    );
    expect(numbered.flat().map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_id, index) => index + 1));
    expect((await store.outbox()).map(({ id }) => id)).toHaveLength(40);
    await store.close();
  });
});

it.skipIf(!sqlite)('a file of SQLite belongs to one process', async () => {
  const replica = file();
  const store = await sqliteStore(replica);
  await expect(sqliteStore(replica)).rejects.toThrow(/in use by another process/);
  await store.close();
  await (await sqliteStore(replica)).close();
});

it.skipIf(!process?.versions?.node || sqlite)('where there is no SQLite, that is said', async () => {
  await expect(sqliteStore('/tmp/never.db')).rejects.toThrow(/Node 22\.13 or newer, or where better-sqlite3/);
});
