// A script for Node: makes a table, fills it, searches it by meaning. Run it against a server at AKIDB_URL.
import { AkidbClient, ConflictError, type Computed, type Generated, type Key } from '@akidb/sdk';

interface Tables {
  code_examples: {
    repo_url: Key<string>;
    title: string;
    teaches: string | null;
    language: string | null;
    quality_score: Generated<number>;
    teaches_embedding: Computed<Float32Array>;
  };
}

const akidb = new AkidbClient<Tables>();

export async function prepare(): Promise<void> {
  try {
    await akidb.tables.create('code_examples', {
      columns: {
        repo_url: 'string',
        title: { type: 'string', required: true },
        teaches: 'string',
        language: 'string',
        quality_score: { type: 'int', required: true, default: 5 },
      },
      primaryKey: 'repo_url',
    });
    await akidb.computedColumns.createEmbeddingColumn('code_examples', {
      name: 'teaches_embedding',
      sourceColumn: 'teaches',
      model: 'sentence-transformers/all-MiniLM-L6-v2',
    });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error; // it is there
  }
}

export async function fill(): Promise<number> {
  async function* rows() {
    yield {
      repo_url: 'https://git.example/shop',
      title: 'Shop front',
      language: 'TypeScript',
      quality_score: 8,
      teaches: 'Splitting a page into React components',
    };
    yield {
      repo_url: 'https://git.example/chart',
      title: 'Charts',
      language: 'Python',
      quality_score: 9,
      teaches: 'Drawing bar charts of a data frame',
    };
  }
  const { rows: count } = await akidb.table('code_examples').import(rows(), { onConflict: 'replace' });
  return count;
}

export async function search(text: string): Promise<string[]> {
  const rows = await akidb
    .table('code_examples')
    .select('title', 'language')
    .similaritySearch(text, 'teaches_embedding')
    .where('quality_score >= ?', 7)
    .limit(5);
  return rows.map(({ title, language, similarity_score }) => `${similarity_score.toFixed(2)} ${title} (${language})`);
}

await prepare();
await fill();
console.log((await search('organise React components')).join('\n'));
