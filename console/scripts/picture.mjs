// Makes the pictures of README and docs from the running product: AKIDB_JAR=… npm run pictures.
import { fileURLToPath } from 'node:url';
import { makeSample, open, startServer, stopBrowser } from '../test/support.mjs';

const to = (name) => fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url));
const server = await startServer();
try {
  await makeSample(server.url);
  const page = await open(
    server.url,
    '#/search/trail_reports?q=can+I+get+across+the+river+after+heavy+rain%3F&hybrid=1&weight=90&limit=4',
    { width: 1200, height: 860 },
  );
  await page.locator('.hit').first().waitFor();
  await page.getByRole('button', { name: 'Settings' }).first().click();
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({ path: to('console-search') });
  await page.done();
} finally {
  await stopBrowser();
  await server.stop();
}
