import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Score } from "#lib/model/score.ts";
import type { SpanDocument, TraceDocument } from "#lib/model/trace-document.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { openSandbox } from "#lib/server/sandbox/sandbox.ts";
import { completeTrace } from "./trace.ts";

interface Example {
  readonly name: string;
  readonly expect: "pass" | "fail" | "unscored";
  readonly trace: Omit<Partial<TraceDocument>, "spans"> & { readonly spans: readonly Partial<SpanDocument>[] };
}

const folder = new URL("../../scorers/", import.meta.url);
const names = (await readdir(folder)).filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3));

let compiler: Compiler;
let sandbox: Sandbox;
beforeAll(async () => {
  compiler = await openCompiler();
  sandbox = await openSandbox();
});
afterAll(async () => {
  await sandbox.close();
  await compiler.close();
});

describe.each(names)("the scorer %s", (name) => {
  test("has no complaint of the type checker", async () => {
    expect(await compiler.diagnose(await readFile(new URL(`${name}.ts`, folder), "utf8"))).toEqual([]);
  });

  test("gives each of its examples the verdict it states", async () => {
    const examples = JSON.parse(await readFile(new URL(`${name}.examples.json`, folder), "utf8")) as readonly Example[];
    const compiled = await compiler.compile(await readFile(new URL(`${name}.ts`, folder), "utf8"));
    const session = await sandbox.open(compiled, { callTimeoutMs: 5000, memoryBytes: 256 * 2 ** 20 });
    const texts = examples.map(({ trace }) => JSON.stringify(completeTrace(trace)));
    const found: Record<string, string> = {};
    let at = 0;
    for await (const verdicts of session.score(once(texts), new AbortController().signal)) {
      for (const { score } of verdicts) found[examples[at++]!.name] = spell(score);
    }
    await session.close();
    const differing = examples.filter((example) => !found[example.name]?.startsWith(example.expect));
    expect(differing.map((example) => `${example.name}: ${found[example.name]}`)).toEqual([]);
    expect(new Set(examples.map((example) => example.expect))).toEqual(new Set(["pass", "fail", "unscored"]));
  });
});

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

function spell(score: Score): string {
  if (score.kind === "unscored") return `${score.status === "skipped" ? "unscored" : "error"}: ${score.reason}`;
  return `${score.pass ? "pass" : "fail"}: ${score.reason}`;
}
