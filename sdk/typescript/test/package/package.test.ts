// What is published, as it is built: both module formats, and the program that writes types.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { client, fresh, layouts } from '../support/layouts.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'akidb-types-'));
const program = join(root, 'dist/bin/akidb-types.mjs');

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function run(command: string, ...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    cwd: root,
    env: { ...process.env, AKIDB_URL: inject('url') },
  });
  return { status, out: stdout, err: stderr };
}

describe('the package', () => {
  it('can be imported and required', () => {
    const script = (load: string): string => `${load}; new AkidbClient().health().then(({ status }) => console.log(status))`;
    const imported = run('node', '--input-type=module', '-e', script(`import { AkidbClient } from '@akidb/sdk'`));
    expect(imported).toEqual({ status: 0, out: 'ok\n', err: '' });
    const required = run('node', '--input-type=commonjs', '-e', script(`const { AkidbClient } = require('@akidb/sdk')`));
    expect(required).toEqual({ status: 0, out: 'ok\n', err: '' });
    const layer = run(
      'node',
      '--input-type=module',
      '-e',
      `import * as pxt from '@akidb/sdk/pixeltable'; console.log(typeof pxt.create_table)`,
    );
    expect(layer.out).toBe('function\n');
  });

  it('synchronises with the engine of its own format', () => {
    const script = (load: string): string =>
      `${load}; (async () => {
        const akidb = new AkidbClient({ syncEngine: true });
        const engine = await akidb.sync;
        console.log(engine instanceof SyncEngine, (await engine.subscribe('no_such_table').catch((error) => error)) instanceof NotFoundError);
        await akidb.close();
      })()`;
    const imports = `import { AkidbClient, NotFoundError } from '@akidb/sdk'; import { SyncEngine } from '@akidb/sdk/sync'`;
    expect(run('node', '--input-type=module', '-e', script(imports))).toEqual({ status: 0, out: 'true true\n', err: '' });
    const requires = `const { AkidbClient, NotFoundError } = require('@akidb/sdk'); const { SyncEngine } = require('@akidb/sdk/sync')`;
    expect(run('node', '--input-type=commonjs', '-e', script(requires))).toEqual({ status: 0, out: 'true true\n', err: '' });
  });
});

