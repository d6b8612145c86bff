import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createSecure } from 'node:https';
import { createServer, type Server as Listener, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { AkidbClient, ConnectionError, TimeoutError } from '@akidb/sdk';
import { random, startFaultProxy, WAYS } from '../support/fault-proxy.mjs';
import { client, fresh, layouts, MODEL } from '../support/layouts.js';
import { java, startServer } from '../support/server.js';

const target = { host: '127.0.0.1', port: Number(new URL(inject('url')).port) };
const closing: (() => unknown)[] = [];

afterAll(async () => {
  for (const close of closing) await close();
});

const seed = Number(process.env['AKIDB_SEED'] ?? Math.floor(Math.random() * 1e6));

describe(`connections that break (AKIDB_SEED=${seed})`, () => {
  it(
    'lose and double no row of an insert, however often, though nothing tells one row from another',
    { timeout: 120_000 },
    async () => {
      const name = fresh('numbers');
      await client().tables.create(name, { columns: { n: 'int', text: 'string' } });
      const ways: string[] = [];
      const proxy = await startFaultProxy({ target, seed, share: 0.75, limit: 200, onBreak: (way) => ways.push(way) });
      closing.push(() => proxy.close());
      const akidb = new AkidbClient({ baseUrl: `http://127.0.0.1:${proxy.port}`, retries: 1000, timeout: 100_000 });
      let next = 0;
      const insert = async (): Promise<void> => {
        // until all cuts are made; a connection that works is kept and used, so that a new one is asked for each time
        while (proxy.broken() < 200) {
          const first = next;
          next += 20;
          const rows = Array.from({ length: 20 }, (_row, index) => ({ n: first + index, text: 'x'.repeat(index * 20) }));
          await akidb.table(name).insert(rows, { headers: { connection: 'close' } });
        }
      };
      await Promise.all(Array.from({ length: 10 }, insert));
      expect(new Set(ways)).toEqual(new Set(WAYS));
      expect(ways).toHaveLength(200);
      const rows = await client().table(name).select('n').orderBy('n');
      expect(rows.map((row) => row['n'])).toEqual(Array.from({ length: next }, (_row, index) => index));
    },
  );

  it('are hidden from reads, or told; never is an answer cut short', { timeout: 180_000 }, async () => {
    const name = fresh('numbers');
    await client().tables.create(name, { columns: { n: 'int', text: 'string' }, primaryKey: 'n' });
    await client()
      .table(name)
      .import(Array.from({ length: 3000 }, (_row, n) => ({ n, text: 'x'.repeat(20) })));
    const proxy = await startFaultProxy({ target, seed, share: 0.6 });
    closing.push(() => proxy.close());
    const akidb = new AkidbClient({
      baseUrl: `http://127.0.0.1:${proxy.port}`,
      retries: 100,
      timeout: 120_000,
      headers: { connection: 'close' },
    });
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        expect(await akidb.table(name).count()).toBe(3000);
        expect(await akidb.table(name).select('n')).toHaveLength(3000);
      }),
    );
    let whole = 0;
    let told = 0;
    for (let attempt = 0; attempt < 20; attempt++) {
      let rows = 0;
      try {
        for await (const row of akidb.table(name).orderBy('n').stream()) expect(row['n']).toBe(rows++);
        expect(rows).toBe(3000);
        whole++;
      } catch (error) {
        expect(error).toBeInstanceOf(ConnectionError);
        told++;
      }
    }
    expect(whole + told).toBe(20);
    expect(whole).toBeGreaterThan(0);
  });

  it('leave nothing behind when calls are ended at any step', { timeout: 60_000 }, async () => {
    const name = await layouts(client());
    const next = random(seed);
    const proxy = await startFaultProxy({ target, seed, share: 0.3 });
    closing.push(() => proxy.close());
    const akidb = new AkidbClient({ baseUrl: `http://127.0.0.1:${proxy.port}`, connections: 5 });
    const reason = new Error('ended by the test');
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, async (_call, index) => {
        const stop = new AbortController();
        const { signal } = stop;
        setTimeout(() => stop.abort(reason), next() * 60);
        const table = akidb.table(name);
        try {
          if (index % 4 === 0) for await (const _row of table.query().stream({ signal })) void 0;
          else if (index % 4 === 1) await akidb.search(name, `text ${index % 7}`, { column: 'teaches_embedding', signal });
          else if (index % 4 === 2) await akidb.embeddings.generate(`text ${index % 7}`, MODEL, { signal });
          else await table.count({ signal });
          return 'answered';
        } catch (error) {
          return error === reason ? 'ended' : error instanceof ConnectionError ? 'broken' : error;
        }
      }),
    );
    expect(outcomes.filter((it) => typeof it !== 'string')).toEqual([]);
    // all places are free again
    expect(await Promise.all(Array.from({ length: 10 }, () => akidb.table(name).count({ retries: 50 })))).toEqual(
      Array(10).fill(5),
    );
  });
});

