import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AkidbClient,
  ApiError,
  ConfigurationError,
  ConnectionError,
  DeadlineError,
  OverloadedError,
  ProtocolError,
  ServerError,
  TimeoutError,
  UnavailableError,
  type ClientOptions,
} from '@akidb/sdk';

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: any;
}

type Answer = Response | Error | ((signal: AbortSignal) => Promise<Response>);

/** A client whose requests are answered with these, one after the other, the last one again and again. */
function answered(answers: Answer[], options: ClientOptions = {}): { akidb: AkidbClient; sent: Sent[] } {
  const sent: Sent[] = [];
  const akidb = new AkidbClient({
    baseUrl: 'http://127.0.0.1:1',
    ...options,
    fetch: async (input, init) => {
      const { pathname, search } = new URL(String(input));
      sent.push({
        method: init!.method!,
        path: pathname + search,
        headers: init!.headers as Record<string, string>,
        body: init!.body && JSON.parse(String(init!.body)),
      });
      const answer = answers[Math.min(sent.length, answers.length) - 1]!;
      if (answer instanceof Error) throw answer;
      return answer instanceof Response ? answer.clone() : answer(init!.signal!);
    },
  });
  return { akidb, sent };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

const problem = (code: string, status: number, headers: Record<string, string> = {}, field?: string): Response =>
  new Response(
    JSON.stringify({ type: `urn:akidb:error:${code}`, title: code, status, detail: `it is ${code}`, code, field, error: '' }),
    {
      status,
      headers: { 'content-type': 'application/problem+json', 'x-request-id': 'r-1', ...headers },
    },
  );

const COUNT = json({ count: 3 });
const INSERTED = json({ inserted: 1, updated: 0, ignored: 0, version: 1 }, 201);
const TABLE = json({ name: 't', kind: 'table', primary_key: 'id', columns: [], indexes: [] });
const broken = (): Error => new TypeError('fetch failed', { cause: new Error('read ECONNRESET') });
const never = (signal: AbortSignal): Promise<Response> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What a promise gives or fails with, while time passes. */
async function settled<T>(promise: PromiseLike<T>): Promise<T | Error> {
  let result: T | Error | undefined;
  promise.then(
    (value) => (result = value),
    (error: Error) => (result = error),
  );
  for (let step = 0; step < 200 && result === undefined; step++) await vi.advanceTimersByTimeAsync(1000);
  return result!;
}

describe('errors', () => {
  it.each([
    ['WRONG_TYPE', 400, 'InvalidRequestError', false],
    ['DIMENSION_MISMATCH', 400, 'InvalidRequestError', false],
    ['UNAUTHENTICATED', 401, 'UnauthenticatedError', false],
    ['FORBIDDEN', 403, 'ForbiddenError', false],
    ['NOT_FOUND', 404, 'NotFoundError', false],
    ['CONFLICT', 409, 'ConflictError', false],
    ['ALREADY_EXISTS', 409, 'ConflictError', false],
    ['PAYLOAD_TOO_LARGE', 413, 'TooLargeError', false],
    ['MODEL_CHANGED', 409, 'ConflictError', false],
    ['IDEMPOTENCY_KEY_IN_USE', 409, 'ConflictError', true],
    ['IDEMPOTENCY_KEY_REUSED', 422, 'InvalidRequestError', false],
    ['OVERLOADED', 429, 'OverloadedError', true],
    ['RATE_LIMITED', 429, 'OverloadedError', true],
    ['UNAVAILABLE', 503, 'UnavailableError', true],
    ['MODEL_NOT_CACHED', 503, 'UnavailableError', false],
    ['CANCELLED', 503, 'UnavailableError', false],
    ['STORAGE_FULL', 503, 'UnavailableError', true],
    ['DEADLINE_EXCEEDED', 504, 'DeadlineError', true],
    ['EMBEDDING_FAILED', 500, 'ServerError', true],
    ['INTERNAL', 500, 'ServerError', false],
    ['CORRUPT_DATA', 500, 'ServerError', false],
    ['A_CODE_OF_THE_FUTURE', 418, 'InvalidRequestError', false],
  ])('%s is an error of its class', async (code, status, name, retryable) => {
    const { akidb } = answered([problem(code, status, {}, 'rows[1].x')], { retries: 0 });
    const error = (await settled(akidb.table('t').count())) as ApiError;
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      name,
      code,
      status,
      retryable,
      field: 'rows[1].x',
      requestId: 'r-1',
      message: `it is ${code}`,
    });
  });

  it('of what stands between here and the server are told by their status', async () => {
    const html = (status: number): Response => new Response('<h1>no</h1>', { status, headers: { 'content-type': 'text/html' } });
    const error = async (response: Response): Promise<unknown> =>
      settled(answered([response], { retries: 0 }).akidb.table('t').count());
    expect(await error(html(502))).toBeInstanceOf(DeadlineError);
    expect(await error(html(503))).toBeInstanceOf(UnavailableError);
    expect(await error(html(500))).toBeInstanceOf(ServerError);
    expect(await error(html(429))).toBeInstanceOf(OverloadedError);
    expect(await error(html(200))).toBeInstanceOf(ProtocolError);
    expect(await error(new Response(null, { status: 204 }))).toBeInstanceOf(ProtocolError);
    const nothing = answered([new Response(null, { status: 204 })], { retries: 0 });
    expect(await settled(nothing.akidb.table('t').query().collect())).toBeInstanceOf(ProtocolError);
    expect(await error(html(302))).toMatchObject({
      name: 'ProtocolError',
      message: expect.stringContaining('leads elsewhere') as string,
    });
    expect(await error(new Response('{"count":', { headers: { 'content-type': 'application/json' } }))).toBeInstanceOf(
      ProtocolError,
    );
  });
});

