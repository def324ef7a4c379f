import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { stop } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Compiler } from "#lib/ports/compiler.ts";
import { buildChartBundle } from "#lib/server/chart-bundle.ts";
import { openCompiler, readContract, readScorerRuntime } from "#lib/server/compiler.ts";
import { readPackageTypes } from "#lib/server/scorer-packages.ts";

let compiler: Compiler;
beforeAll(async () => {
  compiler = await openCompiler();
});
afterAll(() => compiler.close());

const design = `import { scorer, pass, fail, unscored } from "tracebook";
export default scorer({
  target: "trace",
  score: (trace) => trace.tools.some((call) => call.name === "issue_refund") ? pass() : fail("no refund tool call"),
});`;

test("a scorer becomes one module without imports, and keeps its version while its text stays", async () => {
  const first = await compiler.compile(design);
  expect(first.code).not.toMatch(/^\s*import\b/m);
  expect(first.version).toMatch(/^[0-9a-f]{12}$/);
  expect((await compiler.compile(design)).version).toBe(first.version);
  expect((await compiler.compile(`${design}\n`)).version).not.toBe(first.version);
});

test.each([
  'import fs from "node:fs"; export default fs;',
  'import x from "./runtime.ts"; export default x;',
  'import x from "/etc/passwd"; export default x;',
  'export * from "https://evil.test/a.js";',
  'export default await import("left-pad");',
  'export default await import("zod");',
  'export { z } from "zod/v4";',
  'import x from "zod/../typescript/package.json"; export default x;',
  'export default require("fs");'
])("an import of anything else is refused with its place: %s", async (source) => {
  await expect(compiler.compile(`\n${source}`)).rejects.toMatchObject({
    name: "Fault",
    code: "invalid",
    position: { line: 2 }
  });
});

test("a text that nests deeper than memory is refused, and the next compiles", async () => {
  const deep = `export default ${"[".repeat(3_000_000)}`;
  await expect(compiler.compile(deep)).rejects.toMatchObject({ code: "limit" });
  await expect(compiler.diagnose(deep)).rejects.toMatchObject({ code: "limit" });
  await expect(compiler.compile(design, { deep })).rejects.toMatchObject({ code: "limit" });
  await expect(compiler.compile(`export default ${"!".repeat(190_000)}`)).rejects.toMatchObject({ code: "invalid" });
  expect((await compiler.compile(design)).code).not.toBe("");
});

test("a bundler that has ended is started again", async () => {
  const compiling = compiler.compile(design);
  await stop();
  await expect(compiling).rejects.toMatchObject({ code: "broken", message: "the bundler of scorers stopped" });
  expect((await compiler.compile(design)).code).not.toBe("");
});

const withPackages = `import { differenceInDays, parseISO } from "date-fns";
import { distance } from "fastest-levenshtein";
import { fail, pass, scorer } from "tracebook";
import { z } from "zod";
const Order = z.object({ id: z.string(), days: z.number() });
export default scorer({ score: (trace) => {
  const read = Order.safeParse(trace.expected);
  if (!read.success) return fail(z.prettifyError(read.error));
  const days = differenceInDays(parseISO("2026-03-04"), parseISO("2026-03-01"));
  return read.data.days === days ? pass(String(distance(read.data.id, "O1"))) : fail("late");
} });`;

test("packages that are allowed come with their types, and belong to the version", async () => {
  const { code, version } = await compiler.compile(withPackages);
  expect(code).not.toMatch(/^\s*import\b/m);
  const { default: made } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    readonly default: { score(trace: unknown): { readonly reason: string } };
  };
  expect(made.score({ expected: { id: "O2", days: 3 } })).toMatchObject({ value: 1, reason: "1" });
  expect(made.score({ expected: { id: "O2" } })).toMatchObject({
    value: 0,
    reason: expect.stringContaining("expected number")
  });
  // The version of what imports nothing of them stays as it was; this one's stands on theirs.
  const text = createHash("sha256")
    .update(withPackages)
    .update("\0")
    .update(await readScorerRuntime());
  for (const name of ["date-fns", "fastest-levenshtein", "zod"]) {
    const path = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
    text.update(`\0${name}@${(JSON.parse(await readFile(path, "utf8")) as { version: string }).version}`);
  }
  expect(version).toBe(text.digest("hex").slice(0, 12));
  expect(await compiler.diagnose(withPackages)).toEqual([]);
  const wrong = await compiler.diagnose(withPackages.replace("data.days", "data.dais"));
  expect(wrong).toMatchObject([{ message: expect.stringContaining("dais"), position: { line: 10 } }]);
});

test("the editor is given the types of a package that may be imported, and of no other", () => {
  const files = readPackageTypes("zod");
  expect(files["zod/index.d.ts"]).toContain("external");
  expect(files["zod/v4/classic/schemas.d.ts"]).toContain("ZodString");
  expect(Object.keys(readPackageTypes("fastest-levenshtein"))).toEqual(["fastest-levenshtein/index.d.ts"]);
  expect(JSON.stringify(readPackageTypes("date-fns")).length).toBeLessThan(600_000);
  expect(() => readPackageTypes("typescript")).toThrow(/scorers cannot import "typescript"/);
  expect(() => readPackageTypes("../tsconfig")).toThrow(/scorers cannot import/);
});

test("text that is no TypeScript is refused with its place", async () => {
  await expect(compiler.compile("const a = 1;\nconst b = = 2;")).rejects.toMatchObject({
    code: "invalid",
    position: { line: 2, column: 11 }
  });
});

test("the type checker knows the contract and nothing of the page or of Node", async () => {
  expect(await compiler.diagnose(design)).toEqual([]);
  const found = await compiler.diagnose(`import { scorer, pass } from "tracebook";
export default scorer({ score: (trace) => (trace.tulls.length ? pass() : pass()) });
document.title; process.env;`);
  expect(found.map(({ message }) => message).join("\n")).toMatch(/tulls[\s\S]*document[\s\S]*process/);
  expect(found[0]!.position).toEqual({ line: 2, column: 50 });
});

test("the contract can be read, and the chart runtime built", async () => {
  expect(await readContract()).toContain('declare module "tracebook"');
  expect((await buildChartBundle()).length).toBeGreaterThan(100_000);
});
