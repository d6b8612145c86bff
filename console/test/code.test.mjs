// The code that places offer, run as those would who copy it: curl in a shell, TypeScript with the SDK of this repository, Python
// with its client.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { makeKey, makeSample, newDirectory, open, startServer, stopBrowser } from './support.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const modules = join(repository, 'console/node_modules');

/** A Python that has httpx, which the client needs; made once in the cache. Nothing where there is no Python to make it with. */
function python() {
  const found = spawnSync(join(repository, 'scripts/find_python'), { encoding: 'utf8' });
  if (found.status !== 0) return null;
  const folder = join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? tmpdir(), '.cache'), 'akidb/console-python');
  const made = join(folder, 'bin/python');
  const ready = () => spawnSync(made, ['-c', 'import httpx'], { stdio: 'ignore' }).status === 0;
  if (!ready()) {
    rmSync(folder, { recursive: true, force: true });
    spawnSync(found.stdout.trim(), ['-m', 'venv', folder], { stdio: 'ignore' });
    spawnSync(made, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'httpx>=0.28'], { stdio: 'ignore' });
  }
  return ready() ? made : null;
}

const snake = python();
let folder;
let server;
let key;
before(
  async () => {
    folder = mkdtempSync(join(tmpdir(), 'akidb-code-'));
    mkdirSync(join(folder, 'node_modules/@akidb'), { recursive: true });
    symlinkSync(join(repository, 'sdk/typescript'), join(folder, 'node_modules/@akidb/sdk'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const directory = newDirectory();
    key = makeKey(directory, 'admin', 'admin');
    server = await startServer([], directory);
    await makeSample(server.url, key);
  },
  { timeout: 120_000 },
);
after(async () => {
  await stopBrowser();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program; what it printed. */
async function run(command, args) {
  const env = {
    ...process.env,
    AKIDB_API_KEY: key,
    PYTHONPATH: join(repository, 'sdk/python/src'),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let bad = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (bad += text));
  const status = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(status, 0, `${out}\n${bad}`);
  return out;
}

let programs = 0;
const made = new Set();
const file = (ending, text) => {
  const name = `program-${++programs}.${ending}`;
  made.add(name);
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const RUN = {
  curl: async (code) => {
    assert.match(code, /^curl /);
    const out = await run('bash', ['-c', code.replace(/^curl /, 'curl --silent --show-error --fail-with-body ')]);
    if (out && !out.startsWith('#')) JSON.parse(out);
    return out;
  },
  TypeScript: async (code) => {
    const out = await run('node', [file('mjs', code)]);
    file('ts', code);
    return out;
  },
  Python: (code) => run(snake, [file('py', code)]),
};

/** Where code is offered, and what its answer has to show. */
const PLACES = [
  ['home', '#/', /0\.\d/],
  ['tables', '#/tables', /trail_reports/],
  ['rows', "#/tables/trail_reports/rows?where=year+%3E%3D+2024+and+kind+%3D+'water'&sort=-year", /spring by the chapel/],
  ['one row', '#/tables/trail_reports/rows?row=r-05', /spring by the chapel/],
  ['columns', '#/tables/trail_reports/columns', /report_vector/],
  ['indexes', '#/tables/trail_reports/indexes', /text/],
  [
    'search',
    "#/search/trail_reports?q=is+there+water%3F&hybrid=1&weight=70&mmr=1&limit=30&threshold=0.01&exact=1&metric=cosine&filter=kind+%3D+'water'",
    /spring by the chapel/,
  ],
  ['search for others like a row', '#/search/trail_reports?like=r-01&limit=5', /[Rr]iver|stream|bridge|Glacier/],
  ['map', '#/map/trail_reports', /r-05/],
  ['SQL', "#/sql?q=select+id+from+trail_reports+where+report+like+'%25chapel%25'+order+by+id", /r-05/],
  ['models', '#/models', /MiniLM|0\.\d/i],
  ['operations', '#/operations', /akidb_|^eyJ|"token":"eyJ/m],
];

describe('the code of', () => {
  for (const [name, place, expected] of PLACES)
    it(`${name} does what the place did`, async () => {
      const page = await open(server.url, place, { key, allowed: [/404/] });
      // a row that is open lies over the rest
      const whole = page.locator(place.includes('row=') ? 'dialog' : 'main');
      await whole.locator('details.request').first().waitFor();
      const codes = [];
      for (const offered of await whole.locator('details.request').all()) {
        await offered.locator('summary').click();
        for (const language of Object.keys(RUN)) {
          await offered.getByRole('tab', { name: language }).click();
          codes.push([language, await offered.locator('pre').innerText()]);
        }
      }
      await page.done();
      assert.ok(
        codes.every(([, code]) => !code.includes(key)),
        'no code holds the key',
      );
      for (const [language, code] of codes) {
        if (language === 'Python' && !snake) continue;
        assert.match(await RUN[language](code), expected, `${language}:\n${code}`);
      }
    });

  it('import writes the rows that it shows', async () => {
    const page = await open(server.url, '#/import', { key });
    const row = { id: 1, note: 'it\'s <b>"quoted"</b> $HOME `x` \\n é', sure: true, none: null };
    const buffer = Buffer.from(`${JSON.stringify(row)}\n`);
    await page.locator('input[type=file]').setInputFiles({ name: 'noted.ndjson', mimeType: 'text/plain', buffer });
    await page.getByLabel('Primary key').selectOption('id');
    await page.getByLabel('Embed the text of').selectOption('');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('link', { name: 'See the rows' }).waitFor();
    await page.locator('details.request summary').click();
    for (const language of Object.keys(RUN)) {
      await page.getByRole('tab', { name: language }).click();
      const code = await page.locator('pre').innerText();
      if (language === 'Python' && !snake) continue;
      await RUN[language](code);
      const answer = await fetch(`${server.url}/api/v1/tables/noted/query`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: '{}',
      });
      assert.deepEqual((await answer.json()).rows, [row], language);
    }
    await page.done();
  });

  it('all of them is TypeScript', async () => {
    const settings = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--target',
      'es2023',
      '--module',
      'nodenext',
      '--lib',
      'es2023,dom',
    ];
    await run('node', [join(modules, 'typescript/bin/tsc'), ...settings, ...programsOf('ts')]);
  });
});

/** The programs that were written, declared to be modules that may name `process`. */
function programsOf(ending) {
  const declared = join(folder, 'process.d.ts');
  writeFileSync(declared, 'declare const process: { env: Record<string, string | undefined> };\n');
  return [declared, ...[...made].filter((name) => name.endsWith(ending))];
}
