import { ConfigurationError } from '../errors.js';
import { decode, encode } from '../json.js';
import type { Mutation, SyncStore } from './store.js';

interface Statement {
  run(...params: unknown[]): unknown;
  get(...params: unknown[]): unknown;
  all(...params: unknown[]): unknown[];
}

interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/**
 * Keeps a replica in an SQLite file: by `node:sqlite` of Node 22.13 and newer, else by `better-sqlite3`, which the program then has to
 * have installed.
 *
 * @throws ConfigurationError if there is neither, or another process has the file open
 */
export async function sqliteStore(file: string): Promise<SyncStore> {
  const database = await open(file);
  try {
    // one process at a time: a replica has one outbox, whose numbers have no gaps
    database.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full;');
    database.exec(`
      create table if not exists state (id integer primary key check (id = 0), json text, last integer not null);
      create table if not exists rows (key text primary key, json text not null) without rowid;
      create table if not exists outbox (id integer primary key, json text not null);
      insert or ignore into state values (0, null, 0);`);
  } catch (error) {
    database.close();
    if (!/locked|busy/i.test((error as Error).message)) throw error;
    throw new ConfigurationError(`${file} is in use by another process`);
  }
  const sql = {
    state: database.prepare('select json, last from state'),
    setState: database.prepare('update state set json = ?'),
    setLast: database.prepare('update state set last = ?'),
    rows: database.prepare('select key, json from rows'),
    put: database.prepare('insert or replace into rows values (?, ?)'),
    del: database.prepare('delete from rows where key = ?'),
    clear: database.prepare('delete from rows where substr(key, 1, ?) = ?'),
    outbox: database.prepare('select json from outbox order by id'),
    append: database.prepare('insert into outbox values (?, ?)'),
    done: database.prepare('delete from outbox where id <= ?'),
  };
  const outbox = (): Mutation[] => sql.outbox.all().map((row) => decode((row as { json: string }).json, true) as Mutation);
  const last = (): number => (sql.state.get() as { last: number }).last;
  const keep = (mutations: readonly Mutation[]): void => {
    for (const mutation of mutations) sql.append.run(mutation.id, encode(mutation));
  };
  const atomically = (act: () => void): void => {
    database.exec('begin immediate');
    try {
      act();
      database.exec('commit');
    } catch (error) {
      database.exec('rollback');
      throw error;
    }
  };
  return {
    load: async () => ({
      state: (sql.state.get() as { json: string | null }).json ?? undefined,
      rows: (sql.rows.all() as { key: string; json: string }[]).map(({ key, json }) => [key, json] as const),
      outbox: outbox(),
    }),
    write: async (change) =>
      atomically(() => {
        for (const prefix of change.clear ?? []) sql.clear.run([...prefix].length, prefix);
        for (const [key, json] of change.put ?? []) sql.put.run(key, json);
        for (const key of change.del ?? []) sql.del.run(key);
        if (change.state !== undefined) sql.setState.run(change.state);
        if (change.done !== undefined) sql.done.run(change.done);
        if (change.outbox) {
          sql.done.run(Number.MAX_SAFE_INTEGER);
          keep(change.outbox);
          sql.setLast.run(change.outbox.at(-1)?.id ?? 0);
        }
      }),
    append: async (mutations) => {
      let numbered: Mutation[] = [];
      atomically(() => {
        const from = last() + 1;
        numbered = mutations.map((mutation, index) => ({ ...mutation, id: from + index }));
        keep(numbered);
        sql.setLast.run(from + mutations.length - 1);
      });
      return numbered;
    },
    outbox: async () => outbox(),
    size: async () => {
      const pages = database.prepare('pragma page_count').get() as { page_count: number };
      const page = database.prepare('pragma page_size').get() as { page_size: number };
      return pages.page_count * page.page_size;
    },
    close: async () => database.close(),
  };
}

async function open(file: string): Promise<Database> {
  const { process } = globalThis as { process?: NodeJS.Process };
  const native = process?.getBuiltinModule?.('node:sqlite' as 'node:fs') as unknown as
    { DatabaseSync: new (file: string) => Database } | undefined;
  if (native?.DatabaseSync) return new native.DatabaseSync(file);
  const name = 'better-sqlite3'; // not a word in the import: bundlers would look for it
  const module = (await import(/* @vite-ignore */ name).catch(() => undefined)) as
    { default: new (file: string) => Database } | undefined;
  if (!module)
    throw new ConfigurationError('a replica is kept in a file by Node 22.13 or newer, or where better-sqlite3 is installed');
  return new module.default(file);
}
