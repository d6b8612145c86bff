// What the console uses of vendor/preact.js. Markup is not typed.
export type Markup = any;
export function html(strings: TemplateStringsArray, ...values: unknown[]): Markup;
export function h(type: unknown, props: object | null, ...children: unknown[]): Markup;
export const Fragment: unknown;
export function render(markup: Markup, parent: Element): void;
export interface Context<T> {
  Provider: unknown;
  initial: T;
}
export function createContext<T>(initial: T): Context<T>;
export function useContext<T>(context: Context<T>): T;
export function useState<T>(initial: T | (() => T)): [T, (next: T | ((now: T) => T)) => void];
export function useEffect(effect: () => void | (() => void), inputs?: readonly unknown[]): void;
export function useLayoutEffect(effect: () => void | (() => void), inputs?: readonly unknown[]): void;
export function useRef<T>(initial: T): { current: T };
export function useMemo<T>(make: () => T, inputs: readonly unknown[]): T;
export function useCallback<T extends (...given: any[]) => any>(made: T, inputs: readonly unknown[]): T;
export function useErrorBoundary(told?: (error: any) => void): [any, () => void];
