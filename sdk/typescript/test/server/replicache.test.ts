import { describe, expect, inject, it } from 'vitest';

/* Its licence does not let it be among the package's dependencies: `npm install --no-save replicache` has this run. */
const name = 'replicache';
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const replicache: any = await import(/* @vite-ignore */ name).catch(() => undefined);

const url = inject('url');

async function post(path: string, body: unknown): Promise<void> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
}

type Row = Record<string, unknown>;
interface Tx {
  get(key: string): Promise<Row | undefined>;
  set(key: string, value: Row): Promise<void>;
  del(key: string): Promise<boolean>;
}

describe.skipIf(!replicache)("npm's replicache", () => {
  it('works against the server unchanged', async () => {
    const table = `replicache_${Date.now()}`;
    await post('/api/v1/tables', {
      name: table,
      primary_key: 'id',
      columns: [
        { name: 'id', type: 'string' },
        { name: 'n', type: 'int' },
      ],
    });
    await post(`/api/v1/tables/${table}/rows`, { rows: [{ id: 'a', n: 1 }] });
    const open = (who: string) =>
      new replicache.Replicache({
        name: who,
        kvStore: 'mem',
        logLevel: 'error',
        pullInterval: 100,
        pushURL: `${url}/api/replicache/push`,
        pullURL: `${url}/api/replicache/pull?subscriptions=${encodeURIComponent(JSON.stringify([{ table }]))}`,
        mutators: {
          insert: async (tx: Tx, { rows }: { rows: Row[] }) => {
            for (const row of rows) await tx.set(`${table}/${row['id']}`, row);
          },
          update: async (tx: Tx, { key, values }: { key: string; values: Row }) => {
            await tx.set(`${table}/${key}`, { ...(await tx.get(`${table}/${key}`)), ...values });
          },
          delete: async (tx: Tx, { key }: { key: string }) => {
            await tx.del(`${table}/${key}`);
          },
        },
      });
    const [ada, bob] = [open('ada'), open('bob')];
    const row = (of: typeof ada, key: string): Promise<Row | undefined> => of.query((tx: Tx) => tx.get(`${table}/${key}`));
    try {
      await ada.mutate.insert({ table, rows: [{ id: 'b', n: 2 }] });
      await ada.mutate.update({ table, key: 'nowhere', values: { n: 3 } }); // refused, counted, gone
      await bob.mutate.update({ table, key: 'a', values: { n: 4 } });
      await expect.poll(async () => (await row(bob, 'b'))?.['n'], { timeout: 20_000 }).toBe(2);
      await expect.poll(async () => (await row(ada, 'a'))?.['n'], { timeout: 20_000 }).toBe(4);
      await ada.mutate.delete({ table, key: 'b' });
      await expect.poll(() => row(bob, 'b'), { timeout: 20_000 }).toBeUndefined();
      await expect.poll(() => ada.experimentalPendingMutations(), { timeout: 20_000 }).toEqual([]);
      expect(await row(ada, 'nowhere')).toBeUndefined();
    } finally {
      await Promise.all([ada.close(), bob.close()]);
    }
  });
});
