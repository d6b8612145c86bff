// What cells show: texts that are longer than their room, columns that are hidden, vectors that could not be made; and a key that
// may only write.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { look, LOOKS, makeKey, newDirectory, open, send, startServer, stopBrowser, until } from './support.mjs';

/** A provider of vectors, in the dialect of OpenAI, that refuses texts about dragons as long as it is told to. */
let refuses = true;
const provider = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text) => (body += text));
  request.on('end', () => {
    const { input } = JSON.parse(body);
    response.setHeader('content-type', 'application/json');
    if (refuses && input.some((text) => text.includes('dragon'))) {
      response.statusCode = 400;
      return response.end('{"error": {"message": "there are no dragons"}}');
    }
    const data = input.map((text, index) => ({ index, embedding: [text.length, 1, 2, 3] }));
    response.end(JSON.stringify({ data, usage: { total_tokens: input.length } }));
  });
});

let server;
let admin;
let writer;
const LONG = `${'The path goes up and down. '.repeat(400)}End of the path.`;
before(
  async () => {
    await new Promise((resolve) => provider.listen(0, '127.0.0.1', resolve));
    const directory = newDirectory();
    const models = join(directory, 'models.yml');
    writeFileSync(
      models,
      `models:
  - id: beside
    backend: openai
    dimension: 4
    max-tokens: 100
    type: sentence
    source:
      endpoint: http://127.0.0.1:${provider.address().port}/v1
      model: any
`,
    );
    admin = makeKey(directory, 'admin', 'admin');
    writer = makeKey(directory, 'writer', 'write');
    server = await startServer([`--akidb.models.file=${models}`], directory);
    const post = (path, body) => send(server.url, 'POST', path, body, admin);
    const columns = ['id', 'text', 'note'].map((name) => ({ name, type: 'string' }));
    await post('/api/v1/tables', { name: 'paths', primary_key: 'id', columns });
    await post('/api/v1/tables/paths/columns/computed/embedding', { name: 'vec', source_column: 'note', model: 'beside' });
    const rows = [
      { id: 'long', text: LONG, note: 'a path' },
      { id: 'short', text: 'short', note: 'here be dragons' },
    ];
    await post('/api/v1/tables/paths/rows', { rows, embed: 'async' });
    await until(
      () => send(server.url, 'GET', '/api/v1/tables/paths/columns/computed/vec', undefined, admin),
      ({ cells }) => cells.ready === 1 && cells.failed === 1,
    );
  },
  { timeout: 120_000 },
);
after(async () => {
  await stopBrowser();
  await server.stop();
  provider.close();
});

describe('cells', () => {
  for (const how of LOOKS)
    it(`show the beginning of a long text and, opened, all of it, ${how.width} pixels wide and ${how.colours}`, async () => {
      const page = await open(server.url, '#/tables/paths/rows', { ...how, key: admin });
      const cell = page.getByRole('gridcell', { name: /^The path goes up and down/ });
      await cell.waitFor();
      const shown = await cell.innerText();
      assert.ok(shown.length < 200, `${shown.length} characters`);
      assert.ok(!shown.includes('End of the path'));
      assert.ok(await cell.evaluate((box) => box.clientHeight < 60), 'on one line');
      await cell.click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Show more' }).click();
      await dialog.getByText('End of the path.').waitFor();
      await look(page, 'row-long');
      await page.done();
    });

  it('of a column that is hidden stay hidden in a shared address, and all but the last column can be', async () => {
    const page = await open(server.url, '#/tables/paths/rows', { key: admin });
    await page.getByRole('columnheader', { name: 'note' }).waitFor();
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByLabel('note', { exact: true }).uncheck();
    await page.getByRole('columnheader', { name: 'note' }).waitFor({ state: 'detached' });
    await page.waitForURL(/hide=note/);
    const address = page.url();
    await page.getByLabel('text', { exact: true }).uncheck();
    await page.getByLabel('id', { exact: true }).click();
    await page.getByRole('columnheader', { name: 'id' }).waitFor();
    const other = await open(server.url, address.slice(address.indexOf('#')), { key: admin });
    await other.getByRole('columnheader', { name: 'text' }).waitFor();
    assert.equal(await other.getByRole('columnheader', { name: 'note' }).count(), 0);
    await other.done();
    await page.done();
  });

  it('that could not be computed say why, lead to their row, and are tried again', async () => {
    const page = await open(server.url, '#/tables/paths/columns', { key: admin });
    await page.getByText('ready, some failed').waitFor();
    await page.getByText('1 of 2, 1 failed').waitFor();
    await page
      .getByText(/no dragons|refuse|400/)
      .first()
      .waitFor();
    await look(page, 'columns-failed');
    assert.match(await page.getByRole('link', { name: 'short' }).getAttribute('href'), /row=short/);
    refuses = false;
    await page.getByRole('button', { name: 'Try the failed again' }).click();
    await page.getByText('2 of 2').waitFor();
    await page.getByText('ready, some failed').waitFor({ state: 'detached' });
    await page.done();
  });
});

describe('a key that may only write', () => {
  it('is told at the door that it may not read', async () => {
    const page = await open(server.url, '#/tables', { key: writer, allowed: [/403/] });
    await page.getByRole('heading', { name: 'This server needs an API key' }).waitFor();
    assert.match(await page.getByRole('alert').innerText(), /scope read/);
    await look(page, 'door-write-only');
    await page.getByLabel('API key').fill(admin);
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByText('paths').first().waitFor();
    await page.done();
  });
});
