import { inject, vi } from 'vitest';
import { AkidbClient, ConflictError, type ClientOptions, type Computed, type Generated, type Json, type Key } from '@akidb/sdk';

export interface Layouts {
  repo_url: Key<string>;
  title: string;
  teaches: string | null;
  language: string | null;
  quality_score: Generated<number | null>;
  added: string | null;
  facts: Json;
  teaches_embedding: Computed<Float32Array>;
}

export interface Tables {
  [name: string]: Layouts;
}

export const MODEL = 'sentence-transformers/all-MiniLM-L6-v2';

export function client(options: ClientOptions = {}): AkidbClient {
  return new AkidbClient({ baseUrl: inject('url'), ...options });
}

/** A name that no other test uses. */
export function fresh(prefix: string): string {
  return `${prefix}_${Math.random().toString(36).slice(2, 10)}`;
}

export const ROWS = [
  {
    repo_url: 'https://git.example/shop',
    title: 'Shop front',
    language: 'TypeScript',
    quality_score: 8,
    teaches: 'How to organize React components of a page that share state',
    added: '2026-03-01T09:30:00Z',
    facts: { area: { name: 'north' }, stars: 3, tags: ['shop', 'cart'] },
  },
  {
    repo_url: 'https://git.example/blog',
    title: 'Blog',
    language: 'TypeScript',
    quality_score: 6,
    teaches: 'How to render markdown on the server',
  },
  {
    repo_url: 'https://git.example/chart',
    title: 'Charts',
    language: 'Python',
    quality_score: 9,
    teaches: 'How to draw bar charts from a data frame',
  },
  {
    repo_url: 'https://git.example/form',
    title: 'Forms',
    language: 'TypeScript',
    teaches: 'How to validate what people type into forms',
  },
  {
    repo_url: 'https://git.example/hooks',
    title: 'Hooks',
    language: 'TypeScript',
    quality_score: 9,
    teaches: 'React hooks best practices: effects, memoization and custom hooks',
  },
];

/** Makes a table of layouts whose computed column is filled. */
export async function layouts(its: AkidbClient, name = fresh('code_layouts')): Promise<string> {
  await its.tables.create(name, {
    columns: {
      repo_url: 'string',
      title: { type: 'string', required: true },
      teaches: 'string',
      language: 'string',
      quality_score: { type: 'int', default: 5 },
      added: 'timestamp',
      facts: 'json',
    },
    primaryKey: 'repo_url',
  });
  await its.computedColumns.createEmbeddingColumn(name, { name: 'teaches_embedding', sourceColumn: 'teaches', model: MODEL });
  await its.table(name).insert(ROWS);
  return name;
}

/** Makes the table that the contract and the guides name, or waits until another test has made it. */
export async function codeLayouts(its: AkidbClient): Promise<void> {
  try {
    await layouts(its, 'code_layouts');
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    await vi.waitUntil(async () => (await its.table('code_layouts').count()) >= ROWS.length);
  }
}
