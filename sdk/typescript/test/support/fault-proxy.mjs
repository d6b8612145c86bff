// A proxy that breaks connections: by a seed, so that a run can be repeated. Also a program, for tests of other languages:
//
//   node fault-proxy.mjs --target 127.0.0.1:8080 [--port 0] [--seed 1] [--share 0.5]
//
// prints its port, then one line for each connection that it breaks.
import { createServer, connect } from 'node:net';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';

/** Numbers from 0 to 1 that only depend on the seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The ways of breaking: before anything is heard, within the request, before the answer is told, within the answer. */
export const WAYS = ['deaf', 'request', 'untold', 'answer'];

/**
 * @param {{ target: { host: string, port: number }, port?: number, seed?: number, share?: number,
 *   onBreak?: (way: string) => void, limit?: number }} options - `share` of the connections are broken, `limit` of them at most
 * @returns {Promise<{ port: number, broken: () => number, close: () => Promise<void> }>}
 */
export function startFaultProxy({ target, port = 0, seed = 1, share = 0.5, onBreak = () => undefined, limit = Infinity }) {
  const next = random(seed);
  const sockets = new Set();
  let broken = 0;
  const server = createServer((client) => {
    sockets.add(client);
    const breaks = next() < share && broken < limit;
    const way = breaks ? WAYS[Math.floor(next() * WAYS.length)] : undefined;
    const after = Math.floor(next() ** 3 * 20_000); // mostly early
    if (breaks) {
      broken++;
      onBreak(way);
    }
    const upstream = connect(target.port, target.host);
    sockets.add(upstream);
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      socket.on('error', cut);
      socket.on('close', () => {
        cut();
        sockets.delete(socket);
      });
    }
    if (way === 'deaf') return cut();
    let sent = 0;
    let answered = 0;
    client.on('data', (piece) => {
      sent += piece.length;
      if (way === 'request' && sent > after) {
        // a part of it arrives
        upstream.write(piece.subarray(0, Math.floor(piece.length / 2)), cut);
        return;
      }
      upstream.write(piece);
    });
    upstream.on('data', (piece) => {
      answered += piece.length;
      if (way === 'untold') return cut();
      if (way === 'answer' && answered > after / 20) {
        client.write(piece.subarray(0, Math.floor(piece.length / 2)), cut);
        return;
      }
      client.write(piece);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve({
        port: server.address().port,
        broken: () => broken,
        close: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => done());
          }),
      }),
    );
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      target: { type: 'string' },
      port: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      share: { type: 'string', default: '0.5' },
    },
  });
  const { hostname: host, port } = new URL(`http://${values.target}`);
  const proxy = await startFaultProxy({
    target: { host, port: Number(port) },
    port: Number(values.port),
    seed: Number(values.seed),
    share: Number(values.share),
    onBreak: (way) => console.log(way),
  });
  console.log(proxy.port);
}
