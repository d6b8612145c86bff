import { inject, expect, it, vi } from 'vitest';
import { app } from '../../examples/fastify-route.js';
import { client, fresh, layouts } from '../support/layouts.js';

it('the script makes a table, fills it and searches it', async () => {
  vi.stubEnv('AKIDB_URL', inject('url'));
  const { fill, prepare, search } = await import('../../examples/search.js');
  await prepare();
  expect(await fill()).toBe(2);
  expect((await search('bar charts'))[0]).toMatch(/^0\.\d\d Charts \(Python\)$/);
  vi.unstubAllEnvs();
});

it('the route for Fastify searches, and hides from browsers what went wrong', async () => {
  const akidb = client();
  const server = app(akidb, await layouts(akidb));
  const found = await server.inject('/search?q=draw%20a%20chart');
  expect(found.json<{ results: { data: { title: string } }[] }>().results[0]!.data.title).toBe('Charts');
  expect((await server.inject('/search')).statusCode).toBe(400);
  const broken = await app(akidb, fresh('nothing')).inject('/search?q=x');
  expect(broken.statusCode).toBe(502);
  expect(broken.json()).toEqual({ error: 'the search failed', request: expect.any(String) as string });
});
