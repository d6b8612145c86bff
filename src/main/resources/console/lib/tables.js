// Tables and collections as places choose among them.
import { ask, tablePath, useRead } from './server.js';
import { html } from './view.js';

/** @typedef {{ name: string, type: string, required: boolean, unique: boolean, default: unknown, dimensions?: number, metric?: string, computed?: { source: string, model: string } }} Column */
/** @typedef {{ name: string, type: 'vector' | 'btree' | 'text', column: string, columns: string[], method: string, metric?: string, status: string, percent: number, rows: number, memory_bytes: number, recall?: number, recall_history?: { at: string, recall: number }[], error?: string }} Index */
/** @typedef {{ name: string, kind: 'table' | 'collection', columns: Column[], primary_key: string, row_count: number, version: number, created_at: string, indexes: Index[] }} Table */

/** All tables and collections, oldest first. @returns {{ data: Table[] | undefined, error: unknown, loading: boolean, reload: () => void }} */
export const useTables = () =>
  useRead(async (signal) => (await ask({ method: 'GET', path: '/api/v1/tables' }, { signal })).tables, []);

/** One of them. @param {string} name @returns {{ data: Table | undefined, error: unknown, loading: boolean, reload: () => void }} */
export const useTable = (name) => useRead((signal) => ask({ method: 'GET', path: tablePath(name) }, { signal }), [name]);

/** Columns that can be searched by similarity. @param {Table} table */
export const vectorColumns = (table) => table.columns.filter(({ type }) => type === 'embedding');
/** Whether words can be searched with: the server has what embeds them. @param {Table} table @param {Column} column */
export const embeds = (table, column) => column.computed !== undefined || table.kind === 'collection';
/** Columns that have a text index. @param {Table} table */
export const textColumns = (table) => [
  ...new Set(table.indexes.filter(({ type }) => type === 'text').flatMap(({ columns }) => columns)),
];
/** Columns of one value each, which can be shown in a cell. @param {Table} table */
export const plainColumns = (table) => table.columns.filter(({ type }) => type !== 'embedding');

/** The column whose text says most of a row. @param {Table} table @param {Column} [vector] the one that is searched */
export function mainColumn(table, vector) {
  const strings = table.columns.filter(({ type, name }) => type === 'string' && name !== table.primary_key);
  return (
    vector?.computed?.source ??
    strings.find(({ name }) => /text|note|body|content|title|description/i.test(name))?.name ??
    strings[0]?.name ??
    table.primary_key
  );
}

/** Chooses a table. @param {{ tables: readonly Table[], value: string, set: (name: string) => void, id?: string }} given */
export const TableChoice = ({ tables, value, set, id }) =>
  html`<select
    id=${id}
    aria-label="Table"
    value=${value}
    onChange=${(/** @type {any} */ event) => set(event.currentTarget.value)}
  >
    ${tables.map(({ name }) => html`<option value=${name} selected=${name === value}>${name.slice(0, 80)}</option>`)}
  </select>`;
