// Notes that work without a network: a list that follows its table, a box that adds to it, and a badge that says how things stand.
import { useMemo, useState, useSyncExternalStore } from 'react';
import type { AkidbClient } from '@akidb/sdk';
import type { SyncEngine } from '@akidb/sdk/sync';

/** What to say about a replica. */
function badge({ state, pending }: SyncEngine['status']): string {
  if (state === 'offline') return pending > 0 ? `offline, ${pending} to send` : 'offline';
  return pending > 0 ? `sending ${pending}` : state;
}

export function OfflineNotes({ akidb, sync, table }: { akidb: AkidbClient; sync: SyncEngine; table: string }) {
  const [text, setText] = useState('');
  const live = useMemo(() => sync.live(akidb.table(table).select('id', 'text').orderBy('id')), [sync, akidb, table]);
  const notes = useSyncExternalStore(live.subscribe, live.getSnapshot);
  const state = useSyncExternalStore(
    (listener) => {
      const ends = [sync.on('status', listener), sync.on('change', listener)];
      return () => ends.forEach((end) => end());
    },
    () => badge(sync.status),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void akidb.table(table).insert([{ id: new Date().toISOString(), text }]);
        setText('');
      }}
    >
      <output>{state}</output>
      <input aria-label="note" value={text} onChange={(event) => setText(event.target.value)} />
      <ul>
        {notes?.map(({ id, text }) => (
          <li key={id as string}>{text as string}</li>
        ))}
      </ul>
    </form>
  );
}
