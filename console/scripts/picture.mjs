// Makes the pictures of README and docs from the running product: AKIDB_JAR=… npm run pictures.
import { fileURLToPath } from 'node:url';
import { makeSample, open, startServer, stopBrowser } from '../test/support.mjs';

const to = (name) => fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url));

/** Each picture: its name, the place, how high, and what is done there first. */
const PICTURES = [
  [
    'console-search',
    '#/search/trail_reports?q=can+I+get+across+the+river+after+heavy+rain%3F&hybrid=1&weight=90&limit=4',
    860,
    async (page) => {
      await page.locator('.hit').first().waitFor();
      await page.getByRole('button', { name: 'Settings' }).first().click();
    },
  ],
  [
    'console-map',
    '#/map/trail_reports?by=kind&layout=umap&point=r-08&q=wild+animals',
    760,
    async (page) => {
      await page.getByText('laid out by UMAP').waitFor();
      await page.getByText('your words').waitFor();
      await page.getByRole('heading', { name: 'Nearest' }).waitFor();
    },
  ],
  [
    'console-sql',
    '#/sql?q=select+kind,+count(*)+as+reports,+round(avg(kilometres),+1)+as+kilometres+from+trail_reports+group+by+kind+order+by+reports+desc',
    760,
    async (page) => {
      await page.getByRole('button', { name: 'Plan', exact: true }).click();
      await page.getByRole('region', { name: 'Plan' }).waitFor();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByRole('tab', { name: 'Chart' }).click();
    },
  ],
];

const server = await startServer();
try {
  await makeSample(server.url);
  for (const [name, place, height, act] of PICTURES) {
    const page = await open(server.url, place, { width: 1200, height });
    await act(page);
    await page.evaluate(() => document.activeElement?.blur());
    await page.screenshot({ path: to(name) });
    await page.done();
  }
} finally {
  await stopBrowser();
  await server.stop();
}
