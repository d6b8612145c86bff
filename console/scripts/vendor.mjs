// Renews what the console takes from elsewhere: `npm run vendor`. With --check it changes nothing and fails if a file, or
// the TypeScript SDK of this repository, differs from what the console has. dist/ of the SDK must be built.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = here('../../src/main/resources/console/vendor/');
const check = process.argv.includes('--check');
const packageOf = (name) => JSON.parse(readFileSync(here(`../node_modules/${name}/package.json`), 'utf8'));
const licenceOf = (name) => readFileSync(here(`../node_modules/${name}/LICENSE`), 'utf8').trim();

if (!existsSync(here('../../sdk/typescript/dist/index.js'))) {
  console.error('sdk/typescript is not built: npm ci && npm run build there');
  process.exit(1);
}

/** A bundle of one of the entries in vendor/. The console starts no server and keeps no replica, so that what the SDK loads for those alone stays out. */
const bundle = async (entry) => {
  const { outputFiles } = await build({
    entryPoints: [here(`../vendor/${entry}`)],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    write: false,
    plugins: [
      {
        name: 'no-server-no-replica',
        setup: (it) => {
          it.onResolve({ filter: /^\.\// }, ({ path, kind }) =>
            kind === 'dynamic-import' ? { path, namespace: 'none' } : undefined,
          );
          it.onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'export {}' }));
        },
      },
    ],
    logLevel: 'error',
  });
  return outputFiles[0].text;
};

const files = {
  'preact.js': { packages: ['preact', 'htm'], text: await bundle('preact.js') },
  'uplot.js': { packages: ['uplot'], text: await bundle('uplot.js') },
  'uplot.css': { packages: ['uplot'], text: readFileSync(here('../node_modules/uplot/dist/uPlot.min.css'), 'utf8') },
  'umap.js': {
    packages: [
      'umap-js',
      'ml-levenberg-marquardt',
      'ml-matrix',
      'ml-array-rescale',
      'ml-array-max',
      'ml-array-min',
      'is-any-array',
    ],
    text: await bundle('umap.js'),
  },
  'akidb.js': { packages: [], text: await bundle('akidb.js') },
};

const names = [...new Set(Object.values(files).flatMap(({ packages }) => packages))];
const rows = Object.entries(files).map(([file, { packages, text }]) => {
  const from = packages.length
    ? packages.map((name) => `${name} ${packageOf(name).version} (${packageOf(name).license})`).join(', ')
    : 'sdk/typescript of this repository (Apache-2.0)';
  return `${file}\n  of      ${from}\n  sha256  ${createHash('sha256').update(text).digest('hex')}\n`;
});
const notice = [
  'Files that the console takes from elsewhere. `npm run vendor` in console/ renews them and this list.\n',
  ...rows,
  ...names.map((name) => `---- ${name}\n\n${licenceOf(name)}\n`),
].join('\n');

const wanted = { ...Object.fromEntries(Object.entries(files).map(([file, { text }]) => [file, text])), 'vendor.txt': notice };
let differs = false;
for (const [file, text] of Object.entries(wanted)) {
  const now = existsSync(target + file) ? readFileSync(target + file, 'utf8') : undefined;
  if (now === text) continue;
  differs = true;
  if (check)
    console.error(`src/main/resources/console/vendor/${file} is not what it is made of; run: npm --prefix console run vendor`);
  else writeFileSync(target + file, text);
}
if (check && differs) process.exit(1);