describe('retries', () => {
  it('repeat reads and writes of rows that failed in passing, and changes of tables only where nothing was done', async () => {
    const calls = async (answers: Answer[], act: (akidb: AkidbClient) => PromiseLike<unknown>): Promise<[number, unknown]> => {
      const { akidb, sent } = answered(answers);
      const result = await settled(act(akidb));
      return [sent.length, result];
    };
    const read = (akidb: AkidbClient): Promise<number> => akidb.table('t').count();
    const drop = (akidb: AkidbClient): Promise<unknown> => akidb.tables.drop('t');
    const update = (akidb: AkidbClient): Promise<unknown> => akidb.table('t').update([], { x: 1 });
    for (const failure of [
      broken(),
      problem('OVERLOADED', 429),
      problem('UNAVAILABLE', 503),
      problem('DEADLINE_EXCEEDED', 504),
      problem('EMBEDDING_FAILED', 500),
    ]) {
      expect(await calls([failure, COUNT], read)).toEqual([2, 3]);
      expect((await calls([failure, INSERTED], update))[0]).toBe(2);
    }
    for (const code of ['MODEL_NOT_CACHED', 'CANCELLED', 'INTERNAL', 'WRONG_TYPE']) {
      expect((await calls([problem(code, 503), COUNT], read))[0]).toBe(1);
    }
    for (const failure of [problem('OVERLOADED', 429), problem('RATE_LIMITED', 429), problem('UNAVAILABLE', 503)]) {
      expect((await calls([failure, INSERTED], drop))[0]).toBe(2);
    }
    for (const failure of [broken(), problem('DEADLINE_EXCEEDED', 504), problem('EMBEDDING_FAILED', 500)]) {
      expect((await calls([failure, INSERTED], drop))[0]).toBe(1);
    }
  });

  it('of writes carry the key of the first attempt; each write has a key of its own, and reads have none', async () => {
    const { akidb, sent } = answered([broken(), problem('IDEMPOTENCY_KEY_IN_USE', 409), INSERTED]);
    const key = (index: number): string | null => new Headers(sent[index]!.headers).get('idempotency-key');
    await settled(akidb.table('t').insert([{ name: 'x' }]));
    expect(sent).toHaveLength(3);
    expect(key(0)).toMatch(/^[0-9a-f]{32}$/);
    expect([key(1), key(2)]).toEqual([key(0), key(0)]);
    await settled(akidb.collections.get('c').delete('x'));
    expect(key(3)).toMatch(/^[0-9a-f]{32}$/);
    expect(key(3)).not.toBe(key(0));
    await settled(akidb.table('t').insert([{ name: 'x' }], { headers: { 'idempotency-key': 'load-7' } }));
    expect(key(4)).toBe('load-7');
    await settled(akidb.table('t').count());
    expect(key(5)).toBeNull();
  });

  it('end after so many, or at once if the caller wants none', async () => {
    const first = answered([broken()]);
    expect(await settled(first.akidb.table('t').count())).toBeInstanceOf(ConnectionError);
    expect(first.sent).toHaveLength(4);
    const second = answered([broken()]);
    expect(await settled(second.akidb.table('t').count({ retries: 0 }))).toMatchObject({
      code: 'CONNECTION',
      message: expect.stringContaining('ECONNRESET') as string,
    });
    expect(second.sent).toHaveLength(1);
  });

  it('wait as long as the server asks, and not at all for what would be too late', async () => {
    const soon = answered([problem('OVERLOADED', 429, { 'retry-after': '7' }), COUNT]);
    const start = Date.now();
    expect(await settled(soon.akidb.table('t').count())).toBe(3);
    expect(Date.now() - start).toBeGreaterThanOrEqual(7000);
    const until = new Date(Date.now() + 20_000).toUTCString();
    const dated = answered([problem('OVERLOADED', 429, { 'retry-after': until }), COUNT]);
    const then = Date.now();
    expect(await settled(dated.akidb.table('t').count())).toBe(3);
    expect(Date.now() - then).toBeGreaterThanOrEqual(18_000);
    const late = answered([problem('QUOTA_EXCEEDED', 429, { 'retry-after': '3600' })]);
    expect(await settled(late.akidb.table('t').count())).toMatchObject({ code: 'QUOTA_EXCEEDED', retryAfter: 3600 });
    expect(late.sent).toHaveLength(1);
  });

  it('of a storm end with the storm', async () => {
    const { akidb, sent } = answered([problem('OVERLOADED', 429, { 'retry-after': '1' })]);
    const results = await settled(Promise.allSettled(Array.from({ length: 50 }, () => akidb.table('t').count())));
    expect((results as PromiseSettledResult<number>[]).every(({ status }) => status === 'rejected')).toBe(true);
    expect(sent).toHaveLength(200);
  });
});

