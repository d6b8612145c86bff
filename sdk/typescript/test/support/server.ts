// Starts one server for all tests of a run, with keys off, and one that asks for keys.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    url: string;
  }
}

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** The jar under test: AKIDB_JAR, which scripts/check sets. */
export function jar(): string {
  const named = process.env['AKIDB_JAR'];
  if (!named) throw new Error('AKIDB_JAR does not name a jar of the server; scripts/check finds or builds one');
  return named;
}

/** A JVM that can run the jar. */
export function java(): string {
  const found = spawnSync(join(repository, 'scripts/jdk25'), { encoding: 'utf8' });
  if (found.status !== 0) throw new Error(found.stderr);
  return join(found.stdout.trim(), 'bin/java');
}

export interface Server {
  url: string;
  process: ChildProcess;
  directory: string;
  stop(): Promise<void>;
}

const LISTENING = /REST API server listening on 127\.0\.0\.1:(\d+)\D/;

/** Starts a server over a directory of its own, or the one given, and waits until it is ready. */
export async function startServer(
  options: string[] = [],
  directory = mkdtempSync(join(tmpdir(), 'akidb-sdk-')),
): Promise<Server> {
  const args = [
    `@${join(repository, 'config/jvm.options')}`,
    '-Xmx700m',
    '-XX:TieredStopAtLevel=1',
    '-jar',
    jar(),
    '--server.port=0',
    '--spring.grpc.server.port=0',
    `--akidb.data-dir=${join(directory, 'data')}`,
    ...options,
  ];
  let log = '';
  let url = '';
  const child = spawn(java(), args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-8000);
      const port = LISTENING.exec(log)?.[1];
      if (port) url = `http://127.0.0.1:${port}`;
    });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (const end = Date.now() + 120_000; ;) {
    if (child.exitCode !== null) throw new Error(`the server ended:\n${log}`);
    if (Date.now() > end) throw new Error(`the server is not ready:\n${log}`);
    const healthy =
      url &&
      (await fetch(`${url}/health`).then(
        (response) => response.ok,
        () => false,
      ));
    if (healthy) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    process: child,
    directory,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = process.env['AKIDB_TEST_URL']; // of somebody who develops and starts it once
  if (running) {
    project.provide('url', running);
    return async () => undefined;
  }
  const server = await startServer(['--akidb.security.cors.allowed-origins=*']);
  project.provide('url', server.url);
  return () => server.stop();
}
