// Each place's story, as a user goes through it, in a real browser against a real server.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { look, LOOKS, makeKey, makeSample, newDirectory, open, send, startServer, stopBrowser } from './support.mjs';

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
      .getByText(/same place|new here/)
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