describe('answers that end with their connection', () => {
  const close = { connection: 'close' };
  const lines = (): Response => new Response('{"n":1}\n', { headers: { 'content-type': 'application/x-ndjson', ...close } });
  const pages = (): Answer[] => [
    lines(),
    json({ rows: [{ n: 1 }, { n: 2 }], next_cursor: 'c' }, 200, close),
    json({ rows: [{ n: 3 }], next_cursor: null }, 200, close),
  ];

  it('are not taken for whole rows in lines, which may have been cut: the rows come in pages', async () => {
    const all = answered(pages());
    expect(await settled(all.akidb.table('t').select('n').collect())).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(all.sent.map(({ body }) => body)).toEqual([
      { select: ['n'] },
      { select: ['n'], limit: 1000 },
      { select: ['n'], limit: 1000, cursor: 'c' },
    ]);
    const { akidb } = answered(pages());
    const seen: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const { n } of akidb.table('t').query().stream()) seen.push(n);
    };
    await read();
    expect(seen).toEqual([1, 2, 3]);
  });

  it('and are cut are asked for again', async () => {
    const cut = new Response('{"cou', { headers: { 'content-type': 'application/json', ...close } });
    const { akidb, sent } = answered([cut, COUNT]);
    expect(await settled(akidb.table('t').count())).toBe(3);
    expect(sent).toHaveLength(2);
  });
});

