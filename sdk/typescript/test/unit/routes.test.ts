import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { AkidbClient } from '@akidb/sdk';
import { ROUTES } from '../support/routes.js';

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  allOf?: Schema[];
}

interface Operation {
  operationId: string;
  parameters?: { $ref?: string; in?: string; name?: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

const description = parse(readFileSync(new URL('../../../../src/main/resources/openapi/akidb.yaml', import.meta.url), 'utf8'), {
  maxAliasCount: -1,
}) as {
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, Schema> };
};

/** The members of what a request's body may be. */
function members(schema: Schema): string[] {
  if (schema.$ref) return members(description.components.schemas[schema.$ref.split('/').at(-1)!]!);
  return [...Object.keys(schema.properties ?? {}), ...[...(schema.anyOf ?? []), ...(schema.allOf ?? [])].flatMap(members)];
}

const operations = Object.entries(description.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method]) => method !== 'parameters')
    .map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation: operation as Operation,
      shared: (item['parameters'] ?? []) as NonNullable<Operation['parameters']>,
    })),
);

describe("the server's routes", () => {
  it('are those that the package knows', () => {
    expect(Object.keys(ROUTES).sort()).toEqual(operations.map(({ operation }) => operation.operationId).sort());
  });

  it.each(operations.map((it) => [it.operation.operationId, it] as const))(
    '%s is called with all that it takes, or left out',
    async (id, its) => {
      const route = ROUTES[id]!;
      if (typeof route === 'string') return expect(route).not.toBe('');
      const template = new RegExp(`^(/api/v1)?${its.path.replace('/api/v1', '').replace(/\{\w+\}/g, '[^/]+')}$`);
      const sent = new Set<string>();
      let called = false;
      const akidb = new AkidbClient({
        baseUrl: 'http://127.0.0.1:1',
        retries: 0,
        fetch: async (input, init) => {
          const url = new URL(String(input));
          if (init!.method === its.method && template.test(url.pathname)) {
            called = true;
            for (const name of url.searchParams.keys()) sent.add(name);
            for (const name of Object.keys(init!.body ? (JSON.parse(String(init!.body)) as object) : {})) sent.add(name);
          }
          return new Response('{}', { status: 400 });
        },
      });
      await Promise.resolve(route.call(akidb)).catch(() => undefined);
      expect(called, `${its.method} ${its.path} was not called`).toBe(true);

      const taken = [
        ...[...its.shared, ...(its.operation.parameters ?? [])]
          .filter((parameter) => parameter.in === 'query')
          .map(({ name }) => name!),
        ...members(its.operation.requestBody?.content['application/json']?.schema ?? {}),
      ];
      const expected = taken.filter((name) => !(name in (route.without ?? {})));
      expect([...sent].sort()).toEqual([...new Set(expected)].sort());
    },
  );
});
