// A server that asks for keys: the door, what scopes offer, and that the key goes nowhere else.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { look, LOOKS, makeKey, newDirectory, open, send, startServer, stopBrowser } from './support.mjs';

let server;
let admin;
let reader;
before(
  async () => {
    const directory = newDirectory();
    admin = makeKey(directory, 'admin', 'admin');
    reader = makeKey(directory, 'reader', 'read');
    server = await startServer([], directory);
  },
  { timeout: 120_000 },
);
after(async () => {
  await stopBrowser();
  await server.stop();
});

const REFUSED = { allowed: [/401/] };

describe('keys', () => {
  for (const how of LOOKS)
    it(`are asked for once and kept for the tab, ${how.width} pixels wide and ${how.colours}`, async () => {
      const page = await open(server.url, '#/', { ...how, ...REFUSED });
      await page.getByRole('heading', { name: 'This server needs an API key' }).waitFor();
      await look(page, 'door');
      await page.getByLabel('API key').fill('nonsense');
      await page.getByRole('button', { name: 'Enter' }).click();
      await page.getByRole('alert').waitFor();
      await page.getByLabel('API key').fill(admin);
      await page.getByRole('button', { name: 'Enter' }).click();
      await page.getByRole('heading', { name: 'First steps' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'First steps' }).waitFor();
      await page.done();
    });

  it('stand in no address, in nothing that outlives the tab, and go to the server alone', async () => {
    const page = await open(server.url, '#/', { ...REFUSED, key: admin });
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    assert.ok(page.addresses.every((address) => !address.includes(admin)));
    assert.ok(!page.url().includes(admin));
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((name) => name !== 'akidb-theme')), []);
    assert.equal(await page.evaluate(() => document.cookie), '');
    const other = await page.context().newPage();
    await other.goto(`${server.url}/console/`);
    assert.equal(await other.evaluate(() => document.cookie), '');
    await page.done();
  });

  it('that may only read are offered nothing else', async () => {
    const page = await open(server.url, '#/', { key: reader });
    await page.getByText('may read', { exact: true }).waitFor();
    await page.getByText('needs a key with the scope admin').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Try it with sample data' }).count(), 0);
    await page.done();
  });

  for (const how of LOOKS)
    it(`are listed to admins with who changed what, ${how.width} pixels wide and ${how.colours}`, async () => {
      const name = `listed_${how.width}`;
      await send(server.url, 'POST', '/api/v1/tables', { name, columns: [{ name: 'n', type: 'int' }] }, admin);
      // nothing was verified yet, which the server says by 404
      const page = await open(server.url, '#/operations', { ...how, key: admin, allowed: [/404/] });
      const keys = page.getByRole('region', { name: 'API keys' });
      await keys.getByRole('row', { name: /reader read/ }).waitFor();
      assert.doesNotMatch(await keys.innerText(), /akidb_[a-z0-9]{8}_/);
      const lines = page.getByRole('region', { name: 'Lines of the audit log' });
      await lines.getByRole('row', { name: new RegExp(`admin POST /api/v1/tables ${name}`) }).waitFor();
      await look(page, 'operations-admin');
      await page.done();
    });

  for (const how of LOOKS)
    it(`have tokens made for a part of the data, ${how.width} pixels wide and ${how.colours}`, async () => {
      const name = `tokens_${how.width}_${how.colours}`;
      const columns = ['id', 'owner', 'secret'].map((name) => ({ name, type: 'string' }));
      await send(server.url, 'POST', '/api/v1/tables', { name, primary_key: 'id', columns }, admin);
      const rows = ['ada', 'bob'].map((owner) => ({ id: `of-${owner}`, owner, secret: 'hidden' }));
      await send(server.url, 'POST', `/api/v1/tables/${name}/rows`, { rows }, admin);
      const page = await open(server.url, '#/operations', { ...how, key: admin, allowed: [/404/, /400/] });
      const tokens = page.getByRole('region', { name: 'Tokens' });
      await tokens.getByLabel('For whom').fill('ada');
      await tokens.getByLabel('May see').selectOption(name);
      await tokens.getByLabel('Rows for which').fill("nobody = 'ada'");
      await tokens.getByLabel('owner', { exact: true }).check();
      await tokens.getByRole('button', { name: 'Make a token' }).click();
      await page.getByText('nobody').last().waitFor();
      assert.equal(await tokens.getByLabel('The token').count(), 0, 'a condition on a column that is not there makes none');
      await tokens.getByLabel('Rows for which').fill("owner = 'ada'");
      await tokens.getByRole('button', { name: 'Make a token' }).click();
      const token = await tokens.getByLabel('The token').innerText();
      await look(page, 'operations-token');
      assert.ok(!page.url().includes(token));
      await page.done();
      const seen = await send(server.url, 'POST', `/api/v1/tables/${name}/query`, {}, token);
      assert.deepEqual(seen.rows, [{ id: 'of-ada', owner: 'ada' }]);
    });

  it('that may only read see nothing of keys and audit', async () => {
    const page = await open(server.url, '#/operations', { key: reader });
    await page.getByText('shown to keys with the scope admin').waitFor();
    assert.equal(await page.getByRole('heading', { name: 'API keys' }).count(), 0);
    assert.ok(!page.addresses.some((address) => /api\/v1\/(keys|audit)/.test(address)));
    await page.done();
  });

  it('can be forgotten', async () => {
    const page = await open(server.url, '#/', REFUSED);
    await page.getByLabel('API key').fill(reader);
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByRole('button', { name: 'Forget the API key' }).click();
    await page.getByRole('heading', { name: 'This server needs an API key' }).waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.getItem('akidb-key')), null);
    await page.done();
  });
});
