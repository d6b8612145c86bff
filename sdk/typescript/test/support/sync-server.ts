// A server of this process that speaks the sync protocol, for tests without a real one: tables in memory, one version, a log of changes.
import { base64Of } from '../../src/json.js';
import { quantize } from '../../src/sync/vectors.js';

interface Row {
  values: Record<string, unknown>;
  version: number;
  order: number;
}

interface Table {
  description: Record<string, any>;
  rows: Map<string, Row>;
  gone: Map<string, number>;
}

interface Mutation {
  clientID: string;
  id: number;
  name: string;
  args: Record<string, any>;
}

const ERRORS: Record<string, number> = { NOT_FOUND: 404, UNKNOWN_COLUMN: 400 };

export class SyncServer {
  version = 0;
  order = 0;
  readonly tables = new Map<string, Table>();
  readonly clients = new Map<string, { group: string; last: number; since: number; refused: object[] }>();
  /** All that was asked, as `METHOD path`. */
  readonly asked: string[] = [];
  /** What happens to requests; throws to break the connection. */
  before: (request: { method: string; path: string }) => void | Promise<void> = () => undefined;
  after: (request: { method: string; path: string }) => void | Promise<void> = () => undefined;
  page = 10_000;

  create(name: string, columns: Record<string, any>[], key = 'id'): void {
    this.tables.set(name, {
      description: {
        name,
        kind: 'table',
        columns: columns.map((column) => ({ required: false, unique: false, default: null, ...column })),
        primary_key: key,
        row_count: 0,
        version: 0,
        created_at: '2026-01-01T00:00:00Z',
        indexes: [],
      },
      rows: new Map(),
      gone: new Map(),
    });
  }

  put(table: string, values: Record<string, unknown>): void {
    this.version++;
    this.#set(this.tables.get(table)!, values);
  }

  remove(table: string, key: string): void {
    this.#delete(this.tables.get(table)!, key, ++this.version);
  }

  rows(table: string): Record<string, unknown>[] {
    return [...this.tables.get(table)!.rows.values()].sort((a, b) => a.order - b.order).map(({ values }) => values);
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const path = new URL(String(input)).pathname;
    const method = init?.method ?? 'GET';
    this.asked.push(`${method} ${path}`);
    await this.before({ method, path });
    init?.signal?.throwIfAborted();
    let answer: { status: number; body: object };
    try {
      answer = { status: 200, body: this.#answer(method, path, init?.body ? JSON.parse(String(init.body)) : {}) };
    } catch (error) {
      const { code, message, field } = error as { code: string; message: string; field?: string };
      if (!code) throw error;
      answer = { status: ERRORS[code] ?? 400, body: { code, detail: message, field } };
    }
    await this.after({ method, path });
    return new Response(JSON.stringify(answer.body), { status: answer.status, headers: { 'content-type': 'application/json' } });
  };

  #answer(method: string, path: string, body: Record<string, any>): object {
    if (path.endsWith('/sync/pull')) return this.#pull(body);
    if (path.endsWith('/sync/push')) return this.#push(body);
    const name = decodeURIComponent(/^\/api\/v1\/tables\/([^/]+)/.exec(path)?.[1] ?? '');
    const table = this.tables.get(name);
    if (!table) throw Object.assign(new Error(`Table '${name}' not found`), { code: 'NOT_FOUND', field: 'table' });
    if (method === 'GET' && path.endsWith(name)) return { ...table.description, row_count: table.rows.size };
    if (path.endsWith('/query')) return { rows: this.rows(name).map((row) => ({ ...row, from: 'server' })), next_cursor: null };
    throw Object.assign(new Error(`${method} ${path} is not done here`), { code: 'INVALID_ARGUMENT' });
  }

