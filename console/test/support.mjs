// A server over a directory of its own, Chromium, and pages that fail their test when something is not as it has to be.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = join(repository, 'target/console/');
const LISTENING = /REST API server listening on 127\.0\.0\.1:(\d+)\D/;

function java() {
  const found = spawnSync(join(repository, 'scripts/jdk25'), { encoding: 'utf8' });
  if (found.status !== 0) throw new Error(found.stderr);
  return join(found.stdout.trim(), 'bin/java');
}

const jar = () => {
  if (!process.env.AKIDB_JAR) throw new Error('AKIDB_JAR does not name a jar of the server; scripts/check finds or builds one');
  return process.env.AKIDB_JAR;
};

/** Makes a key in a data directory before the server of it starts. */
export function makeKey(directory, name, scopes) {
  const launcher = [
    '-cp',
    jar(),
    '-Dloader.main=com.akidb.command.Main',
    'org.springframework.boot.loader.launch.PropertiesLauncher',
  ];
  const args = ['keys', 'create', name, '--scopes', scopes, '--data-dir', join(directory, 'data')];
  const made = spawnSync(java(), [`@${join(repository, 'config/jvm.options')}`, ...launcher, ...args], {
    encoding: 'utf8',
    cwd: directory,
  });
  assert.equal(made.status, 0, made.stderr);
  return made.stdout.trim();
}

export const newDirectory = () => mkdtempSync(join(tmpdir(), 'akidb-console-'));

/** What a server of tests is run with: a small heap, and a compiler that is soon done. */
const MODEST = ['-Xmx700m', '-XX:TieredStopAtLevel=1'];

/** Starts a server and waits until it is ready. Its directory is removed when it stops, unless it is one to keep. */
export async function startServer(options = [], directory = newDirectory(), { jvm = MODEST, keep = false } = {}) {
  const args = [`@${join(repository, 'config/jvm.options')}`, ...jvm, '-jar', jar()];
  const settings = ['--server.port=0', '--spring.grpc.server.port=0', `--akidb.data-dir=${join(directory, 'data')}`, ...options];
  const child = spawn(java(), [...args, ...settings], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  let url = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      log = (log + text).slice(-8000);
      const port = LISTENING.exec(log)?.[1];
      if (port) url = `http://127.0.0.1:${port}`;
    });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for (const end = Date.now() + 120_000; ;) {
    if (child.exitCode !== null) throw new Error(`the server ended:\n${log}`);
    if (Date.now() > end) throw new Error(`the server is not ready:\n${log}`);
    if (
      url &&
      (await fetch(`${url}/health`).then(
        ({ ok }) => ok,
        () => false,
      ))
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    directory,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      if (!keep) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Sends JSON to a server; its JSON. */
export async function send(url, method, path, body, key) {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
  return text ? JSON.parse(text) : undefined;
}

/** Asks until a condition holds; the test's own time limit ends it otherwise. */
export async function until(read, holds) {
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Every way in which people look at the console. */
export const LOOKS = [
  { width: 1440, height: 900, colours: 'light' },
  { width: 375, height: 812, colours: 'dark' },
];

let browser;
export const startBrowser = async () =>
  (browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] }));
export const stopBrowser = async () => browser?.close();

/**
 * A page of the console. `done()` has to be called at the end: it fails when the console printed an error, when something was
 * forbidden by the policy, or when a request went to another origin.
 */
export async function open(url, place = '', { width = 1440, height = 900, colours = 'light', key, allowed = [] } = {}) {
  const context = await (
    await startBrowser()
  ).newContext({ viewport: { width, height }, colorScheme: colours, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults = [];
  const addresses = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !allowed.some((pattern) => pattern.test(message.text())))
      faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.stack ?? String(error)));
  page.on('request', (request) => addresses.push(request.url()));
  page.on('dialog', (dialog) => faults.push(`a dialog: ${dialog.message()}`));
  await page.exposeFunction('reportViolation', (text) => faults.push(`the policy forbids ${text}`));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      globalThis.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    ),
  );
  if (key) await page.addInitScript((given) => sessionStorage.setItem('akidb-key', given), key);
  await page.goto(`${url}/console/${place}`);
  return Object.assign(page, {
    addresses,
    done: async () => {
      const foreign = addresses.filter((address) => !address.startsWith(url) && !address.startsWith('blob:'));
      assert.deepEqual(foreign, [], 'requests to another origin');
      assert.deepEqual(faults, [], 'the console is silent');
      await context.close();
    },
  });
}

/** Takes a picture in light and one in dark, and fails where the page is wider than the window, a box cannot be scrolled, or axe-core finds something. */
export async function look(page, name) {
  const colours = await page.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
  for (const colorScheme of [colours === 'dark' ? 'light' : 'dark', colours]) {
    await page.emulateMedia({ colorScheme });
    await lookOnce(page, name, colorScheme);
  }
}

async function lookOnce(page, name, colours) {
  mkdirSync(pictures, { recursive: true });
  const { width } = page.viewportSize();
  await page.screenshot({ path: join(pictures, `${name}-${width}-${colours}.png`), fullPage: true });
  assert.equal(
    await page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth)),
    0,
    `${name} is too wide`,
  );
  assert.deepEqual(
    await page.evaluate(() =>
      [...document.querySelectorAll('[role=grid], .scroll')]
        .filter((box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
        .filter((box) => !/auto|scroll/.test(getComputedStyle(box).overflow))
        .map((box) => box.getAttribute('aria-label')),
    ),
    [],
    `${name} can be scrolled`,
  );
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const told = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join('\n  ')}`,
  );
  assert.deepEqual(told, [], `${name} is for everybody, ${colours}`);
}

/** The sample data, made as the console makes it. */
export async function makeSample(url, key) {
  const page = await open(url, '', { key });
  await page.getByRole('button', { name: 'Try it with sample data' }).click();
  await page.getByRole('heading', { name: /\d+ hits/ }).waitFor({ timeout: 60_000 });
  await page.done();
}
