import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Score } from "#lib/model/score.ts";
import type { Json } from "#lib/model/span.ts";
import type { SpanDocument, TraceDocument } from "#lib/model/trace-document.ts";
import type { SandboxVerdict } from "#lib/ports/sandbox.ts";
import { openDoors, scoreAndClose } from "../server/sandbox/scoring.ts";
import { completeTrace } from "./trace.ts";

interface Example {
  readonly name: string;
  readonly expect: "pass" | "fail" | "measured" | "unscored";
  /** Set over the scorer's own. */
  readonly options?: { readonly [name: string]: Json };
  readonly trace: Omit<Partial<TraceDocument>, "spans"> & { readonly spans: readonly Partial<SpanDocument>[] };
}

const folder = new URL("../../scorers/", import.meta.url);
const names = (await readdir(folder)).filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3));

const limits = { callTimeoutMs: 5000, memoryBytes: 256 * 2 ** 20 };

const doors = openDoors();

describe.each(names)("the scorer %s", (name) => {
  test("has no complaint of the type checker", async () => {
    expect(await doors.compiler.diagnose(await readFile(new URL(`${name}.ts`, folder), "utf8"))).toEqual([]);
  });

  test("gives each of its examples the verdict it states", async () => {
    const examples = JSON.parse(await readFile(new URL(`${name}.examples.json`, folder), "utf8")) as readonly Example[];
    const source = await readFile(new URL(`${name}.ts`, folder), "utf8");
    const verdicts: SandboxVerdict[] = [];
    for (const options of new Set(examples.map(({ options }) => JSON.stringify(options ?? {})))) {
      const session = await doors.sandbox.open(await doors.compiler.compile(source, JSON.parse(options)), limits);
      const asked = examples.filter((example) => JSON.stringify(example.options ?? {}) === options);
      const given = await scoreAndClose(
        session,
        asked.map(({ trace }) => JSON.stringify(completeTrace(trace)))
      );
      for (const [index, verdict] of given.entries()) verdicts[examples.indexOf(asked[index]!)] = verdict;
    }
    const found = Object.fromEntries(examples.map(({ name }, index) => [name, spell(verdicts[index]!.score)]));
    const differing = examples.filter((example) => !found[example.name]?.startsWith(example.expect));
    expect(differing.map((example) => `${example.name}: ${found[example.name]}`)).toEqual([]);
    expect(examples.length).toBeGreaterThanOrEqual(5);
    const expected = new Set(examples.map((example) => example.expect));
    for (const verdict of ["pass", "fail", "unscored"] as const) expect(expected).toContain(verdict);
  });
});

function spell(score: Score): string {
  if (score.kind === "unscored") return `${score.status === "skipped" ? "unscored" : "error"}: ${score.reason}`;
  const verdict = score.pass === null ? "measured" : score.pass ? "pass" : "fail";
  return `${verdict}: ${score.reason}`;
}
