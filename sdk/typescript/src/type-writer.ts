import type { ColumnInfo, TableInfo } from './tables.js';

/** How types are written. */
export interface TypeWriterOptions {
  /** Whether times are `Date`, as a client with `dates` reads them. */
  dates?: boolean;
  /** Whether integers may be `bigint`, as a client with `bigints` reads them. */
  bigints?: boolean;
}

/** TypeScript that declares these tables: an interface each, and `Tables` of all. */
export function writeTypes(tables: readonly TableInfo[], options: TypeWriterOptions = {}): string {
  const names = new Set<string>();
  const entries: string[] = [];
  const interfaces: string[] = [];
  const imports = new Set<string>();
  for (const table of [...tables].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = uniqueName(table.name, names);
    entries.push(`  ${key(table.name)}: ${name};`);
    interfaces.push(
      [
        `export interface ${name} {`,
        ...table.columns.map((column) => `  ${key(column.name)}: ${columnType(table, column, options, imports)};`),
        '}',
        '',
      ].join('\n'),
    );
  }
  return [
    '// Written by akidb-types; do not edit.',
    ...(imports.size ? [`import type { ${[...imports].sort().join(', ')} } from '@akidb/sdk';`] : []),
    '',
    ...interfaces,
    'export interface Tables {',
    ...entries,
    '}',
    '',
  ].join('\n');
}

function columnType(table: TableInfo, column: ColumnInfo, options: TypeWriterOptions, imports: Set<string>): string {
  const named = (name: string): string => {
    imports.add(name);
    return name;
  };
  if (column.computed) return `${named('Computed')}<Float32Array>`;
  const value = valueType(column, options, named);
  if (column.name === table.primaryKey) {
    if (column.name === 'row_id') return named('RowId');
    return `${named('Key')}<${value}>`;
  }
  const read = column.required ? value : `${value} | null`;
  // a column of a collection is never written through its table
  if (table.kind === 'collection') return `${named('ColumnType')}<${read}, never, never>`;
  return column.default === null || column.default === undefined ? read : `${named('Generated')}<${read}>`;
}

function valueType({ type }: ColumnInfo, { dates, bigints }: TypeWriterOptions, named: (name: string) => string): string {
  switch (type) {
    case 'string':
      return 'string';
    case 'int':
      return bigints ? 'number | bigint' : 'number';
    case 'float':
      return 'number';
    case 'bool':
      return 'boolean';
    case 'timestamp':
      return dates ? 'Date' : 'string';
    case 'json':
      return named('Json');
    case 'embedding':
      return 'Float32Array';
  }
}

/** The name of a table's interface: `code_layouts` gives `CodeLayouts`. */
function uniqueName(table: string, taken: Set<string>): string {
  const words = table.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  let name = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  if (!/^\p{L}/u.test(name) || name === 'Tables') name = `Table${name}`;
  let unique = name;
  for (let number = 2; taken.has(unique); number++) unique = `${name}${number}`;
  taken.add(unique);
  return unique;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
