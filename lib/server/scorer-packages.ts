import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Fault } from "#lib/model/fault.ts";
import { type AllowedPackage, isAllowedPackage, sayImports } from "#lib/scoring/allowed-packages.ts";

const require = createRequire(import.meta.url);

/** Declarations are read no further than this, in characters. */
const mostTypes = 1_500_000;

/** Of a file beside it, without its ending. */
const importPattern = /\b(?:from|import)\s*\(?\s*["'](\.[^"']+?)(?:\.d)?\.[cm]?[jt]s["']/g;

const folders = new Map<AllowedPackage, string>();
const types = new Map<AllowedPackage, Readonly<Record<string, string>>>();

/** Name and version of a package as one word: `zod@4.6.7`. */
export function formatPackage(name: AllowedPackage): string {
  const { version } = JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8")) as {
    readonly version: string;
  };
  return `${name}@${version}`;
}

/**
 * Declarations of a package and of all that they refer to, by their place under a folder `node_modules`; the first is
 * called `<package>/index.d.ts`, whatever it is called there.
 *
 * @throws Fault `missing` for what is no such package
 */
export function readPackageTypes(name: string): Readonly<Record<string, string>> {
  if (!isAllowedPackage(name)) {
    throw new Fault("missing", `scorers cannot import "${name}"`, { hint: `They can import ${sayImports()}.` });
  }
  const known = types.get(name);
  if (known) return known;
  const folder = folderOf(name);
  const found: Record<string, string> = {};
  const open = [{ path: name === "fastest-levenshtein" ? "mod.d.ts" : "index.d.ts", as: "index.d.ts" }];
  let characters = 0;
  for (const { path, as } of open) {
    if (`${name}/${as}` in found) continue;
    const text = readFileSync(join(folder, path), "utf8");
    characters += text.length;
    if (characters > mostTypes) throw new Fault("limit", `the declarations of "${name}" are too long`);
    found[`${name}/${as}`] = text;
    // Comments show imports, too.
    for (const [, target] of text.replaceAll(/\/\*[\s\S]*?\*\//g, "").matchAll(importPattern)) {
      const next = `${join(dirname(path), target!)}.d.ts`;
      open.push({ path: next, as: next });
    }
  }
  types.set(name, found);
  return found;
}

function folderOf(name: AllowedPackage): string {
  const known = folders.get(name);
  if (known) return known;
  const folder = dirname(require.resolve(`${name}/package.json`));
  folders.set(name, folder);
  return folder;
}
