// Measures many synchronised clients at once: the server's CPU for pokes and pulls, the time from a commit to every other client, and
// that nothing is lost. Needs a server in AKIDB_URL; with its process id in AKIDB_PID tells its CPU as well. Plain sockets and HTTP, so
// that the clients take as little of the machine as they can: what they take is told, too. CLIENTS, RATE (commits a second), SECONDS,
// TABLES (among which the clients are shared out) and AKIDB_API_KEY change what is run.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';

const url = new URL(process.env.AKIDB_URL ?? 'http://127.0.0.1:8080');
const number = (name, otherwise) => Number(process.env[name] ?? otherwise);
const [CLIENTS, RATE, SECONDS, TABLES] = [
  number('CLIENTS', 1000),
  number('RATE', 50),
  number('SECONDS', 20),
  number('TABLES', 1),
];
const key = process.env.AKIDB_API_KEY ? { authorization: `Bearer ${process.env.AKIDB_API_KEY}` } : {};
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

function post(path, body, method = 'POST') {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: url.hostname, port: url.port, path, method, agent, headers: { 'content-type': 'application/json', ...key } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part) => (text += part));
        answer.on('end', () => resolve({ status: answer.statusCode, json: text ? JSON.parse(text) : undefined }));
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Seconds of CPU that a process has taken, of which Linux tells hundredths. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const delays = [];
let pulls = 0;
let refusals = 0;

/** A client that pulls whenever it is poked. */
class Client {
  rows = new Map();
  cookie = null;
  busy = false;
  again = false;

  constructor(index) {
    this.group = `many-${process.pid}-${index}`;
    this.table = `bench_many_${index % TABLES}`;
  }

  async listen() {
    const socket = (this.socket = connect(Number(url.port), url.hostname));
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const headers = Object.entries(key).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `GET /api/v1/sync/socket HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers.join('')}\r\n`,
    );
    let open = false;
    await new Promise((resolve) => {
      socket.on('data', (bytes) => {
        if (!open) {
          open = true;
          const text = Buffer.from(JSON.stringify({ type: 'subscribe', tables: [this.table] }));
          socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
          resolve();
        } else if (bytes.includes('"poke"')) void this.pull();
      });
    });
  }

  async pull() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      do {
        this.again = false;
        const body = { pullVersion: 1, clientGroupID: this.group, cookie: this.cookie, partialClear: true };
        const { status, json } = await post('/api/v1/sync/pull', { ...body, subscriptions: [{ table: this.table }] });
        if (status !== 200) {
          refusals++;
          await new Promise((resolve) => setTimeout(resolve, 200));
          this.again = true;
          continue;
        }
        pulls++;
        const now = performance.now();
        for (const { op, value } of json.patch) {
          if (op !== 'put' || this.rows.has(value.id)) continue;
          this.rows.set(value.id, true);
          if (value.sent > 0) delays.push(now - value.sent);
        }
        this.cookie = json.cookie;
        this.again ||= json.more;
      } while (this.again);
    } finally {
      this.busy = false;
    }
  }
}

const columns = [
  { name: 'id', type: 'int' },
  { name: 'sent', type: 'float' },
  { name: 'text', type: 'string' },
];
for (let i = 0; i < TABLES; i++) {
  await post(`/api/v1/tables/bench_many_${i}`, undefined, 'DELETE');
  await post('/api/v1/tables', { name: `bench_many_${i}`, primary_key: 'id', columns });
}
const clients = Array.from({ length: CLIENTS }, (_, index) => new Client(index));
for (let i = 0; i < clients.length; i += 50) {
  await Promise.all(
    clients.slice(i, i + 50).map(async (client) => {
      await client.listen();
      await client.pull();
    }),
  );
}
console.log(`${CLIENTS} clients are connected`);

pulls = 0;
const began = performance.now();
const mine = process.cpuUsage();
const its = process.env.AKIDB_PID && cpu(process.env.AKIDB_PID);
const written = Array.from({ length: TABLES }, () => 0);
const commits = [];
for (let id = 1; id <= RATE * SECONDS; id++) {
  const due = began + (id * 1000) / RATE;
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  const at = id % TABLES;
  const row = { id, sent: performance.now(), text: 'a note of about forty characters, no more' };
  commits.push(
    post(`/api/v1/tables/bench_many_${at}/rows`, { rows: [row] }).then(({ status }) => {
      if (status === 201) written[at]++;
      else refusals++;
    }),
  );
}
await Promise.all(commits);
const ended = performance.now();
const whole = () => clients.every((client) => client.rows.size >= written[Number(client.table.slice(11))]);
while (!whole() && performance.now() - ended < 60_000) await new Promise((resolve) => setTimeout(resolve, 50));
const seconds = (performance.now() - began) / 1000;
const used = process.cpuUsage(mine);
delays.sort((a, b) => a - b);
const percentile = (p) => Math.round(delays[Math.min(delays.length - 1, Math.floor((p / 100) * delays.length))] ?? 0);
const missing = clients.reduce((sum, client) => sum + Math.max(0, written[Number(client.table.slice(11))] - client.rows.size), 0);
console.table({
  'commits a second': Math.round(written.reduce((a, b) => a + b) / ((ended - began) / 1000)),
  'pulls a second': Math.round(pulls / seconds),
  'rows that a client misses': missing,
  'answers that were refusals': refusals,
  'commit to another client, p50 ms': percentile(50),
  'commit to another client, p95 ms': percentile(95),
  'cores that the server took': its ? ((cpu(process.env.AKIDB_PID) - its) / seconds).toFixed(2) : 'not known',
  'cores that the clients took': ((used.user + used.system) / 1e6 / seconds).toFixed(2),
});
process.exit(missing > 0 ? 1 : 0); // whatever is on its way
