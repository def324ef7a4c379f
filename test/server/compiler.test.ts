import { afterAll, beforeAll, expect, test } from "vitest";
import type { Compiler } from "#lib/ports/compiler.ts";
import { buildChartBundle } from "#lib/server/chart-bundle.ts";
import { openCompiler, readContract } from "#lib/server/compiler.ts";

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
  'export default require("fs");'
])("an import of anything else is refused with its place: %s", async (source) => {
  await expect(compiler.compile(`\n${source}`)).rejects.toMatchObject({
    name: "Fault",
    code: "invalid",
    position: { line: 2 }
  });
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