describe('time', () => {
  it('that a call may take is told to the server, and left to the last try', async () => {
    const { akidb, sent } = answered([problem('OVERLOADED', 429, { 'retry-after': '2' }), COUNT], { timeout: 10_000 });
    await settled(akidb.table('t').count());
    expect(sent[0]!.headers['x-request-timeout']).toBe('10');
    expect(Number(sent[1]!.headers['x-request-timeout'])).toBeLessThanOrEqual(8);
  });

  it('may be without end, and longer than timers can tell', async () => {
    for (const timeout of [Infinity, 2 ** 40]) {
      const { akidb, sent } = answered([() => new Promise((resolve) => setTimeout(() => resolve(COUNT.clone()), 60_000))]);
      expect(await settled(akidb.table('t').count({ timeout }))).toBe(3);
      expect(sent[0]!.headers['x-request-timeout']).toBe('600');
    }
  });

  it('ends a call that hangs, also while its body comes', async () => {
    const { akidb } = answered([never]);
    expect(await settled(akidb.table('t').count({ timeout: 1500 }))).toMatchObject({
      name: 'TimeoutError',
      message: 'no answer within 1500 ms',
    });
    const slow = answered([
      async (signal) =>
        new Response(
          new ReadableStream({ start: (controller) => signal.addEventListener('abort', () => controller.error(signal.reason)) }),
          {
            headers: { 'content-type': 'application/json' },
          },
        ),
    ]);
    expect(await settled(slow.akidb.table('t').count({ timeout: 1500 }))).toBeInstanceOf(TimeoutError);
  });

  it('of a stream begins anew with each piece, and stands still while the reader is busy', async () => {
    let give: ReadableStreamDefaultController<Uint8Array> | undefined;
    const { akidb } = answered([
      async (signal) =>
        new Response(
          new ReadableStream<Uint8Array>({
            start: (controller) => {
              give = controller;
              signal.addEventListener('abort', () => controller.error(signal.reason));
            },
          }),
          { headers: { 'content-type': 'application/x-ndjson' } },
        ),
    ]);
    const rows = akidb.table('t').query().stream({ timeout: 2000 });
    const write = (text: string): void => give!.enqueue(new TextEncoder().encode(text));
    const first = rows.next();
    await vi.advanceTimersByTimeAsync(1500);
    write('{"a":1}\n{"a":');
    expect(await first).toEqual({ done: false, value: { a: 1 } });
    await vi.advanceTimersByTimeAsync(10_000); // the reader is busy
    const second = rows.next();
    await vi.advanceTimersByTimeAsync(1500);
    write('2}\n');
    expect(await second).toEqual({ done: false, value: { a: 2 } });
    expect(await settled(rows.next())).toBeInstanceOf(TimeoutError);
  });
});

