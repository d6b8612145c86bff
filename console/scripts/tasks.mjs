// Counts clicks and seconds of the ten most frequent tasks, done in Chromium from the start page: AKIDB_JAR=… npm run tasks. Seconds
// are what page and server take, measured, and what hands take by the keystroke-level model: 1.1 s to point, 0.1 s to
// click, 0.2 s a key. Thinking is left out.
import { open, startServer, stopBrowser } from '../test/support.mjs';

const POINT_AND_CLICK = 1.2;
const KEY = 0.2;

/** Does what a user does, and counts. @param {import('playwright-core').Page} page */
function userOf(page) {
  const its = { clicks: 0, keys: 0 };
  return Object.assign(its, {
    click: async (role, name, within = page) => {
      its.clicks++;
      await within
        .getByRole(role, { name, exact: typeof name === 'string' })
        .first()
        .click();
    },
    choose: async (label, value) => {
      its.clicks += 2;
      await page.getByLabel(label).first().selectOption(value);
    },
    check: async (label) => {
      its.clicks++;
      await page.getByLabel(label, { exact: true }).check();
    },
    file: async (name, text) => {
      its.clicks++;
      await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    },
    type: async (locator, text) => {
      its.keys += text.length;
      await locator.fill(text);
    },
    see: (text) => page.getByText(text).first().waitFor(),
  });
}

const CSV = 'id,note\n1,The ford is deep\n2,The hut serves soup\n';

/** @type {[string, (user: ReturnType<typeof userOf>, page: import('playwright-core').Page) => Promise<void>][]} */
const TASKS = [
  [
    'try it with data',
    async (user, page) => {
      await user.click('button', 'Try it with sample data');
      await page.locator('.hit').first().waitFor();
    },
  ],
  [
    'see how many rows each table has',
    async (user) => {
      await user.click('link', 'Tables');
      await user.see('rows, 9 columns');
    },
  ],
  [
    'search by typing words',
    async (user, page) => {
      await user.click('link', 'Search');
      await user.type(page.getByRole('searchbox'), 'is there snow?');
      await page.locator('.hit', { hasText: /snow/i }).first().waitFor();
    },
  ],
  [
    'only rows with a condition',
    async (user, page) => {
      await user.click('link', 'trail_reports');
      await user.type(page.getByLabel('Only rows where'), 'year >= 2024');
      user.keys++;
      await page.keyboard.press('Enter');
      await user.see(/rows pass/);
    },
  ],
  [
    'others like this one',
    async (user, page) => {
      await user.click('link', 'Search');
      await user.type(page.getByRole('searchbox'), 'bear');
      await page.locator('.hit').first().waitFor();
      await user.click('link', /^Like this one/);
      await user.see(/like r-/);
    },
  ],
  [
    'why was this found, and how long did it take',
    async (user, page) => {
      await user.click('link', 'Search');
      await user.type(page.getByRole('searchbox'), 'bear');
      await user.see('How they were found');
    },
  ],
  [
    'import a CSV file',
    async (user) => {
      await user.click('link', 'Import');
      await user.file('stops.csv', CSV);
      await user.click('button', 'Import');
      await user.see('See the rows');
    },
  ],
  [
    'delete three rows',
    async (user, page) => {
      await user.click('link', 'trail_reports');
      for (const id of ['r-01', 'r-02', 'r-03']) await user.check(`Choose ${id}`);
      await user.click('button', 'Delete chosen');
      await user.click('button', 'Delete', page.getByRole('dialog'));
      await user.see('3 rows deleted');
    },
  ],
  [
    'a map of the vectors, coloured by a field',
    async (user) => {
      await user.click('link', 'Map');
      await user.choose('Colours by', 'area');
      await user.see('Birch Ridge');
    },
  ],
  [
    'the request as code for a program',
    async (user, page) => {
      await user.click('link', 'Search');
      await user.type(page.getByRole('searchbox'), 'bear');
      await page.locator('.hit').first().waitFor();
      user.clicks++;
      await page.locator('details.request summary').click();
      await user.click('tab', 'Python');
      await user.click('button', 'Copy');
      await user.see('Copied');
    },
  ],
];

const server = await startServer();
try {
  for (const [name, act] of TASKS) {
    const page = await open(server.url, '', { allowed: [/./] });
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    const user = userOf(page);
    const begun = performance.now();
    await act(user, page);
    const measured = (performance.now() - begun) / 1000;
    const hands = user.clicks * POINT_AND_CLICK + user.keys * KEY;
    console.log(
      `| ${name} | ${user.clicks} | ${(hands + measured).toFixed(1)} s (${measured.toFixed(1)} s of them waited for) |`,
    );
    await page.context().close();
  }
} finally {
  await stopBrowser();
  await server.stop();
}
