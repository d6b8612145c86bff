import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { AkidbClient, ConfigurationError } from '@akidb/sdk';

const home = fileURLToPath(new URL('../../../../', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'akidb-local-'));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('a local server', () => {
  it('is started, shared, and keeps its data when it is let go of', { timeout: 180_000 }, async () => {
    const first = await AkidbClient.local(directory, { home });
    await first.tables.create('notes', { columns: { note: 'string' } });
    const second = await AkidbClient.local(directory, { home });
    await second.table('notes').insert([{ note: 'shared' }]);
    await first.close();
    expect(await second.table('notes').count()).toBe(1);
    await second.close();
    const later = await AkidbClient.local(directory, { home });
    expect(await later.table('notes').query()).toEqual([{ row_id: 1, note: 'shared' }]);
    await later.close();
  });

  it('that cannot be started says why', async () => {
    await expect(AkidbClient.local(directory, { home: '/nowhere' })).rejects.toThrow(ConfigurationError);
    await expect(AkidbClient.local(directory, { home: '/bin/false' })).rejects.toThrow(/ended with 1/);
  });
});
