// The built package in the runtimes that this machine has; Deno and Bun also where AKIDB_DENO and AKIDB_BUN say.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, inject, it } from 'vitest';

const smoke = fileURLToPath(new URL('../runtimes/smoke.mjs', import.meta.url));

const RUNTIMES: [name: string, command: string, ...args: string[]][] = [
  ['Node', process.execPath],
  ['Deno', process.env['AKIDB_DENO'] ?? 'deno', 'run', '-A', '--no-check'],
  ['Bun', process.env['AKIDB_BUN'] ?? 'bun', 'run'],
];

for (const [name, command, ...args] of RUNTIMES) {
  it.skipIf(spawnSync(command, ['--version']).error)(`runs in ${name}`, () => {
    const { status, stdout, stderr } = spawnSync(command, [...args, smoke, inject('url')], { encoding: 'utf8' });
    expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: 'ok\n' });
  });
}
