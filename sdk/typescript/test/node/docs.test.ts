// Runs the TypeScript of the README and the guides: each document is one module, in order, against a server of the tests.
// `console.log(x); // → y` must print y, in which `...` stands for anything.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import ts from 'typescript';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { client, codeLayouts } from '../support/layouts.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const generated = `${root}test/generated/`;
const DOCUMENTS = [
  'README.md',
  '../../docs/TYPESCRIPT-GUIDE.md',
  '../../docs/ALEXANDRIA-MIGRATION.md',
  '../../docs/SYNC-GUIDE.md',
];

const PRINTED = /^(\s*)(.*)console\.log\((.*)\); \/\/ → (.*)$/gm;

/** The module that a document's blocks make, with each printed line checked. */
function moduleOf(markdown: string): string {
  const blocks = [...markdown.matchAll(/^( *)```ts\n([^]*?)^\1```$/gm)].map(([, indent, text]) =>
    text!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
  const imports = new Map<string, Set<string>>();
  const whole: string[] = [];
  const body = blocks
    .join('\n')
    .replace(/^import \{([^}]*)\} from '([^']+)';$/gm, (_line, names: string, from: string) => {
      const known = imports.get(from) ?? new Set();
      imports.set(from, known);
      for (const name of names.split(',')) if (name.trim()) known.add(name.trim());
      return '';
    })
    .replace(/^import .*;$/gm, (line) => {
      if (!whole.includes(line)) whole.push(line);
      return '';
    })
    .replace(
      PRINTED,
      (_line, indent: string, before: string, value: string, expected: string) =>
        `${indent}${before}__printed(${value}, ${JSON.stringify(expected)});`,
    );
  return [
    '/* eslint-disable */',
    ...[...imports].map(([from, names]) => `import { ${[...names].join(', ')} } from '${from}';`),
    ...whole,
    'declare const __printed: (value: unknown, expected: string) => void;',
    body.replace(/declare const __printed.*/, ''),
    'export {};',
  ].join('\n');
}

const printed: string[] = [];

beforeAll(async () => {
  const akidb = client();
  await codeLayouts(akidb);
  vi.stubEnv('AKIDB_URL', inject('url'));
  vi.stubGlobal('__printed', (value: unknown, expected: string) => {
    const text = typeof value === 'string' ? value : inspect(value, { breakLength: Infinity, depth: 5 });
    const pattern = expected
      .split('...')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^]*');
    expect(text).toMatch(new RegExp(`^${pattern}$`));
    printed.push(text);
  });
});

const FILES = DOCUMENTS.map((document) => `${generated}${document.replace(/^.*\//, '').replace('.md', '').toLowerCase()}.ts`);

describe('the examples of the README and the guides', () => {
  it('compile', { timeout: 120_000 }, () => {
    mkdirSync(generated, { recursive: true });
    DOCUMENTS.forEach((document, index) => {
      const text = moduleOf(readFileSync(root + document, 'utf8'));
      writeFileSync(FILES[index]!, text.replaceAll('http://127.0.0.1:8080', inject('url')));
    });
    const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile) as { config: { compilerOptions: object } };
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
    const problems = ts
      .getPreEmitDiagnostics(ts.createProgram(FILES, options))
      .map((it) => `${it.file?.fileName.replace(root, '')} ${ts.flattenDiagnosticMessageText(it.messageText, '\n')}`);
    expect(problems).toEqual([]);
  });

  it.each(FILES.map((file, index) => [DOCUMENTS[index], file]))(
    'of %s run, and print what they say',
    { timeout: 60_000 },
    async (_document, file) => {
      const before = printed.length;
      const folder = mkdtempSync(join(tmpdir(), 'akidb-docs-'));
      const home = process.cwd();
      process.chdir(folder); // what examples write lies there
      try {
        await import(/* @vite-ignore */ file!);
      } finally {
        process.chdir(home);
        rmSync(folder, { recursive: true, force: true });
      }
      expect(printed.length).toBeGreaterThan(before);
    },
  );
});
