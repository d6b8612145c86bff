import type { LocalOptions } from './client.js';
import { ConfigurationError } from './errors.js';

type ChildProcess = import('node:child_process').ChildProcess;

/** What the launcher says when its server is ready. */
interface Running {
  url: string;
  key: string;
}

const PATIENCE = 180_000;

/**
 * Has the launcher find or start the server of a data directory. The launcher runs on as long as its standard input is open, so that
 * the server is let go of when this process closes it or ends, however it ends.
 */
export async function startLocal(
  dataDir: string,
  options: LocalOptions,
): Promise<{ baseUrl: string; apiKey: string; stop: () => Promise<void> }> {
  const process = (globalThis as { process?: NodeJS.Process }).process;
  // not an import: bundlers for browsers would look for it
  const spawn = process?.getBuiltinModule?.('node:child_process')?.spawn;
  if (!process || !spawn) throw new ConfigurationError('a local server can be started in Node 20.16 or newer, Deno and Bun only');
  const command = options.command ?? process.env['AKIDB_COMMAND'] ?? 'akidb';
  const launcher = spawn(command, ['local', dataDir], { stdio: ['pipe', 'pipe', 'pipe'] });
  const { url, key } = await ready(launcher, command, options.timeout ?? PATIENCE);
  launcher.unref();
  for (const stream of [launcher.stdin, launcher.stdout, launcher.stderr]) (stream as { unref?: () => void } | null)?.unref?.();
  return {
    baseUrl: url,
    apiKey: key,
    stop: () =>
      new Promise((resolve) => {
        if (launcher.exitCode !== null || launcher.signalCode !== null) return resolve();
        launcher.ref();
        launcher.once('exit', () => resolve());
        launcher.stdin?.end();
      }),
  };
}

function ready(launcher: ChildProcess, command: string, milliseconds: number): Promise<Running> {
  return new Promise((resolve, reject) => {
    let said = '';
    let progress = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      launcher.kill();
      reject(new ConfigurationError(`${command} started no server: ${why}${progress && `\n${progress.trimEnd()}`}`));
    };
    const timer = setTimeout(() => fail(`it took longer than ${milliseconds / 1000} s`), milliseconds);
    launcher.once('error', (error) => fail(error.message));
    launcher.once('exit', (code, signal) => fail(`it ended with ${signal ?? code}`));
    launcher.stderr?.setEncoding('utf8').on('data', (text: string) => (progress = (progress + text).slice(-4000)));
    launcher.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const end = said.indexOf('\n');
      if (end < 0) return;
      try {
        const running = JSON.parse(said.slice(0, end)) as Running;
        launcher.removeAllListeners('exit').removeAllListeners('error');
        launcher.on('error', () => undefined);
        clearTimeout(timer);
        resolve(running);
      } catch {
        fail(`it said ${said}`);
      }
    });
  });
}
