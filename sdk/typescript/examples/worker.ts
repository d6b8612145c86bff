// A worker that searches, so that the page stays free; give it { url, table, text }, it answers { titles } or { error }.
import { AkidbClient, indexedDbVectorStore } from '@akidb/sdk';

let akidb: AkidbClient | undefined;

self.onmessage = async ({ data }: MessageEvent<{ url: string; table: string; text: string }>) => {
  // vectors of texts that were searched with outlive the page
  akidb ??= new AkidbClient({ baseUrl: data.url, queryVectors: { store: indexedDbVectorStore() } });
  try {
    const rows = await akidb.table(data.table).select('title').similaritySearch(data.text, 'teaches_embedding').limit(5);
    self.postMessage({ titles: rows.map(({ title }) => title as string), statistics: akidb.queryVectorStatistics() });
    await akidb.close();
  } catch (error) {
    self.postMessage({ error: (error as Error).message });
  }
};