  #pull({ cookie, subscriptions, clientGroupID }: Record<string, any>): object {
    const before = (cookie ?? { order: 0, from: {} }) as { order: number; from: Record<string, string>; next?: number };
    const patch: object[] = [];
    const from: Record<string, string> = {};
    subscriptions.forEach((subscription: Record<string, any>, index: number) => {
      const table = this.tables.get(subscription['table']);
      if (!table) {
        throw Object.assign(new Error('no such table'), { code: 'NOT_FOUND', field: `subscriptions[${index}].table` });
      }
      const name = subscription['table'] as string;
      from[name] = JSON.stringify(subscription);
      const anew = before.from[name] !== from[name];
      const prefix = `${encodeURIComponent(name)}/`;
      if (anew) patch.push({ op: 'clear', prefix });
      const since = anew ? 0 : before.order;
      for (const [key, version] of table.gone) if (version > since && !anew) patch.push({ op: 'del', key: prefix + key });
      for (const [key, row] of table.rows) {
        if (row.version <= since) continue;
        const value: Record<string, unknown> = { version: row.version };
        for (const { name, type } of table.description['columns']) {
          if (!subscription['columns'].includes(name)) continue;
          const its = row.values[name] ?? null;
          value[name] = type === 'embedding' && its ? this.#vector(its as number[], subscription['vectors']) : its;
        }
        patch.push({ op: 'put', key: prefix + key, value, row: row.order });
      }
    });
    for (const name of Object.keys(before.from)) {
      if (!(name in from)) patch.push({ op: 'clear', prefix: `${encodeURIComponent(name)}/` });
    }
    const start = before.next ?? 0;
    const more = start + this.page < patch.length;
    const changes: Record<string, number> = {};
    const refused: Record<string, object[]> = {};
    for (const [id, client] of this.clients) {
      if (client.group !== clientGroupID || client.since <= before.order) continue;
      changes[id] = client.last;
      refused[id] = client.refused;
    }
    return {
      cookie: more ? { ...before, next: start + this.page } : { order: this.version, from },
      lastMutationIDChanges: more ? {} : changes,
      patch: patch.slice(start, start + this.page),
      more,
      ...(!more && { refused }),
    };
  }

  #vector(vector: number[], as: string): string {
    const floats = Float32Array.from(vector);
    if (as === 'float32') return base64Of(floats);
    const { scale, codes } = quantize(floats);
    const bytes = new Uint8Array(4 + codes.length);
    new DataView(bytes.buffer).setFloat32(0, scale, true);
    bytes.set(new Uint8Array(codes.buffer), 4);
    return btoa(String.fromCharCode(...bytes));
  }

  #push(body: Record<string, any>): object {
    const { clientGroupID, mutations } = body as { clientGroupID: string; mutations: Mutation[] };
    const refused: object[] = [];
    for (const mutation of mutations) {
      const { clientID, id } = mutation;
      const client = this.clients.get(clientID) ?? { group: clientGroupID, last: 0, since: 0, refused: [] };
      if (!this.clients.has(clientID) && id > 1) return { error: 'ClientStateNotFound', lastMutationIDs: {} };
      this.clients.set(clientID, client);
      if (id <= client.last) {
        refused.push(...client.refused.filter((its) => (its as Mutation).id === id));
        continue;
      }
      if (id > client.last + 1) throw Object.assign(new Error('out of order'), { code: 'MUTATION_OUT_OF_ORDER' });
      this.version++;
      try {
        this.#mutate(mutation);
      } catch (error) {
        const { code, message } = error as { code: string; message: string };
        if (!code) throw error;
        const its = { clientID, id, code, detail: message };
        refused.push(its);
        client.refused.push(its);
      }
      client.last = id;
      client.since = this.version;
    }
    return { refused };
  }

  #mutate({ name, args }: Mutation): void {
    const table = this.tables.get(args['table']);
    const refuse = (code: string): Error => Object.assign(new Error(code), { code });
    if (!table) throw refuse('NOT_FOUND');
    const key = table.description['primary_key'] as string;
    if (name === 'insert') {
      const rows = args['rows'] as Record<string, unknown>[];
      const there = rows.filter((row) => table.rows.has(String(row[key])));
      if (there.length > 0 && (args['onConflict'] ?? 'error') === 'error') throw refuse('ALREADY_EXISTS');
      for (const row of rows) if (!(args['onConflict'] === 'ignore' && there.includes(row))) this.#set(table, row);
      return;
    }
    const row = table.rows.get(String(args['key']));
    if (!row) {
      if (name === 'update') throw refuse('NOT_FOUND');
      return;
    }
    if (args['ifVersion'] !== undefined && args['ifVersion'] !== row.version) throw refuse('VERSION_CONFLICT');
    if (name === 'delete') this.#delete(table, String(args['key']), this.version);
    else this.#set(table, { ...row.values, ...args['values'] }, row.order);
  }

  #set(table: Table, values: Record<string, unknown>, order = ++this.order): void {
    const full: Record<string, unknown> = {};
    for (const { name, default: otherwise } of table.description['columns']) full[name] = values[name] ?? otherwise ?? null;
    const key = String(values[table.description['primary_key']]);
    table.gone.delete(key);
    table.rows.set(key, { values: full, version: this.version, order });
  }

  #delete(table: Table, key: string, version: number): void {
    if (table.rows.delete(key)) table.gone.set(key, version);
  }
}
