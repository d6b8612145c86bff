// Clients that edit the same table on a network that loses, delays and doubles requests, with phases without one, killed clients and
// killed servers: at the end all replicas equal the server, and no write was lost or done twice.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AkidbClient, ApiError } from '@akidb/sdk';
import { memoryStore, type SyncStore } from '@akidb/sdk/sync';
import { fresh } from '../support/layouts.js';
import { startServer, type Server } from '../support/server.js';

const seed = Number(process.env['AKIDB_SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env['AKIDB_ROUNDS'] ?? 30);
const KILL_EVERY = 15;

let state = seed + 1;
const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
const chance = (share: number): boolean => random() < share;
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;

let server: Server;
let url: () => string;
let plain: AkidbClient;

/** Sends to where the server is now, which is another port after each start. */
const routed: typeof fetch = (input, init) => fetch(String(input).replace('http://127.0.0.1:1', url()), init);

class Member {
  readonly store: SyncStore = memoryStore();
  client!: AkidbClient;
  /** Rows that only this member writes, with the value that they must have at the end. */
  readonly own = new Map<string, number>();
  offline = false;
  calm = false;
  #life = 0;

  constructor(
    readonly name: string,
    readonly table: string,
  ) {
    this.#start();
  }

  /** Ends as a program does that is killed: nothing is written, sent or received any more. */
  kill(): void {
    this.#start();
  }

  #start(): void {
    const life = ++this.#life;
    const broken = (): TypeError => new TypeError('the connection broke');
    const chaotic: typeof fetch = async (input, init) => {
      const alive = (): void => {
        if (life !== this.#life || this.offline) throw broken();
      };
      alive();
      const calm = this.calm;
      if (!calm) {
        if (chance(0.15)) throw broken();
        if (chance(0.3)) await new Promise((resolve) => setTimeout(resolve, random() * 20));
        if (chance(0.15)) {
          // it arrives, then comes again later
          void routed(input, { ...init, signal: null })
            .then((response) => response.arrayBuffer())
            .catch(() => undefined);
          if (chance(0.5)) await new Promise((resolve) => setTimeout(resolve, random() * 20));
        }
      }
      const response = await routed(input, init);
      if (String(input).includes('/sync/events')) return response; // goes on until it breaks
      const body = await response.arrayBuffer();
      alive();
      if (!calm && chance(0.15)) throw broken();
      return new Response(body, response);
    };
    this.client = new AkidbClient({
      baseUrl: 'http://127.0.0.1:1',
      fetch: chaotic,
      retries: 0,
      syncEngine: { store: this.#storeOf(life), tables: [this.table], interval: 30 },
    });
  }

  /** The store as long as this life lasts. */
  #storeOf(life: number): SyncStore {
    const store = this.store;
    const forever = new Promise<never>(() => undefined);
    const living = <A extends unknown[], R>(act: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) => {
      return (...args) => (life === this.#life ? act(...args) : forever);
    };
    return {
      load: living(() => store.load()),
      write: living((change) => store.write(change)),
      append: living((mutations) => store.append(mutations)),
      outbox: living(() => store.outbox()),
      close: async () => undefined,
    };
  }
}

async function edit(member: Member, serial: number): Promise<void> {
  const table = member.client.table(member.table);
  const contested = `x${Math.floor(random() * 5)}`;
  try {
    switch (Math.floor(random() * 7)) {
      case 0:
      case 1: {
        const id = `${member.name}-${serial}`;
        await table.insert([{ id, n: serial, text: member.name }]);
        member.own.set(id, serial);
        break;
      }
      case 2: {
        const [id] = pick([...member.own.keys(), undefined].map((id) => [id]));
        if (id === undefined) break;
        await table.updateByKey(id, { n: serial });
        member.own.set(id, serial);
        break;
      }
      case 3:
        await table.insert([{ id: contested, n: serial }], { onConflict: pick(['error', 'replace', 'ignore'] as const) });
        break;
      case 4:
        await table.updateByKey(
          contested,
          pick([{ n: serial }, { text: `${member.name} ${serial}` }, { n: serial, text: null }]),
        );
        break;
      case 5:
        await table.deleteByKey(contested);
        break;
      default:
        await table.update("id like 'x%'", { text: `all ${serial}` });
    }
  } catch (error) {
    // a row that is there, or is not; before the table is here, also a server that is not reached
    if (!(error instanceof ApiError) && member.client && !String((error as Error).message).includes('reached')) throw error;
  }
}

async function restart(): Promise<void> {
  const { directory, process: child } = server;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  server = await startServer([], directory);
}

async function round(number: number): Promise<void> {
  const table = fresh('converge');
  await plain.tables.create(table, { columns: { id: 'string', n: 'int', text: 'string' }, primaryKey: 'id' });
  await plain.table(table).insert([
    { id: 'x0', n: 0 },
    { id: 'x1', n: 1 },
  ]);
  const members = Array.from({ length: 2 + Math.floor(random() * 4) }, (_member, index) => new Member(`m${index}`, table));
  for (const member of members) {
    member.calm = true;
    await (await member.client.sync).subscribe(table);
    member.calm = false;
  }
  let killed: Promise<void> | undefined;
  for (let step = 0; step < 40; step++) {
    const member = pick(members);
    await edit(member, number * 1000 + step);
    if (chance(0.08)) member.offline = !member.offline;
    if (chance(0.04)) member.kill();
    if (chance(0.05)) await plain.table(table).insert([{ id: `x${Math.floor(random() * 5)}`, n: -step }], { onConflict: 'replace' }).catch(() => undefined); // prettier-ignore
    if (chance(0.3)) await new Promise((resolve) => setTimeout(resolve, random() * 30));
    if (step === 10 && chance(0.3)) await plain.tables.addColumn(table, 'more', { type: 'int', default: 1 });
    if (step === 20 && number % KILL_EVERY === KILL_EVERY - 1) killed = restart();
  }
  await killed;
  for (const member of members) [member.offline, member.calm] = [false, true];
  for (const pass of [1, 2]) {
    for (const member of members) {
      const sync = await member.client.sync;
      await sync.synced({ signal: AbortSignal.timeout(40_000) });
      if (pass === 2) expect(sync.status.pending).toBe(0);
    }
  }
  const rows = await plain.table(table).query().collect();
  for (const member of members) {
    expect(await member.client.table(table).query(), `the rows of ${member.name} in their order`).toEqual(rows);
    for (const [id, n] of member.own) {
      expect(
        rows.find((row) => row.id === id),
        `what ${member.name} wrote last to ${id}`,
      ).toMatchObject({ n });
    }
    const sync = await member.client.sync;
    // a row of one's own that was inserted twice would have been refused the second time
    expect(sync.refused.filter(({ args }) => args.rows?.some(({ id }) => String(id).startsWith('m')))).toEqual([]);
    await member.client.close();
  }
  expect(rows.filter(({ id }) => String(id).startsWith('m'))).toHaveLength(members.reduce((sum, { own }) => sum + own.size, 0));
  await plain.tables.drop(table);
}

describe(`replicas of one table (AKIDB_SEED=${seed})`, () => {
  beforeAll(async () => {
    server = await startServer();
    url = () => server.url;
    plain = new AkidbClient({ baseUrl: 'http://127.0.0.1:1', fetch: routed, retries: 20, timeout: 60_000 });
  }, 120_000);

  afterAll(() => server.stop());

  it(`converge in ${ROUNDS} rounds`, { timeout: ROUNDS * 20_000 }, async () => {
    for (let number = 0; number < ROUNDS; number++) await round(number);
  });
});
