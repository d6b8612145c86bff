import { expect, it } from 'vitest';
import { AkidbClient, ImportError } from '@akidb/sdk';

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

function table(answer: () => Response) {
  return new AkidbClient({ baseUrl: 'http://127.0.0.1:1', retries: 0, fetch: async () => answer() }).table('t');
}

const inserted = (): Response => json({ inserted: 1, updated: 0, ignored: 0, version: 1 });

/** Rows that come one after the other, and then no more come, and no end either. */
async function* stalling(rows: number) {
  for (let n = 0; n < rows; n++) yield { n };
  await new Promise(() => undefined);
}

it('an import whose source has stalled ends with the reason of its signal', async () => {
  const stop = new AbortController();
  const reason = { why: 'left' };
  const onProgress = (): void => stop.abort(reason);
  await expect(table(inserted).import(stalling(1), { batch: 1, signal: stop.signal, onProgress })).rejects.toBe(reason);
  await expect(table(inserted).import(stalling(0), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

it('an import whose source has stalled ends when a batch is refused', async () => {
  const refused = (): Response => json({ code: 'WRONG_TYPE', detail: 'no', field: 'rows[0].n' }, 400);
  const error = await table(refused)
    .import(stalling(1), { batch: 1 })
    .catch((it: unknown) => it);
  expect(error).toBeInstanceOf(ImportError);
  expect(error).toMatchObject({ code: 'WRONG_TYPE', progress: { rows: 0 } });
});

it('an import lets its source clean up when it ends before it', async () => {
  let cleaned = false;
  async function* endless() {
    try {
      for (let n = 0; ; n++) yield { n };
    } finally {
      cleaned = true;
    }
  }
  const refused = (): Response => json({ code: 'WRONG_TYPE', detail: 'no' }, 400);
  await expect(table(refused).import(endless(), { batch: 10 })).rejects.toThrow(ImportError);
  await expect.poll(() => cleaned).toBe(true);
});

it('an import that fails for what its source gives names the row', async () => {
  await expect(table(inserted).import([{ n: 1 }, { n: NaN }])).rejects.toMatchObject({
    code: 'CONFIGURATION',
    cause: { field: 'rows[1].n' },
    progress: { rows: 0 },
  });
});
