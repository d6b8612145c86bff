import { describe, expect, it } from 'vitest';
import { AkidbClient, AkidbError, ConflictError, type Verification } from '@akidb/sdk';

interface Sent {
  method: string;
  path: string;
  body: unknown;
}

/** A client whose requests get these answers, one after the other; numbers are statuses of problems. */
function client(answers: (object | number)[]): { akidb: AkidbClient; sent: Sent[] } {
  const sent: Sent[] = [];
  const akidb = new AkidbClient({
    baseUrl: 'http://127.0.0.1:1',
    retries: 0,
    fetch: async (input, init) => {
      const body: unknown = init!.body ? JSON.parse(String(init!.body)) : undefined;
      sent.push({ method: init!.method!, path: new URL(String(input)).pathname, body });
      const answer = answers.shift()!;
      if (typeof answer === 'object') return Response.json(answer);
      const problem = { code: answer === 404 ? 'NOT_FOUND' : 'CONFLICT', detail: 'so it is' };
      return Response.json(problem, { status: answer, headers: { 'content-type': 'application/problem+json' } });
    },
  });
  return { akidb, sent };
}

const running = (step: string): object => ({ state: 'running', started_at: 'then', step });
const COMPLETE = { state: 'complete', started_at: 'then', ended_at: 'now', problems: [] };

describe('what the server goes on with', () => {
  it('is waited for, and told each time that it got further', async () => {
    const { akidb, sent } = client([running('keys'), running('keys'), running('rows'), COMPLETE]);
    const told: (string | undefined)[] = [];
    const done = await akidb.verify({ onProgress: ({ state, step }) => void told.push(step ?? state) });
    expect(done).toEqual({ state: 'complete', startedAt: 'then', endedAt: 'now', problems: [] });
    expect(told).toEqual(['keys', 'rows', 'complete']);
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v1/verify',
      ...Array<string>(3).fill('GET /api/v1/verify'),
    ]);
  });

  it('is only begun where nobody waits', async () => {
    const { akidb, sent } = client([{ state: 'running', started_at: 'then', bytes_before: 9, bytes: 8, free_bytes: 7 }]);
    expect(await akidb.compact({ wait: false })).toEqual({
      state: 'running',
      startedAt: 'then',
      bytesBefore: 9,
      bytes: 8,
      freeBytes: 7,
    });
    expect(sent).toHaveLength(1);
  });

  it('goes on when the waiting is ended', async () => {
    const { akidb, sent } = client([running('rows')]);
    const end = new AbortController();
    const verified = akidb.verify({ signal: end.signal, onProgress: () => end.abort('enough') });
    await expect(verified).rejects.toBe('enough');
    expect(sent).toHaveLength(1);
  });

  it('is not waited for any more when the server has forgotten it', async () => {
    const { akidb } = client([running('rows'), 404]);
    const error: unknown = await akidb.verify().catch((it: unknown) => it);
    expect(error).toBeInstanceOf(AkidbError);
    expect(error).toMatchObject({ code: 'RESTARTED', message: expect.stringContaining('started anew') as string });
  });

  it('is one at a time, and null before the first', async () => {
    const { akidb } = client([409, 404, 404]);
    await expect(akidb.compact()).rejects.toThrow(ConflictError);
    expect(await akidb.compaction()).toBeNull();
    const none: Verification | null = await akidb.verification();
    expect(none).toBeNull();
  });
});

describe('rights', () => {
  const tables = { code_layouts: { columns: ['repo_url'], where: { column: 'made_by', operator: '=', value: 'ada' } } } as const;

  it('keep the names of tables and columns, in keys, callers and tokens', async () => {
    const key = { id: 'k3', name: 'reports', scopes: ['read'], created_at: 'then', requests_per_second: 5, tables };
    const caller = { key: 'reports', scopes: ['read'], keys: true, expires_at: 'soon', tables };
    const made = { token: 't', expires_at: 'soon', key_id: 'k3' };
    const { akidb, sent } = client([{ keys: [key, { ...key, tables: undefined }] }, caller, made]);
    const { id, name, scopes } = key;
    const told = { id, name, scopes, createdAt: 'then', requestsPerSecond: 5 };
    expect(await akidb.keys()).toStrictEqual([{ ...told, tables }, told]);
    expect(await akidb.caller()).toEqual({ key: 'reports', scopes, keys: true, expiresAt: 'soon', tables });
    expect(await akidb.tokens.create({ subject: 'ada', expiresIn: 60, tables })).toEqual({
      token: 't',
      expiresAt: 'soon',
      keyId: 'k3',
    });
    expect(sent.at(-1)).toEqual({ method: 'POST', path: '/api/v1/tokens', body: { subject: 'ada', expires_in: 60, tables } });
  });
});
