import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { AkidbClient, ConfigurationError, ForbiddenError } from '@akidb/sdk';

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

  it('makes tokens that see and do only what they are for', { timeout: 180_000 }, async () => {
    const own = await AkidbClient.local(directory, { home });
    try {
      await own.tables.create('private_notes', { columns: { note: 'string', owner_id: 'string' } });
      await own.tables.create('secrets', { columns: { a: 'string' } });
      const notes = own.table('private_notes');
      await notes.insert([
        { note: 'of Ada', owner_id: 'ada' },
        { note: 'of Bob', owner_id: 'bob' },
      ]);
      const tables = { private_notes: { columns: ['note', 'owner_id'], where: notes.columns['owner_id']!.eq('ada') } };
      const { token, expiresAt, keyId } = await own.tokens.create({ subject: 'ada', expiresIn: 600, scopes: ['read'], tables });
      expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
      expect((await own.keys()).map(({ id }) => id)).toEqual([keyId]);
      const hers = new AkidbClient({ baseUrl: own.transport.baseUrl, apiKey: () => token });
      expect(await hers.caller()).toMatchObject({ scopes: ['read'], expiresAt, tables: { private_notes: {} } });
      expect((await hers.tables.list()).map((table) => table.name)).toEqual(['private_notes']);
      expect(await hers.table('private_notes').select('note')).toEqual([{ note: 'of Ada' }]);
      await expect(hers.table('private_notes').insert([{ note: 'x', owner_id: 'ada' }])).rejects.toThrow(ForbiddenError);
      await expect(hers.tokens.create({ subject: 'ada' })).rejects.toThrow(ForbiddenError);
      await hers.close();
    } finally {
      await own.close();
    }
  });

  it('that cannot be started says why', async () => {
    await expect(AkidbClient.local(directory, { home: '/nowhere' })).rejects.toThrow(ConfigurationError);
    await expect(AkidbClient.local(directory, { home: '/bin/false' })).rejects.toThrow(/ended with 1/);
  });
});