describe('the types that are published', () => {
  const use = join(directory, 'program.ts');
  writeFileSync(
    use,
    `import { AkidbClient, type Computed, type Generated, type Key, type SearchResults } from '@akidb/sdk';
     import * as pxt from '@akidb/sdk/pixeltable';
     import { SyncEngine } from '@akidb/sdk/sync';
     interface Tables { t: { k: Key; title: string; score: Generated<number>; vec: Computed<Float32Array> } }
     const db = new AkidbClient<Tables>();
     const table = db.table('t');
     async function use(): Promise<number> {
       const [row] = await table.select('title').where(table.columns.score.gte(8)).similaritySearch('x', 'vec').limit(1);
       const hits: SearchResults = await table.similarity('x').inColumn('vec');
       const [sum] = await db.sql<{ n: number }>\`select count(*) as n from t\`;
       await table.updateRows([{ k: 'a', score: 1 }]);
       for await (const { title } of table.query().stream()) if (title === hits.length.toString()) break;
       const name: string = table.name;
       return row!.similarity_score + row!.title.length + sum!.n + name.length;
     }
     // @ts-expect-error no such column
     table.select('titel');
     export { use, pxt, SyncEngine };`,
  );
  const { NodeNext } = ts.ModuleKind;
  const { Bundler, NodeNext: Nodes, Node10 } = ts.ModuleResolutionKind;

  it.each([
    ['of Node as ESM', NodeNext, Nodes, 'module', ['lib.es2022.d.ts'], ['node']],
    ['of Node as CommonJS', NodeNext, Nodes, 'commonjs', ['lib.es2022.d.ts'], ['node']],
    ['of a bundler for pages', ts.ModuleKind.ESNext, Bundler, 'module', ['lib.es2022.d.ts', 'lib.dom.d.ts'], []],
    ['of older compilers', ts.ModuleKind.CommonJS, Node10, 'commonjs', ['lib.es2022.d.ts', 'lib.dom.d.ts'], []],
  ] as const)(
    'are whole in a program %s, libraries checked',
    { timeout: 180_000 },
    (_what, module, moduleResolution, type, lib, types) => {
      const home = mkdtempSync(join(directory, 'program-'));
      mkdirSync(join(home, 'node_modules/@akidb'), { recursive: true });
      symlinkSync(root, join(home, 'node_modules/@akidb/sdk'));
      writeFileSync(join(home, 'package.json'), JSON.stringify({ type }));
      copyFileSync(use, join(home, 'program.ts'));
      const compiled = ts.createProgram([join(home, 'program.ts')], {
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        noEmit: true,
        target: ts.ScriptTarget.ES2022,
        module,
        moduleResolution,
        lib: [...lib],
        types: [...types],
        typeRoots: [join(root, 'node_modules/@types')],
      });
      const problems = ts.getPreEmitDiagnostics(compiled).map(({ file, messageText }) => {
        return `${file?.fileName ?? ''} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      });
      expect(problems).toEqual([]);
    },
  );
});

describe('akidb-types', () => {
  it('writes types of the tables that compile and hold, and tells when they differ', async () => {
    const akidb = client();
    const name = await layouts(akidb, fresh('typed layouts'));
    await akidb.collections.create({ name: fresh('reports') });
    const file = join(directory, 'tables.ts');
    expect(run('node', program, '--check', file).status).toBe(1);
    expect(run('node', program, '--out', file)).toMatchObject({ status: 0, out: '', err: '' });
    const text = readFileSync(file, 'utf8');
    const its = text.slice(text.indexOf(`interface ${text.split(`"${name}": `)[1]!.split(';')[0]} {`));
    expect(its.slice(its.indexOf('{'), its.indexOf('}') + 1)).toBe(
      [
        '{',
        '  repo_url: Key<string>;',
        '  title: string;',
        '  teaches: string | null;',
        '  language: string | null;',
        '  quality_score: Generated<number | null>;',
        '  added: string | null;',
        '  facts: Json | null;',
        '  teaches_embedding: Computed<Float32Array>;',
        '}',
      ].join('\n'),
    );

    const use = join(directory, 'use.ts');
    writeFileSync(
      use,
      `import { AkidbClient } from '@akidb/sdk';
       import type { Tables } from './tables.js';
       const table = new AkidbClient<Tables>().table('${name}');
       table.insert([{ repo_url: 'x', title: 'X' }]);
       const rows: Promise<{ title: string; quality_score: number | null }[]> = table.select('title', 'quality_score').collect();
       void rows;`,
    );
    const compiled = ts.createProgram([use], {
      strict: true,
      noEmit: true,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      target: ts.ScriptTarget.ES2022,
      types: [],
      skipLibCheck: true,
      paths: { '@akidb/sdk': [join(root, 'dist/index.d.ts')] },
    });
    expect(
      ts.getPreEmitDiagnostics(compiled).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    ).toEqual([]);

    expect(run('node', program, '--check', file).status).toBe(0);
    await akidb.tables.addColumn(name, 'stars', 'int');
    const differs = run('node', program, '--check', file);
    expect(differs.status).toBe(1);
    expect(differs.err).toMatch(/differs/);
    expect(run('node', program, '--dates', '--bigints').out).toMatch(/stars: number \| bigint \| null;/);
  });

  it('says what is wrong', () => {
    expect(run('node', program, '--help').out).toMatch(/^usage: akidb-types/);
    expect(run('node', program, '--url', 'http://127.0.0.1:1')).toMatchObject({
      status: 2,
      err: expect.stringMatching(/cannot be reached/) as string,
    });
    expect(run('node', program, '--nonsense').status).toBe(2);
    expect(run('node', program, '--out', 'a', '--check', 'b').err).toMatch(/exclude/);
  });
});
