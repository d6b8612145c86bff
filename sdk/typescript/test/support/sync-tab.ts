// Another tab, as a worker: it shares the page's replica.
import { AkidbClient } from '@akidb/sdk';

let akidb: AkidbClient | undefined;
let off = false;

self.onmessage = async ({ data }: MessageEvent<{ call: string; url: string; name: string; table: string; id: string }>) => {
  akidb ??= new AkidbClient({
    baseUrl: data.url,
    retries: 0,
    fetch: (input, init) => (off ? Promise.reject(new TypeError('no network')) : fetch(input, init)),
    syncEngine: { name: data.name, interval: 60_000 },
  });
  const sync = await akidb.sync;
  if (data.call === 'subscribe') await sync.subscribe(data.table);
  if (data.call === 'off') off = true;
  if (data.call === 'insert') await akidb.table(data.table).insert([{ id: data.id }]);
  const ids = sync.status.tables[data.table]?.loaded ? (await akidb.table(data.table).query()).map(({ id }) => id as string) : [];
  self.postMessage({ ids, leads: sync.status.leads, pending: sync.status.pending });
};
