// A route of a server of your own: people's browsers talk to it, and only it holds the key.
import Fastify, { type FastifyInstance } from 'fastify';
import { AkidbClient, ApiError } from '@akidb/sdk';

export function app(akidb: AkidbClient, table: string): FastifyInstance {
  const server = Fastify();

  server.get<{ Querystring: { q?: string } }>('/search', async (request, reply) => {
    const text = request.query.q?.trim();
    if (!text) return reply.code(400).send({ error: 'q is missing' });
    // nobody waits for an answer when the browser has gone
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort(new Error('the browser went away')));
    const results = await akidb
      .table(table)
      .similarity(text)
      .inColumn('teaches_embedding')
      .select('title', 'repo_url')
      .limit(10)
      .execute({ signal: gone.signal, timeout: 2000 });
    return { results };
  });

  server.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof ApiError)) return reply.code(500).send({ error: 'the search failed' });
    const status = error.retryable ? 503 : 502;
    if (error.retryAfter !== undefined) void reply.header('retry-after', error.retryAfter);
    return reply.code(status).send({ error: 'the search failed', request: error.requestId });
  });

  return server;
}
