// A search box for React: waits until typing pauses, and drops answers to what has been typed over.
import { useEffect, useState, type JSX } from 'react';
import type { AkidbClient } from '@akidb/sdk';

interface Found {
  title: string;
}

export function SearchBox({ akidb, table, pause = 150 }: { akidb: AkidbClient; table: string; pause?: number }): JSX.Element {
  const [text, setText] = useState('');
  const [found, setFound] = useState<Found[]>([]);
  const [problem, setProblem] = useState('');

  useEffect(() => {
    if (text.trim() === '') return setFound([]);
    const typedOn = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const rows = await akidb
          .table(table)
          .select('title')
          .similaritySearch(text, 'teaches_embedding')
          .limit(5)
          .collect({ signal: typedOn.signal });
        setFound(rows);
        setProblem('');
      } catch (error) {
        if (!typedOn.signal.aborted) setProblem((error as Error).message);
      }
    }, pause);
    return () => {
      clearTimeout(timer);
      typedOn.abort();
    };
  }, [akidb, table, text, pause]);

  return (
    <search>
      <input type="search" aria-label="Search" value={text} onChange={(event) => setText(event.target.value)} />
      {problem && <p role="alert">{problem}</p>}
      <ol>
        {found.map(({ title }) => (
          <li key={title}>{title}</li>
        ))}
      </ol>
    </search>
  );
}
