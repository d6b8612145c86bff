// Each place's story, as a user goes through it, in a real browser against a real server.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { look, LOOKS, open, send, startServer, stopBrowser, until } from './support.mjs';

let server;
let url;
before(
  async () => {
    server = await startServer();
    url = server.url;
  },
  { timeout: 120_000 },
);
after(async () => {
  await stopBrowser();
  await server.stop();
});

/** Waits until the place of rows says how many there are. */
const rows = (page, text) => page.locator('.rows-place [role=status]', { hasText: new RegExp(`^${text}$`) }).waitFor();

describe('home', () => {
  it('leads from an empty server to the hits of a search in one click', async () => {
    const page = await open(url);
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    await look(page, 'home-empty');
    await page.getByRole('button', { name: 'Try it with sample data' }).click();
    await page.getByRole('heading', { name: '10 hits' }).waitFor({ timeout: 60_000 });
    assert.match(await page.locator('.hit .text').first().innerText(), /ford|stream|river|bridge/i);
    assert.match(page.url(), /#\/search\/trail_reports\?/);
    await page.done();
  });

  for (const how of LOOKS)
    it(`embeds a text and shows the request, ${how.width} pixels wide and ${how.colours}`, async () => {
      const page = await open(url, '', how);
      await page.getByRole('button', { name: 'Embed' }).click();
      await page.getByText('384 numbers by').waitFor();
      await page.getByText('The request:').click();
      await page.getByRole('tab', { name: 'Python' }).click();
      assert.match(await page.locator('pre').innerText(), /\/embed/);
      await look(page, 'home');
      await page.done();
    });
});

describe('search', () => {
  for (const how of LOOKS)
    it(`finds while one types, ${how.width} pixels wide and ${how.colours}`, async () => {
      const page = await open(url, '#/search/trail_reports', how);
      await page.getByRole('searchbox').pressSequentially('where do they sell cake');
      await page.locator('.hit', { hasText: 'apple cake' }).first().waitFor();
      await page.getByRole('button', { name: 'Settings', exact: true }).click();
      await page.getByLabel('Words too (hybrid)').check();
      await page.locator('.hit mark').first().waitFor();
      await page
        .getByText(/^words \d/)
        .first()
        .waitFor();
      await look(page, 'search');
      await page.done();
    });

  it('can be shared as an address, and gone back to', async () => {
    const page = await open(url, '#/search/trail_reports?q=bears&limit=3&filter=year+%3E+2022');
    await page.getByRole('heading', { name: '3 hits' }).waitFor();
    await page.getByRole('searchbox').fill('snakes');
    await page.locator('.hit', { hasText: 'Vipers' }).first().waitFor();
    await page.waitForURL(/q=snakes/);
    const shared = await open(url, new URL(page.url()).hash);
    await shared.locator('.hit', { hasText: 'Vipers' }).first().waitFor();
    assert.equal(await shared.locator('.hit').count(), 3);
    await shared.done();
    await page
      .getByRole('link', { name: /Like this one/ })
      .first()
      .click();
    await page.getByText('like r-', { exact: false }).first().waitFor();
    await page.goBack();
    await page.locator('.hit', { hasText: 'Vipers' }).first().waitFor();
    await page.done();
  });

  it('puts two settings side by side and says what moved', async () => {
    const page = await open(url, '#/search/trail_reports?q=water+for+the+way');
    await page.getByRole('button', { name: 'Compare two settings' }).click();
    await page.getByRole('heading', { name: /Second: 10 hits/ }).waitFor();
    await page
      .getByText(/same place|only here/)
      .first()
      .waitFor();
    assert.equal(await page.getByText('How they were found').count(), 2);
    await look(page, 'search-compare');
    await page.done();
  });

  it('says of a filter that is wrong where it is wrong, and goes on', async () => {
    const page = await open(url, '#/search/trail_reports?q=snow&filter=yeer+%3D+1', { allowed: [/400/] });
    await page.getByRole('alert').filter({ hasText: 'yeer' }).waitFor();
    await page.getByLabel('Only rows where').fill('year = 2024');
    await page.locator('.hit').first().waitFor();
    await page.done();
  });
});

describe('tables', () => {
  for (const how of LOOKS)
    it(`lists them with what they hold, ${how.width} pixels wide and ${how.colours}`, async () => {
      const page = await open(url, '#/tables', how);
      await page.getByRole('link', { name: 'trail_reports', exact: true }).waitFor();
      await page.getByText('48 of 48').waitFor();
      await page
        .getByRole('img', { name: /request.* in the last hour/ })
        .first()
        .waitFor();
      await look(page, 'tables');
      await page.done();
    });

  it('makes one whose text is embedded, changes it, and drops it when its name is typed', async () => {
    const page = await open(url, '#/tables');
    await page.getByRole('button', { name: 'New table' }).click();
    await page.getByLabel('Name', { exact: true }).fill('notes');
    await look(page, 'tables-new');
    await page.getByRole('button', { name: 'Make the table' }).click();
    await page.getByText('There are no rows yet').waitFor();
    await page.getByRole('button', { name: 'New row' }).click();
    await page.getByLabel(/^id/).fill('one');
    await page.getByLabel(/^text/).fill('soup of the day');
    await page.getByRole('button', { name: 'Write' }).click();
    await page.getByRole('gridcell', { name: 'soup of the day' }).waitFor();
    await page.getByRole('link', { name: 'Columns' }).click();
    await page.getByText('1 of 1').waitFor();
    await look(page, 'columns');
    await page.getByRole('link', { name: 'Indexes' }).click();
    await page.getByRole('button', { name: 'Index of vectors' }).click();
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('cell', { name: /hnsw/ }).first().waitFor();
    await look(page, 'indexes');
    await page.getByRole('button', { name: 'Drop', exact: true }).click();
    await page.getByRole('button', { name: 'Drop it and its rows' }).click();
    await page.getByRole('alert').filter({ hasText: 'Type the name' }).waitFor();
    await page.getByLabel('Type its name').fill('notes');
    await page.getByRole('button', { name: 'Drop it and its rows' }).click();
    await page.waitForURL(/#\/tables$/);
    await page.done();
  });
});

describe('rows', () => {
  for (const how of LOOKS)
    it(`are filtered by fields that write the condition as text, ${how.width} pixels wide and ${how.colours}`, async () => {
      const page = await open(url, '#/tables/trail_reports/rows', how);
      await rows(page, '48 rows');
      await page.getByRole('button', { name: 'Conditions' }).click();
      await page.getByLabel('Column of condition 1').selectOption('year');
      await page.getByLabel('Operator of condition 1').selectOption('>=');
      await page.getByLabel('Value of condition 1').fill('2024');
      await page.getByLabel('Value of condition 1').press('Tab');
      await page.getByLabel('Column of condition 2').selectOption('kind');
      await page.getByLabel('Value of condition 2').fill('water');
      await page.getByLabel('Value of condition 2').press('Tab');
      await rows(page, '4 rows pass');
      assert.equal(await page.getByLabel('Only rows where').inputValue(), "year >= 2024 and kind = 'water'");
      await page.getByLabel('Only rows where').fill("year >= 2024 and (kind = 'snow' or kind = 'hut')");
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      await page.getByText('says more than fields can show').waitFor();
      await page.waitForURL(/where=year/);
      await look(page, 'rows');
      await page.done();
    });

  it('are sorted, opened by keys, changed, chosen and deleted', async () => {
    await send(url, 'POST', '/api/v1/tables', {
      name: 'herbs',
      primary_key: 'id',
      columns: [
        { name: 'id', type: 'int' },
        { name: 'name', type: 'string' },
        { name: 'facts', type: 'json' },
      ],
    });
    await send(url, 'POST', '/api/v1/tables/herbs/rows', {
      rows: ['basil', 'thyme', 'mint', 'sage'].map((name, id) => ({ id, name, facts: { rank: id } })),
    });
    const page = await open(url, '#/tables/herbs/rows');
    await page.getByRole('button', { name: 'name', exact: true }).click();
    await page.waitForURL(/sort=name/);
    await page.locator('.grid-row', { hasText: 'basil' }).and(page.locator('[aria-rowindex="2"]')).waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'id 2' }).waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel(/^name/).fill('peppermint');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('peppermint').first().waitFor();
    await look(page, 'row');
    await page.keyboard.press('Escape');
    await page.getByLabel('Choose 0').check();
    await page.getByLabel('Choose 3').check();
    await page.getByRole('button', { name: 'Delete chosen' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await rows(page, '2 rows');
    const { rows: left } = await send(url, 'POST', '/api/v1/tables/herbs/query', {});
    assert.deepEqual(
      left.map(({ name }) => name),
      ['thyme', 'peppermint'],
    );
    await page.done();
  });

  it('are four hundred thousand, higher than a browser makes a box, of which those are read that are looked at', async () => {
    await send(url, 'POST', '/api/v1/tables', {
      name: 'numbers',
      primary_key: 'n',
      columns: [
        { name: 'n', type: 'int' },
        { name: 'word', type: 'string' },
      ],
    });
    for (let from = 0; from < 400_000; from += 10_000)
      await send(url, 'POST', '/api/v1/tables/numbers/rows', {
        rows: Array.from({ length: 10_000 }, (_, at) => ({ n: from + at, word: `number ${from + at}` })),
      });
    const page = await open(url, '#/tables/numbers/rows');
    await rows(page, '400,000 rows');
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await page.getByText('number 399999', { exact: true }).waitFor();
    await page.keyboard.press('Home');
    await page.getByText('number 0', { exact: true }).waitFor();
    // the wheel moves by rows, however many there are, and the bar goes to a part of all of them
    await page.getByRole('grid').hover();
    await page.mouse.wheel(0, 340);
    await page.getByText('number 12', { exact: true }).waitFor();
    await page.waitForFunction(() => {
      const top = document.querySelector('.grid')?.getBoundingClientRect().top ?? 0;
      const row = document.querySelector('[aria-rowindex="12"]')?.getBoundingClientRect().top ?? 0;
      return Math.abs(row - top) < 40;
    });
    await page.getByRole('grid').evaluate((grid) => (grid.scrollTop = (grid.scrollHeight - grid.clientHeight) / 2));
    await page.getByText('number 200000', { exact: true }).waitFor();
    assert.ok((await page.locator('.grid-row').count()) < 80);
    const asked = page.addresses.filter((address) => address.endsWith('/query')).length;
    assert.ok(asked < 12, `${asked} requests`);
    await page.done();
  });
});

describe('hostile rows', () => {
  const NAME = '<script>alert(1)</script>';
  let deep = 1;
  for (let level = 0; level < 60; level++) deep = { d: deep };
  const ROWS = [
    { id: '<img src=x onerror=alert(1)>', 'te"xt<b>': '<script>alert(1)</script><svg onload=alert(1)>' },
    { id: 'rtl', 'te"xt<b>': '\u202eمرحبا بالعالم\u202c abc' },
    { id: 'big', 'te"xt<b>': 'a'.repeat(1_000_000) },
    { id: 'nul', 'te"xt<b>': 'a\u0000b\u0007' },
    { id: 'deep', 'te"xt<b>': 'deep', facts: deep },
    { id: 'a/b?c#d%', 'te"xt<b>': 'javascript:alert(1)' },
  ];
  const table = `#/tables/${encodeURIComponent(NAME)}/rows`;

  it('are shown everywhere as the texts that they are', async () => {
    await send(url, 'POST', '/api/v1/tables', {
      name: NAME,
      primary_key: 'id',
      columns: [
        { name: 'id', type: 'string' },
        { name: 'te"xt<b>', type: 'string' },
        { name: 'facts', type: 'json' },
      ],
    });
    const path = `/api/v1/tables/${encodeURIComponent(NAME)}`;
    await send(url, 'POST', `${path}/rows`, { rows: ROWS });
    await send(url, 'POST', `${path}/columns/computed/embedding`, {
      name: 'v<i>',
      source_column: 'te"xt<b>',
      model: 'all-minilm-l6-v2',
    });
    // one embeds in the background
    await until(
      () => send(url, 'GET', `${path}/columns/computed/${encodeURIComponent('v<i>')}`),
      ({ cells }) => cells.pending === 0,
    );
    // operations ask for a verification, which there is none of yet
    const page = await open(url, table, { allowed: [/404/] });
    await rows(page, '6 rows');
    await look(page, 'hostile-rows');
    for (const { id } of ROWS) {
      await page.goto(`${url}/console/${table}?row=${encodeURIComponent(id)}`);
      await page.getByRole('dialog').getByRole('button', { name: 'Edit' }).waitFor();
      assert.equal(await page.locator('dialog script, dialog img, dialog svg[onload]').count(), 0);
      await page.keyboard.press('Escape');
    }
    await page.goto(`${url}/console/#/search/${encodeURIComponent(NAME)}?q=script`);
    await page.getByRole('heading', { name: /hits/ }).waitFor({ timeout: 60_000 });
    await look(page, 'hostile-search');
    const quoted = `"${NAME}"`;
    await page.goto(`${url}/console/#/sql?q=${encodeURIComponent(`select * from ${quoted}`)}`);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('region', { name: 'Rows of the answer' }).getByText('<script>alert(1)</script>').first().waitFor();
    assert.equal(await page.locator('main script, main img').count(), 0);
    await look(page, 'hostile-sql');
    await page.goto(`${url}/console/#/map/${encodeURIComponent(NAME)}?point=${encodeURIComponent(ROWS[0].id)}`);
    await page.getByRole('heading', { name: 'Nearest' }).waitFor();
    assert.equal(await page.locator('main script, main img').count(), 0);
    await look(page, 'hostile-map');
    await page.goto(`${url}/console/#/search/${encodeURIComponent(NAME)}?like=${encodeURIComponent(ROWS[0].id)}`);
    await page.getByRole('heading', { name: /hits/ }).waitFor();
    assert.equal(await page.locator('main script, main img').count(), 0);
    for (const place of [
      '#/',
      '#/tables',
      '#/sql',
      '#/import',
      '#/models',
      '#/operations',
      `#/map/${encodeURIComponent(NAME)}`,
      `#/tables/${encodeURIComponent(NAME)}/columns`,
    ]) {
      await page.goto(`${url}/console/${place}`);
      await page.getByRole('heading').first().waitFor();
      assert.equal(await page.locator('main script, main img').count(), 0, place);
    }
    await page.done();
  });
});

describe('SQL', () => {
  for (const how of LOOKS)
    it(`completes names, runs, draws and remembers a query, ${how.width} pixels wide and ${how.colours}`, async () => {
      const page = await open(url, '#/sql', how);
      await page.getByText('To begin with').waitFor();
      await page.getByLabel('Query').pressSequentially('select kind, count(*) as n from trail_re');
      await page.getByRole('option', { name: 'trail_reports' }).waitFor();
      await page.keyboard.press('Tab');
      await page.getByLabel('Query').pressSequentially(' group by kind order by n desc');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('cell', { name: 'path', exact: true }).waitFor();
      await page.getByRole('tab', { name: 'Chart' }).click();
      await page.locator('.bars li').first().getByText('8', { exact: true }).waitFor();
      await look(page, 'sql');
      await page.getByLabel('Query').fill('select nonsense');
      await page.getByLabel('Queries of this tab').selectOption({ index: 1 });
      assert.match(await page.getByLabel('Query').inputValue(), /group by kind order by n desc$/);
      await page.done();
    });

  it('tells how a query would be answered', async () => {
    const page = await open(url, '#/sql?q=select+kind,+count(*)+from+trail_reports+group+by+kind');
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    const plan = page.getByRole('region', { name: 'Plan' });
    await plan.getByText('read every row of trail_reports').waitFor();
    await plan.getByText('sort into groups').waitFor();
    await page.getByLabel('Query').fill("select id from trail_reports order by similarity(report_vector, 'rain') desc limit 3");
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await plan.getByText('SIMILARITY').waitFor();
    await look(page, 'sql-plan');
    await page.done();
  });

  it('says what is wrong with a query', async () => {
    const page = await open(url, '#/sql?q=delete+from+trail_reports', { allowed: [/400/] });
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('alert').filter({ hasText: 'select' }).waitFor();
    await page.done();
  });
});

describe('models', () => {
  for (const how of LOOKS)
    it(`say which can be used, and compare texts, ${how.width} pixels wide and ${how.colours}`, async () => {
      const page = await open(url, '#/models', how);
      await page.getByText('unusable').first().waitFor();
      await page.getByText('OPENAI_API_KEY').first().waitFor();
      await page.getByRole('button', { name: 'Compare' }).click();
      await page.getByRole('cell', { name: '1.00' }).first().waitFor();
      assert.equal(await page.locator('.heat td[title]').count(), 25);
      await look(page, 'models');
      await page.done();
    });
});

describe('a model that is downloaded', () => {
  it('shows how far it is, and can be left to itself', async () => {
    const page = await open(url, '#/models');
    await page.getByText('unusable').first().waitFor();
    // a hub that is slow: the server of these tests has none
    await page.route('**/embeddings/models/preload', () => undefined);
    await page.route('**/metrics', (route) =>
      route.fulfill({ body: 'akidb_model_download_bytes 6.1E8\nakidb_model_download_size_bytes 1.0E9\n' }),
    );
    await page
      .getByRole('button', { name: /^(Download|Load now)$/ })
      .first()
      .click();
    await page.getByText('Downloading, 61 % of 1.0 GB').waitFor();
    assert.equal(await page.getByRole('progressbar').evaluate((bar) => bar.value), 0.61);
    await look(page, 'models-download');
    await page.getByRole('button', { name: 'Do not wait' }).click();
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    await page.done();
  });
});

describe('import', () => {
  const CSV =
    'id,note,built,open\n1,"Ford, below the mill",2023,true\n2,The hut serves soup,2024,false\n3,Too few\n' +
    '4,"<script>alert(1)</script>",2020,true\n5,Trains take bicycles,2021,false\n';

  for (const how of LOOKS)
    it(`turns a file into a table that can be searched, ${how.width} pixels wide and ${how.colours}`, async () => {
      const page = await open(url, '#/import', how);
      await look(page, 'import');
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: `stops ${how.width}.csv`, mimeType: 'text/csv', buffer: Buffer.from(CSV) });
      await page.getByText('1 bad line').waitFor();
      assert.equal(await page.getByLabel('Type of built').inputValue(), 'int');
      assert.equal(await page.getByLabel('Type of open').inputValue(), 'bool');
      await page.getByLabel('Primary key').selectOption('id');
      await look(page, 'import-preview');
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByText('Done; 1 line left out').waitFor({ timeout: 60_000 });
      await page.getByRole('link', { name: 'See the rows' }).click();
      await rows(page, '4 rows');
      const { rows: made } = await send(url, 'POST', `/api/v1/tables/stops_${how.width}/query`, {});
      assert.deepEqual(made[0], { id: 1, note: 'Ford, below the mill', built: 2023, open: true });
      await page.done();
    });
});