describe('a server', () => {
  it(
    'that is killed in the middle of a stream ends it with an error, and what it had answered is there later',
    { timeout: 120_000 },
    async () => {
      const server = await startServer();
      const akidb = new AkidbClient({ baseUrl: server.url });
      await akidb.tables.create('numbers', { columns: { n: 'int', text: 'string' }, primaryKey: 'n' });
      await akidb.table('numbers').import(
        Array.from({ length: 20_000 }, (_row, n) => ({ n, text: 'x'.repeat(500) })),
        { batch: 5000 },
      );
      let rows = 0;
      const read = async (): Promise<void> => {
        for await (const _row of akidb.table('numbers').query().stream()) if (++rows === 100) server.process.kill('SIGKILL');
      };
      await expect(read()).rejects.toThrow(ConnectionError);
      expect(rows).toBeLessThan(20_000);
      const again = await startServer([], server.directory);
      closing.push(() => again.stop());
      expect(await new AkidbClient({ baseUrl: again.url }).table('numbers').count()).toBe(20_000);
    },
  );

  it('that says nothing, or stops in the middle, is waited for no longer than allowed', async () => {
    const silent = await listen(createServer((socket) => void socket.on('error', () => undefined)));
    await expect(new AkidbClient({ baseUrl: silent }).table('t').count({ timeout: 200 })).rejects.toThrow(TimeoutError);
    const stalling = await listen(
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () =>
          socket.write(
            'HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n8\r\n{"n":1}\n\r\n',
          ),
        );
      }),
    );
    const seen: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const row of new AkidbClient({ baseUrl: stalling }).table('t').query().stream({ timeout: 3000 })) seen.push(row);
    };
    await expect(read()).rejects.toThrow(TimeoutError);
    expect(seen).toEqual([{ n: 1 }]);
  });

  it('that ends its answer within a line has not answered', async () => {
    const short = await listen(
      createServer((socket: Socket) => {
        socket.on('error', () => undefined);
        socket.on('data', () =>
          socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ncontent-length: 12\r\n\r\n{"n":1}\n{"n"'),
        );
      }),
    );
    await expect(new AkidbClient({ baseUrl: short, retries: 0 }).table('t').query().collect()).rejects.toThrow(/broke off/);
  });

  it('with a certificate that nobody vouches for gets no request', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'akidb-tls-'));
    closing.push(() => rmSync(directory, { recursive: true, force: true }));
    const store = join(directory, 'store.p12');
    execFileSync(
      join(dirname(java()), 'keytool'),
      [
        ...['-genkeypair', '-alias', 'a', '-keyalg', 'EC', '-dname', 'CN=localhost', '-validity', '2'],
        ...['-storetype', 'PKCS12', '-storepass', 'changeit', '-keystore', store],
      ],
      { stdio: 'ignore' },
    );
    let asked = 0;
    const secure = createSecure({ pfx: readFileSync(store), passphrase: 'changeit' }, (_request, response) => {
      asked++;
      response.end('{}');
    });
    const url = (await listen(secure)).replace('http:', 'https:');
    const error = (await new AkidbClient({ baseUrl: url, apiKey: 'secret', retries: 0 })
      .table('t')
      .count()
      .catch((it: unknown) => it)) as ConnectionError;
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toMatch(/self-signed|certificate/);
    expect(asked).toBe(0);
  });
});

async function listen(server: Listener): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}
