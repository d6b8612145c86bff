import type { LocalOptions } from './client.js';
import { ConfigurationError } from './errors.js';

type ChildProcess = import('node:child_process').ChildProcess;

/** What the launcher says when its server is ready. */
interface Running {
  url: string;
  key: string;
}

const START_TIMEOUT = 180_000;

/**
 * Has the launcher find or start the server of a data directory. The launcher runs on as long as its standard input is open, so that
 * the server is let go of when this process closes it or ends, however it ends.
 */
export async function startLocal(
  dataDir: string,
  { home, linger, settings, startTimeout }: LocalOptions,
): Promise<{ baseUrl: string; apiKey: string; stop: () => Promise<void> }> {
  const process = (globalThis as { process?: NodeJS.Process }).process;
  // not imports: bundlers for browsers would look for them
  const builtin = process?.getBuiltinModule?.bind(process);
  if (!builtin) throw new ConfigurationError('a local server can be started in Node 20.16 or newer, Deno and Bun only');
  const { resolve } = builtin('node:path');
  const command = launcher(home ?? process!.env['AKIDB_HOME'], builtin('node:fs').existsSync, resolve);
  const args = ['local', resolve(dataDir)];
  if (linger) args.push('--linger', String(linger));
  for (const [name, value] of Object.entries(settings ?? {})) args.push(`--${name}=${value}`);
  // a session of its own: Ctrl-C in a terminal is for this program, which then lets go of the server
  const child = builtin('node:child_process').spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const { url, key } = await ready(child, command, startTimeout ?? START_TIMEOUT);
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as { unref?: () => void } | null)?.unref?.();
  return {
    baseUrl: url,
    apiKey: key,
    stop: () =>
      new Promise((done) => {
        if (child.exitCode !== null || child.signalCode !== null) return done();
        child.ref();
        child.once('exit', () => done());
        child.stdin!.end();
      }),
  };
}

/** The launcher of an AkiDB's folder, or what a path names. */
function launcher(home: string | undefined, exists: (path: string) => boolean, resolve: (...parts: string[]) => string): string {
  if (home === undefined) return 'akidb';
  const found = ['scripts/akidb', 'bin/akidb'].map((name) => resolve(home, name)).find(exists);
  return found ?? resolve(home);
}

function ready(child: ChildProcess, command: string, milliseconds: number): Promise<Running> {
  return new Promise((resolve, reject) => {
    let said = '';
    let progress = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill();
      reject(new ConfigurationError(`${command} started no server: ${why}${progress && `\n${progress.trimEnd()}`}`));
    };
    const timer = setTimeout(() => fail(`it took longer than ${milliseconds / 1000} s`), milliseconds);
    child.once('error', (error) => fail(`${error.message}; say as home, or in AKIDB_HOME, where AkiDB is`));
    child.once('close', (code, signal) => fail(`it ended with ${signal ?? code}`));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (progress = (progress + text).slice(-4000)));
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const end = said.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      child
        .removeAllListeners('close')
        .removeAllListeners('error')
        .on('error', () => undefined);
      resolve(JSON.parse(said.slice(0, end)) as Running);
    });
  });
}
