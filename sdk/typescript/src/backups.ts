import type { Context } from './context.js';
import { camel, snake } from './json.js';
import { path, sleep, type RequestOptions } from './transport.js';

/** A backup in the server's directory of backups. */
export interface BackupInfo {
  name: string;
  state: 'running' | 'complete' | 'failed';
  /** Its directory on the server. */
  path: string;
  madeAt: string;
  /** Of all its files; 0 until it is complete. */
  bytes: number;
  /** The number of the last commit that is in it; 0 until it is complete. */
  commit: number;
  /** Whether it has the API keys. */
  keys: boolean;
  /** Whether it has the audit log. */
  audit: boolean;
  /** Why it failed, or is no backup any more. */
  error?: string;
}

/** A backup to make. */
export interface NewBackup {
  /** The name of its directory; the time of day if left out. */
  name?: string | undefined;
  /** Whether it has the API keys too, as the hashes that the server keeps. */
  includeKeys?: boolean | undefined;
  /** Whether it has the audit log too. */
  includeAudit?: boolean | undefined;
}

/** An answer that tells a backup, by example. */
const BACKUP = { name: '', state: '' };

/** Backups of the server, for keys with the scope `admin`. */
export class BackupsClient {
  readonly #context: Context;

  /** @internal */
  constructor(context: Context) {
    this.#context = context;
  }

  /** The backups, the youngest first. */
  async list(options?: RequestOptions): Promise<BackupInfo[]> {
    return (await this.#send<{ backups: BackupInfo[] }>('GET', '', { backups: [BACKUP] }, undefined, options)).backups;
  }

  /** One backup. */
  async get(name: string, options?: RequestOptions): Promise<BackupInfo> {
    return this.#send('GET', path`/${{ name }}`, BACKUP, undefined, options);
  }

  /** Begins a backup, while others go on writing. One is made at a time. */
  start(backup: NewBackup = {}, options?: RequestOptions): Promise<BackupInfo> {
    return this.#send('POST', '', BACKUP, backup, options);
  }

  /** Waits until a backup is complete, or has failed. */
  async wait(name: string, options: RequestOptions = {}): Promise<BackupInfo> {
    for (let pause = 100; ; pause = Math.min(2000, pause * 1.5)) {
      const now = await this.get(name, options);
      if (now.state !== 'running') return now;
      await sleep(pause, options.signal);
    }
  }

  async #send<A>(method: 'GET' | 'POST', rest: string, answer: object, body: unknown, options?: RequestOptions): Promise<A> {
    const call = { method, path: `/api/v1/backups${rest}`, body: snake(body) as unknown, repeatable: method === 'GET', answer };
    return camel(await this.#context.transport.json(call, options)) as A;
  }
}
