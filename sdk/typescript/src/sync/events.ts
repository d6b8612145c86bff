/** A server-sent event. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** The events of an answer as they come; comments, by which the server shows that it is there, are passed over. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let [event, data] = ['message', ''];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
      rest = lines.pop()!;
      for (const line of lines) {
        if (line.startsWith('event:')) event = line.slice(6).trim();
        else if (line.startsWith('data:')) data += line.slice(5).trim();
        else if (line === '') {
          if (data !== '' || event !== 'message') yield { event, data };
          [event, data] = ['message', ''];
        }
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
