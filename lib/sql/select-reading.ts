import type { TextPosition } from "../model/fault.ts";

/** What one SELECT mentions, walked out of the engine's own syntax tree. */
export interface SelectReading {
  /** Base relations, without those that the statement itself defines (WITH), in order, without repeats. */
  readonly tables: readonly string[];
  /** Named parameters, without the `$`. */
  readonly parameters: readonly string[];
  /** Functions in place of a table, lower case: `range`, `read_parquet`. */
  readonly tableFunctions: readonly string[];
  /** All other functions, lower case; a cast to a variant, in whatever it lies, is one. */
  readonly functions: readonly string[];
  /** Those of `functions` that are given something else than literals somewhere, or nothing. */
  readonly workedOut: readonly string[];
  /** Relations and functions written with a schema or a catalog other than the kernel's own. */
  readonly foreign: readonly string[];
  /** What each call of `search` in place of a table is given. */
  readonly searches: readonly (readonly CallArgument[])[];
}

/** What a call is given: a text, a parameter, or something that has to be worked out, which is null. */
export type CallArgument = { readonly text: string } | { readonly parameter: string } | null;

/** Why a text is no SELECT. */
export interface SelectFault {
  readonly message: string;
  readonly position: TextPosition | null;
}

type Node = { readonly [key: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

/** Line and column, both from 1, of an offset in a text. */
export function positionAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, Math.max(0, Math.min(offset, text.length)));
  const line = before.split("\n").length;
  return { line, column: before.length - (before.lastIndexOf("\n") + 1) + 1 };
}

/**
 * Reads the JSON that the engine's `json_serialize_sql` gives for a text.
 *
 * @param serialized  parsed JSON of `json_serialize_sql(sql)`
 * @param sql         the text, for positions
 */
export function readSelect(serialized: unknown, sql: string): SelectReading | SelectFault {
  if (!isNode(serialized)) return { message: "the engine could not read this statement", position: null };
  if (serialized.error === true) {
    const offset = Number(serialized.position);
    const message = String(serialized.error_message);
    return {
      message: message.startsWith("Only SELECT") ? "a cell asks one SELECT; this statement is something else" : message,
      position: serialized.position === undefined || !Number.isFinite(offset) ? null : positionAt(sql, offset)
    };
  }
  const statements = Array.isArray(serialized.statements) ? serialized.statements : [];
  if (statements.length !== 1) {
    return {
      message:
        statements.length === 0
          ? "there is no SELECT here"
          : `a cell asks one SELECT; here are ${statements.length} statements`,
      position: null
    };
  }
  const found: Found = {
    tables: new Set<string>(),
    parameters: new Set<string>(),
    tableFunctions: new Set<string>(),
    functions: new Set<string>(),
    workedOut: new Set<string>(),
    foreign: new Set<string>(),
    searches: []
  };
  walk(statements[0], new Set(), found);
  return {
    tables: [...found.tables],
    parameters: [...found.parameters],
    tableFunctions: [...found.tableFunctions],
    functions: [...found.functions],
    workedOut: [...found.workedOut],
    foreign: [...found.foreign],
    searches: found.searches
  };
}

interface Found {
  readonly tables: Set<string>;
  readonly parameters: Set<string>;
  readonly tableFunctions: Set<string>;
  readonly functions: Set<string>;
  readonly workedOut: Set<string>;
  readonly foreign: Set<string>;
  readonly searches: CallArgument[][];
}

function walk(value: unknown, defined: ReadonlySet<string>, found: Found): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, defined, found);
    return;
  }
  if (!isNode(value)) return;
  const inner = withDefinitions(value, defined, found);
  if (value.type === "BASE_TABLE") readBaseTable(value, inner, found);
  if (value.id === "VARIANT") found.functions.add("variant");
  if (value.class === "PARAMETER" && typeof value.identifier === "string") found.parameters.add(value.identifier);
  if (value.type === "TABLE_FUNCTION" && isNode(value.function)) {
    const name = String(value.function.function_name).toLowerCase();
    found.tableFunctions.add(name);
    if (name === "search") found.searches.push(readArguments(value.function.children));
    walk({ ...value.function, function_name: "" }, inner, found);
  } else if (value.type === "SHOW_REF") {
    // DESCRIBE and SUMMARIZE read a query; SHOW TABLES would list what other cells keep to themselves.
    found.tableFunctions.add(value.query === undefined ? "show" : "describe");
  } else if (typeof value.function_name === "string" && value.function_name !== "") {
    const name = value.function_name.toLowerCase();
    found.functions.add(name);
    if (!isLiteral(value)) found.workedOut.add(name);
    const place = foreignPlace(value);
    if (place !== null) found.foreign.add(`${place}.${value.function_name}()`);
  }
  for (const [key, child] of Object.entries(value)) {
    if (key === "cte_map" || (value.type === "TABLE_FUNCTION" && key === "function")) continue;
    walk(child, inner, found);
  }
}

/** Whether a value stands in the text, or is a function of such: the engine works it out once. */
function isLiteral(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.class === "CAST") return isLiteral(node.child);
  if (node.class !== "FUNCTION") return node.class === "CONSTANT";
  const given: readonly unknown[] = Array.isArray(node.children) ? node.children : [];
  return given.length > 0 && given.every(isLiteral);
}

function readArguments(children: unknown): CallArgument[] {
  return (Array.isArray(children) ? (children as readonly unknown[]) : []).map(readArgument);
}

function readArgument(node: unknown): CallArgument {
  if (!isNode(node)) return null;
  if (node.class === "CAST") return readArgument(node.child);
  if (node.class === "PARAMETER" && typeof node.identifier === "string") return { parameter: node.identifier };
  if (node.class === "CONSTANT" && isNode(node.value) && typeof node.value.value === "string") {
    return { text: node.value.value };
  }
  return null;
}

/** Walks the WITH of a node; each definition sees the ones before it. */
function withDefinitions(node: Node, defined: ReadonlySet<string>, found: Found): ReadonlySet<string> {
  const map = isNode(node.cte_map) && Array.isArray(node.cte_map.map) ? (node.cte_map.map as readonly unknown[]) : [];
  const names = new Set(defined);
  for (const entry of map) {
    if (!isNode(entry) || typeof entry.key !== "string") continue;
    const name = entry.key.toLowerCase();
    // A definition does not see itself: where it recurs, its own node says so and adds the name.
    walk(entry.value, names, found);
    names.add(name);
  }
  if (node.type === "RECURSIVE_CTE_NODE" && typeof node.cte_name === "string") names.add(node.cte_name.toLowerCase());
  return names;
}

function readBaseTable(node: Node, defined: ReadonlySet<string>, found: Found): void {
  const name = String(node.table_name);
  const place = foreignPlace({ schema: node.schema_name, catalog: node.catalog_name });
  if (place !== null) {
    found.foreign.add(`${place}.${name}`);
    return;
  }
  if (!node.schema_name && defined.has(name.toLowerCase())) return;
  found.tables.add(name);
}

/** Catalog and schema of a name that is not written as one of the kernel's own; null for one that is. */
function foreignPlace({
  schema = "",
  catalog = ""
}: {
  readonly schema?: unknown;
  readonly catalog?: unknown;
}): string | null {
  const isOwn =
    ["", "main"].includes(String(schema).toLowerCase()) && ["", "memory"].includes(String(catalog).toLowerCase());
  return isOwn ? null : [catalog, schema].filter((part) => part !== "").join(".");
}
