import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import { Fault, type TextPosition } from "#lib/model/fault.ts";
import { findNearest } from "./names.ts";

/** Longest text, in characters: what its aliases stand for takes longer to count than it takes to read. */
const mostCharacters = 60_000;

/** A YAML mapping with the place of everything in it. */
export interface YamlMap {
  readonly values: Readonly<Record<string, unknown>>;
  /** Where the value at a path of keys stands; the mapping itself where there is none. */
  position(...path: readonly string[]): TextPosition;
  /** Where a key itself stands. */
  keyPosition(...path: readonly string[]): TextPosition;
}

/**
 * Reads a text that must be one mapping.
 *
 * @param firstLine  line of the text's first line in what the person sees, from 1
 * @param what       names it: `the front matter`
 * @throws Fault `invalid` with the position for broken YAML, repeated keys, or what is no mapping; `limit` for too much
 */
export function parseYamlMap(text: string, firstLine: number, what: string): YamlMap {
  const lines = new LineCounter();
  if (text.length > mostCharacters) {
    throw new Fault("limit", `${what} has at most ${mostCharacters} characters, and this has ${text.length}`, {
      position: { line: firstLine, column: 1 }
    });
  }
  // The parser itself would compare every key with all before it.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const at = (offset: number): TextPosition => {
    const { line, col } = lines.linePos(offset);
    return { line: line + firstLine - 1, column: col };
  };
  const error = document.errors[0];
  if (error) {
    const [reason] = error.message.split("\n", 1);
    throw new Fault("invalid", `${what} is not valid YAML: ${reason}`, { position: at(error.pos[0]) });
  }
  const repeated = findRepeatedKey(document);
  if (repeated !== null)
    throw new Fault("invalid", `${what} is not valid YAML: a key is written twice`, { position: at(repeated) });
  const root = document.contents as Node | null;
  if (root !== null && !isMap(root)) {
    throw new Fault("invalid", `${what} is not a list of "key: value" lines`, { position: at(root.range?.[0] ?? 0) });
  }
  const find = (path: readonly string[], key: boolean): TextPosition => {
    let node: unknown = root;
    let place = root?.range?.[0] ?? 0;
    for (const name of path) {
      if (!isMap(node)) break;
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === name);
      if (!pair) break;
      const keyStart = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
      const valueStart = (pair.value as Node | null)?.range?.[0];
      place = (key && name === path.at(-1) ? keyStart : (valueStart ?? keyStart)) ?? place;
      node = pair.value;
    }
    return at(place);
  };
  return {
    values: root === null ? {} : toValues(document, what, at(root.range?.[0] ?? 0)),
    position: (...path) => find(path, false),
    keyPosition: (...path) => find(path, true)
  };
}

/** Where a key stands that its mapping has already; null where none is. */
function findRepeatedKey(document: Document.Parsed): number | null {
  let found: number | null = null;
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (!seen.has(key.value)) seen.add(key.value);
        else {
          found = key.range?.[0] ?? 0;
          return visit.BREAK;
        }
      }
      return undefined;
    }
  });
  return found;
}

/** @throws Fault `invalid` at the first key that is not known, with the nearest that is */
export function refuseUnknownKeys(
  map: YamlMap,
  known: readonly string[],
  path: readonly string[] = [],
  what = "the front matter"
): void {
  const values = path.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], map.values);
  for (const key of Object.keys(values as object)) {
    if (known.includes(key)) continue;
    const near = findNearest(key, known);
    throw new Fault("invalid", `${what} has no "${key}"`, {
      hint: near ? `Did you mean "${near}"?` : `It knows ${known.join(", ")}.`,
      position: map.keyPosition(...path, key)
    });
  }
}

function toValues(
  document: { toJS(options: { maxAliasCount: number }): unknown },
  what: string,
  position: TextPosition
): Record<string, unknown> {
  try {
    return document.toJS({ maxAliasCount: 100 }) as Record<string, unknown>;
  } catch (error) {
    throw new Fault("invalid", `${what} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      position,
      cause: error
    });
  }
}