describe('a file that is dropped', () => {
  it('is read, and its import can be cancelled', async () => {
    const page = await open(url, '#/import');
    const given = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      const lines = Array.from({ length: 200_000 }, (_, id) => JSON.stringify({ id, note: `note ${id} <b>` }));
      transfer.items.add(new File([lines.join('\n')], 'dropped.ndjson', { type: 'application/x-ndjson' }));
      return transfer;
    });
    await page.locator('.drop').dispatchEvent('dragover', { dataTransfer: given });
    await page.locator('.drop').dispatchEvent('drop', { dataTransfer: given });
    await page.getByText('note 0 <b>').waitFor();
    await page.getByLabel('Embed the text of').selectOption('');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('progressbar', { name: 'Import' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled; what was sent stays').waitFor();
    const { count } = await send(url, 'POST', '/api/v1/tables/dropped/query', { count: true });
    assert.ok(count < 200_000, `${count} rows`);
    await page.done();
  });
});

describe('map', () => {
  for (const how of LOOKS)
    it(`shows points, a query among them, and what is near, ${how.width} pixels wide and ${how.colours}`, async () => {
      const page = await open(url, '#/map/trail_reports?point=r-08', how);
      await page.getByText('48 of 48 rows', { exact: false }).waitFor();
      await page.getByLabel('Where would this be?').fill('wild animals');
      await page.getByText('your words').waitFor();
      await page.getByRole('heading', { name: 'Nearest' }).waitFor();
      await look(page, 'map');
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('button', { name: 'Draw around some' }).click();
      const box = await page.locator('canvas').boundingBox();
      await page.mouse.move(box.x + 4, box.y + 4);
      await page.mouse.down();
      for (const [x, y] of [
        [1, 0],
        [1, 1],
        [0, 1],
        [0, 0],
      ])
        await page.mouse.move(box.x + 4 + x * (box.width - 8), box.y + 4 + y * (box.height - 8), { steps: 3 });
      await page.mouse.up();
      await page.getByText('48 points chosen').waitFor();
      await page.getByRole('button', { name: 'Show as rows' }).click();
      await rows(page, '48 rows pass');
      await page.done();
    });
});