describe('a reason to stop', () => {
  it('comes back as it is: before the call, while it is on its way, while it waits to be repeated', async () => {
    const reason = Symbol('left');
    const before = answered([COUNT]);
    expect(await settled(before.akidb.table('t').count({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(before.sent).toHaveLength(0);

    for (const answer of [never, problem('OVERLOADED', 429, { 'retry-after': '20' })]) {
      const stop = new AbortController();
      const { akidb, sent } = answered([answer]);
      const call = akidb.table('t').count({ signal: stop.signal });
      const result = settled(call);
      await vi.advanceTimersByTimeAsync(3000);
      stop.abort(reason);
      expect(await result).toBe(reason);
      expect(sent).toHaveLength(1);
    }
  });

  it('may be that of hundreds of calls, which share one listener', async () => {
    const stop = new AbortController();
    const added = vi.spyOn(stop.signal, 'addEventListener');
    const { akidb } = answered([never]);
    const calls = Promise.allSettled(
      Array.from({ length: 300 }, () => akidb.table('t').count({ signal: stop.signal, timeout: Infinity })),
    );
    await vi.advanceTimersByTimeAsync(10);
    expect(added).toHaveBeenCalledTimes(1);
    stop.abort('left');
    expect(new Set((await calls).map((call) => (call as PromiseRejectedResult).reason as unknown))).toEqual(new Set(['left']));
  });

  it('ends a stream also while others are asked whether they answer it', async () => {
    const stop = new AbortController();
    const { akidb, sent } = answered([never]);
    akidb.transport.answerer = async () => void stop.abort('left');
    expect(await settled(akidb.table('t').query().stream({ signal: stop.signal }).next())).toBe('left');
    expect(sent).toHaveLength(0);
  });

  it('of one call leaves the vectors that others wait for', async () => {
    const stop = new AbortController();
    let answer: ((response: Response) => void) | undefined;
    const { akidb } = answered([() => new Promise((resolve) => (answer = resolve))]);
    const first = settled(akidb.embeddings.generate('text', 'm', { signal: stop.signal }));
    const second = settled(akidb.embeddings.generate('text', 'm'));
    await vi.advanceTimersByTimeAsync(10);
    stop.abort('left');
    expect(await first).toBe('left');
    answer!(json({ embeddings: ['AACAPwAAAAA='], model: 'm', dimensions: 2, cached: false }));
    expect(await second).toEqual(new Float32Array([1, 0]));
  });
});

describe('connections', () => {
  it('are as many as allowed; those that wait come in their order, or leave', async () => {
    const answers: (() => void)[] = [];
    const { akidb, sent } = answered([() => new Promise((resolve) => answers.push(() => resolve(COUNT.clone())))], {
      connections: 5,
    });
    const stop = new AbortController();
    const done: number[] = [];
    const calls = Array.from({ length: 8 }, (_call, index) =>
      akidb
        .table('t')
        .count(index === 6 ? { signal: stop.signal } : {})
        .then(
          () => done.push(index),
          () => done.push(-index),
        ),
    );
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(5);
    stop.abort('left');
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toEqual([-6]);
    for (let next = 0; next < 7; next++) {
      answers[next]!();
      await vi.advanceTimersByTimeAsync(1);
    }
    await Promise.all(calls);
    expect(done).toEqual([-6, 0, 1, 2, 3, 4, 5, 7]);
  });
});

describe('keys', () => {
  it('are sent as bearers, from an option, a function or the environment', async () => {
    const option = answered([COUNT], { apiKey: 'k1' });
    await settled(option.akidb.table('t').count({ headers: { 'x-trace': '7' } }));
    expect(option.sent[0]!.headers).toMatchObject({ authorization: 'Bearer k1', 'x-trace': '7' });
    let number = 0;
    const token = answered([COUNT], { apiKey: async () => `token-${++number}` });
    await settled(token.akidb.table('t').count());
    await settled(token.akidb.table('t').count());
    expect(token.sent.map(({ headers }) => headers['authorization'])).toEqual(['Bearer token-1', 'Bearer token-2']);
    vi.stubEnv('PIXELTABLE_API_KEY', 'of the environment');
    vi.stubEnv('PIXELTABLE_BASE_URL', 'https://db.example.org/akidb/');
    const environment = answered([COUNT], { baseUrl: undefined });
    await settled(environment.akidb.table('t').count());
    expect(environment.sent[0]).toMatchObject({
      path: '/akidb/api/v1/tables/t/query',
      headers: { authorization: 'Bearer of the environment' },
    });
    vi.unstubAllEnvs();
  });

  it('that take too long to come end the call as a slow server does', async () => {
    const { akidb, sent } = answered([COUNT], { apiKey: () => new Promise(() => undefined) });
    expect(await settled(akidb.table('t').count({ timeout: 1000 }))).toBeInstanceOf(TimeoutError);
    const stop = new AbortController();
    const ended = settled(akidb.table('t').count({ signal: stop.signal }));
    stop.abort('left');
    expect(await ended).toBe('left');
    expect(sent).toHaveLength(0);
  });

  it('and headers that cannot be sent are told as such, and not tried again', async () => {
    const { akidb, sent } = answered([new TypeError('invalid header')], { apiKey: 'a\nb' });
    expect(await settled(akidb.table('t').count())).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('authorization') as string,
    });
    expect(await settled(akidb.table('t').count({ headers: { 'x-ä b': '1' } }))).toMatchObject({ field: 'headers' });
    expect(sent).toHaveLength(2);
    const none = answered([COUNT], { apiKey: () => undefined as never });
    expect(await settled(none.akidb.table('t').count())).toMatchObject({ field: 'apiKey' });
    expect(none.sent).toHaveLength(0);
  });

  it('never go unencrypted to another machine, nor lie in a page', () => {
    for (const baseUrl of ['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080', 'https://db.example.org']) {
      expect(() => new AkidbClient({ baseUrl, apiKey: 'k' })).not.toThrow();
    }
    for (const baseUrl of [
      'http://db.example.org',
      'http://localhost.example.org',
      'http://128.0.0.1',
      'http://127.0.0.1.example.org',
    ]) {
      expect(() => new AkidbClient({ baseUrl, apiKey: 'k' })).toThrow(ConfigurationError);
      expect(() => new AkidbClient({ baseUrl, apiKey: () => 'k' })).toThrow(ConfigurationError);
    }
    expect(() => new AkidbClient({ baseUrl: 'https://user:secret@db.example.org' })).toThrow(/apiKey/);
    vi.stubGlobal('document', {});
    expect(() => new AkidbClient({ apiKey: 'k' })).toThrow(/short-lived/);
    expect(() => new AkidbClient({ apiKey: 'k', allowKeyInBrowser: true })).not.toThrow();
    expect(() => new AkidbClient({ apiKey: () => 'token' })).not.toThrow();
    vi.unstubAllGlobals();
  });
});

describe('names', () => {
  it('are percent-encoded in addresses', async () => {
    const { akidb, sent } = answered([COUNT]);
    await settled(akidb.table('a/b c?').count());
    await settled(akidb.table('ä').get('https://x/y?z'));
    expect(sent.map(({ path }) => path)).toEqual([
      '/api/v1/tables/a%2Fb%20c%3F/query',
      '/api/v1/tables/%C3%A4/rows/https%3A%2F%2Fx%2Fy%3Fz',
    ]);
  });
});
