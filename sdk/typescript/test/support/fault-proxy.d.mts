export const WAYS: readonly string[];
export function random(seed: number): () => number;
export function startFaultProxy(options: {
  target: { host: string; port: number };
  port?: number;
  seed?: number;
  share?: number;
  onBreak?: (way: string) => void;
  limit?: number;
}): Promise<{ port: number; broken: () => number; close: () => Promise<void> }>;