describe('a map by UMAP', () => {
  for (const how of LOOKS)
    it(`is computed in the browser, and a query is placed in it, ${how.width} pixels wide and ${how.colours}`, async () => {
      const page = await open(url, '#/map/trail_reports?by=kind', how);
      await page.getByText('48 of 48 rows', { exact: false }).waitFor();
      assert.ok(!page.addresses.some((address) => address.includes('umap')), 'it is not loaded before it is asked for');
      await page.getByLabel('Laid out by').selectOption('umap');
      await page.getByText('laid out by UMAP', { exact: false }).waitFor();
      await page.waitForURL(/layout=umap/);
      await page.getByLabel('Where would this be?').fill('wild animals');
      await page.getByText('your words').waitFor();
      await look(page, 'map-umap');
      await page.done();
    });

  it('can be cancelled', async () => {
    const page = await open(url, '#/map/trail_reports');
    await page.getByText('48 of 48 rows', { exact: false }).waitFor();
    // a worker that never comes leaves the time to cancel
    await page.route('**/lib/umap.js', () => undefined);
    await page.getByLabel('Laid out by').selectOption('umap');
    await page.getByRole('progressbar', { name: 'Layout' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('progressbar', { name: 'Layout' }).waitFor({ state: 'detached' });
    await page.getByText('principal components').waitFor();
    await page.done();
  });
});

describe('operations', () => {
  for (const how of LOOKS)
    it(`show how the server is and make a backup, ${how.width} pixels wide and ${how.colours}`, async () => {
      // nothing was verified yet, which the server says by 404
      const page = await open(url, '#/operations', { ...how, allowed: [/404/] });
      await page.getByRole('heading', { name: 'Requests' }).waitFor();
      await page.getByText(/^all \d/).waitFor();
      await page.locator('.plot canvas').first().waitFor();
      await page.getByLabel('Name of the backup').fill(`before-${how.width}`);
      await page.getByRole('button', { name: 'Make a backup now' }).click();
      await page.getByRole('row', { name: new RegExp(`before-${how.width} complete`) }).waitFor({ timeout: 60_000 });
      await look(page, 'operations');
      await page.done();
    });
});
