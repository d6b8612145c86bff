// Runs test/runtimes/smoke.mjs, the package as it is built, in Node, Deno and Bun:
//
//   node scripts/runtimes.mjs [--install] [URL]
//
// against the server at the URL, if one is given. Deno and Bun are those of AKIDB_DENO and AKIDB_BUN, of the path, or of a cache
// outside of this package, into which --install gets them by npm.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const VERSIONS = { deno: '2.9.6', bun: '1.4.5' };
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'akidb', 'runtimes');
const smoke = fileURLToPath(new URL('../test/runtimes/smoke.mjs', import.meta.url));

/** The program of a runtime that npm has brought: it lies in the one of its packages that is for this machine. */
function installed(scope, ...inside) {
  const folder = join(cache, 'node_modules', scope);
  const packages = existsSync(folder) ? readdirSync(folder) : [];
  return packages.map((name) => join(folder, name, ...inside)).find((program) => runs(program));
}

function runs(program) {
  return spawnSync(program, ['--version']).status === 0;
}

/** The runtimes that this machine has, each with the command that runs a module in it. */
export function runtimes() {
  const deno = process.env.AKIDB_DENO ?? (runs('deno') ? 'deno' : installed('@deno', 'deno'));
  const bun = process.env.AKIDB_BUN ?? (runs('bun') ? 'bun' : installed('@oven', 'bin', 'bun'));
  return [
    { name: 'Node', command: [process.execPath] },
    { name: 'Deno', command: deno && [deno, 'run', '-A', '--no-check'] },
    { name: 'Bun', command: bun && [bun, 'run'] },
  ];
}

/** What the smoke test says in a runtime, against a server. */
export function run([program, ...args], url) {
  return spawnSync(program, [...args, smoke, url], { encoding: 'utf8', timeout: 60_000 });
}

function install() {
  mkdirSync(cache, { recursive: true });
  const packages = Object.entries(VERSIONS).map(([name, version]) => `${name}@${version}`);
  // without their scripts, which only put the programs into other places
  const how = ['--prefix', cache, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  spawnSync('npm', ['install', ...how, ...packages], { stdio: 'inherit', timeout: 120_000 });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const url = process.argv.slice(2).find((argument) => argument !== '--install');
  if (process.argv.includes('--install') && runtimes().some(({ command }) => !command)) install();
  let failed = false;
  for (const { name, command } of runtimes()) {
    if (!command) {
      console.log(`${name}: left out, it is not there; --install gets it`);
      continue;
    }
    const version = spawnSync(command[0], ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0];
    const { status, stdout, stderr } = url ? run(command, url) : { status: 0, stdout: 'there' };
    console.log(`${name} (${version}): ${status === 0 ? stdout.trim() : `failed\n${stderr}`}`);
    failed ||= status !== 0;
  }
  process.exit(failed ? 1 : 0);
}
