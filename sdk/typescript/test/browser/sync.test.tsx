import { createRoot } from 'react-dom/client';
import { expect, inject, it, onTestFinished, vi } from 'vitest';
import { AkidbClient } from '@akidb/sdk';
import { OfflineNotes } from '../../examples/offline-notes.js';
import { Flaky } from '../support/flaky.js';
import { client as plain, fresh } from '../support/layouts.js';

const server = plain();

async function notes(): Promise<string> {
  const name = fresh('notes');
  await server.tables.create(name, { columns: { id: 'string', text: 'string' }, primaryKey: 'id' });
  await server.table(name).insert([{ id: '1', text: 'There before' }]);
  onTestFinished(() => server.tables.drop(name));
  return name;
}

function open(name: string, network = new Flaky()): AkidbClient {
  const made = new AkidbClient({
    baseUrl: inject('url'),
    fetch: network.fetch,
    retries: 0,
    syncEngine: { name, interval: 60_000 },
  });
  onTestFinished(() => made.close());
  return made;
}

interface Told {
  ids: string[];
  leads: boolean;
  pending: number;
}

it('tabs share a replica: one leads, others go through it, and when it dies nothing is lost', async () => {
  const table = await notes();
  const name = fresh('replica');
  const worker = new Worker(new URL('../support/sync-tab.ts', import.meta.url), { type: 'module' });
  const tab = (call: string, more: object = {}): Promise<Told> =>
    new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data as Told);
      worker.postMessage({ call, url: inject('url'), name, table, ...more });
    });
  expect(await tab('subscribe')).toEqual({ ids: ['1'], leads: true, pending: 0 });

  const page = open(name);
  const sync = await page.sync;
  expect(sync.status).toMatchObject({ leads: false, tables: { [table]: { loaded: true, rows: 1 } } });
  await page.table(table).insert([{ id: '2' }]);
  await vi.waitFor(async () => expect(await tab('look')).toMatchObject({ ids: ['1', '2'] }), 10_000);
  await sync.synced();
  expect(await server.table(table).count()).toBe(2);
  expect((await tab('look')).pending).toBe(0);

  await tab('off');
  expect(await tab('insert', { id: '3' })).toMatchObject({ ids: ['1', '2', '3'], pending: 1 });
  await vi.waitFor(async () => expect(await page.table(table).count()).toBe(3), 10_000);
  expect(await server.table(table).count()).toBe(2);
  worker.terminate();
  await vi.waitFor(() => expect(sync.status.leads).toBe(true), 10_000);
  await sync.synced();
  expect((await server.table(table).query()).map(({ id }) => id as string)).toEqual(['1', '2', '3']);
});

it('a tab that opens while another leads subscribes through it', async () => {
  const table = await notes();
  const name = fresh('replica');
  const [first, second] = [open(name), open(name)];
  await vi.waitFor(async () => expect((await first.sync).status.leads).toBe(true), 10_000);
  await (await second.sync).subscribe(table);
  expect((await second.sync).status.leads).toBe(false);
  await vi.waitFor(async () => expect((await first.sync).status.tables).toMatchObject({ [table]: { loaded: true } }), 10_000);
});

it('notes work without a network, and the badge says how things stand', async () => {
  const table = await notes();
  const network = new Flaky();
  const akidb = open(fresh('replica'), network);
  const sync = await akidb.sync;
  await sync.subscribe(table);
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  root.render(<OfflineNotes akidb={akidb} sync={sync} table={table} />);
  const shown = (): (string | null)[] => [...place.querySelectorAll('li')].map((item) => item.textContent);
  const badge = (): string | null | undefined => place.querySelector('output')?.textContent;
  await vi.waitFor(() => expect(shown()).toEqual(['There before']), 10_000);
  expect(badge()).toBe('synced');

  network.off = true;
  const box = place.querySelector('input')!;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(box, 'Written on a train');
  box.dispatchEvent(new Event('input', { bubbles: true }));
  place.querySelector('form')!.requestSubmit();
  await vi.waitFor(() => expect(shown()).toEqual(['There before', 'Written on a train']), 10_000);
  await vi.waitFor(() => expect(badge()).toBe('offline, 1 to send'), 10_000);

  network.off = false;
  await sync.synced();
  await vi.waitFor(() => expect(badge()).toBe('synced'), 10_000);
  expect(await server.table(table).count()).toBe(2);
  root.unmount();
});
