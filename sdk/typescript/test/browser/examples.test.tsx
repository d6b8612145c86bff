import { createRoot } from 'react-dom/client';
import { beforeAll, expect, inject, it, vi } from 'vitest';
import { SearchBox } from '../../examples/search-box.js';
import { client, layouts } from '../support/layouts.js';

let name: string;
beforeAll(async () => {
  name = await layouts(client());
});

it('the search box for React shows what was typed last, and asks when typing pauses', async () => {
  const asked: string[] = [];
  const akidb = client({
    fetch: (input, init) => {
      if (String(input).endsWith('/search/similarity')) asked.push((JSON.parse(String(init!.body)) as { query: string }).query);
      return fetch(input, init);
    },
  });
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  root.render(<SearchBox akidb={akidb} table={name} pause={20} />);
  const box = await vi.waitUntil(() => place.querySelector('input'));
  const type = (text: string): void => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(box, text);
    box.dispatchEvent(new Event('input', { bubbles: true }));
  };
  for (const text of ['d', 'dr', 'draw', 'draw a chart']) type(text);
  await vi.waitFor(() => expect(place.querySelector('li')?.textContent).toBe('Charts'));
  expect(asked).toEqual(['draw a chart']);
  type('');
  await vi.waitFor(() => expect(place.querySelector('li')).toBeNull());
  root.unmount();
});

it('the worker answers, and knows after a restart which vectors it had', async () => {
  const ask = (text: string): Promise<any> =>
    new Promise((resolve) => {
      const worker = new Worker(new URL('../../examples/worker.ts', import.meta.url), { type: 'module' });
      worker.onmessage = ({ data }) => {
        // until it has written what it knows
        setTimeout(() => worker.terminate(), 500);
        resolve(data);
      };
      worker.postMessage({ url: inject('url'), table: name, text });
    });
  const first = await ask('draw a chart');
  expect(first.titles[0]).toBe('Charts');
  expect(first.statistics).toMatchObject({ misses: 1 });
  await vi.waitFor(async () => expect((await ask('draw a chart')).statistics).toMatchObject({ hits: 1, misses: 0 }), {
    timeout: 10_000,
  });
});
