import { type Fields, isFields } from "./fields.ts";

/** Levels of fields within fields that count as columns. */
const depthLimit = 3;

/** Columns of one table that are listed at most. */
const columnLimit = 300;

/** True for a cell that says nothing: absent, an empty text, list or object. */
export function isEmptyCell(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The cell of a column; a name with dots is a field of that name, or a field within fields. */
export function findColumn(record: Fields, column: string): unknown {
  if (Object.hasOwn(record, column)) return record[column];
  for (let at = column.indexOf("."); at > 0; at = column.indexOf(".", at + 1)) {
    const head = column.slice(0, at);
    const inner = Object.hasOwn(record, head) ? record[head] : undefined;
    const found = isFields(inner) ? findColumn(inner, column.slice(at + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** True where the column is there, empty or not. */
export function hasColumn(record: Fields, column: string): boolean {
  return findColumn(record, column) !== undefined;
}

/** Columns of records in the order they first come: fields, and fields within fields, which hold no lists. */
export function listColumns(records: readonly Fields[]): readonly string[] {
  const names = new Set<string>();
  const visit = (fields: Fields, path: string, depth: number): void => {
    for (const [name, value] of Object.entries(fields)) {
      if (names.size >= columnLimit) return;
      const column = path === "" ? name : `${path}.${name}`;
      if (isFields(value) && depth < depthLimit && Object.keys(value).length > 0) visit(value, column, depth + 1);
      else names.add(column);
    }
  };
  for (const record of records) visit(record, "", 1);
  return [...names];
}

/** The fields of a record without some columns; objects lose those of their fields. */
export function withoutColumns(record: Fields, columns: readonly string[]): readonly (readonly [string, unknown])[] {
  return Object.entries(record).flatMap(([name, value]) => {
    if (columns.includes(name)) return [];
    const inner = columns
      .filter((column) => column.startsWith(`${name}.`))
      .map((column) => column.slice(name.length + 1));
    if (inner.length === 0 || !isFields(value)) return [[name, value] as const];
    return [[name, Object.fromEntries(withoutColumns(value, inner))] as const];
  });
}
