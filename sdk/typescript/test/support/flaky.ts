/** A network that a test breaks as it likes. */
export class Flaky {
  /** Whether nothing comes through. */
  off = false;
  /** What was asked, as `METHOD path`. */
  readonly asked: string[] = [];
  /** Called before a request is sent, and before its answer is given; whatever they throw is what a broken connection throws. */
  before: (path: string) => void | Promise<void> = () => undefined;
  after: (path: string) => void | Promise<void> = () => undefined;

  readonly fetch: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input));
    if (this.off) throw new TypeError('no network');
    this.asked.push(`${init?.method ?? 'GET'} ${pathname}`);
    await this.before(pathname);
    const response = await fetch(input, init);
    if (pathname.endsWith('/events')) return response;
    const body = await response.arrayBuffer();
    await this.after(pathname);
    if (this.off) throw new TypeError('no network');
    return new Response(body.byteLength > 0 ? body : null, response);
  };
}
