// What the console takes of Preact and htm.
import htm from 'htm';
import { h } from 'preact';
export { createContext, Fragment, render } from 'preact';
export { useCallback, useContext, useEffect, useErrorBoundary, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
export { h };
export const html = htm.bind(h);
