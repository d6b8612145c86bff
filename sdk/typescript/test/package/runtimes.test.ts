// The built package in the runtimes that this machine has: see scripts/runtimes.mjs, which also gets Deno and Bun.
import { expect, inject, it } from 'vitest';
import { run, runtimes } from '../../scripts/runtimes.mjs';

for (const { name, command } of runtimes()) {
  it.skipIf(!command)(`runs in ${name}`, { timeout: 90_000 }, () => {
    const { status, stdout, stderr } = run(command!, inject('url'));
    expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: 'ok\n' });
  });
}
