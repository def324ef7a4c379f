import { beforeAll, expect, test } from "vitest";
import type { Score } from "#lib/model/score.ts";
import { asTraces, completeTrace } from "../../scorers/trace.ts";
import { attackLimits, harmless, refused, runAttacks, stoppedBy } from "./attack-list.ts";
import { openDoors } from "./scoring.ts";

const limits = attackLimits;
const doors = openDoors();
const run = (bodies: readonly string[], names: readonly string[]) => runAttacks(doors, bodies, names);

/** Runs a body for the second of three traces, in a sandbox of its own. */
const attack = (body: string) => run([body], ["first", "0", "third"]);

/** The verdicts of one session over all of them, each after a trace that passes, and one more of those. */
let verdicts: readonly Score[];
beforeAll(async () => {
  const names = refused.flatMap((_, index) => [`before ${index}`, String(index)]);
  verdicts = await run(
    refused.map(([, body]) => body),
    [...names, "last"]
  );
});

test.each(refused.map(([name, , reason], index) => [name, reason, index] as const))(
  "a scorer that %s leaves that trace unscored and the others scored",
  (_name, reason, index) => {
    const asEver = { kind: "scored", value: 1, pass: true, label: null, reason: "as ever", evidence: [] };
    expect(verdicts.slice(2 * index, 2 * index + 3)).toEqual([
      asEver,
      // The engine's sentences go on with the address of the module, which is the scorer's own text.
      {
        kind: "unscored",
        status: "error",
        reason: expect.stringMatching(new RegExp(`^${RegExp.escape(reason)}(?: Tried .*)?$`, "s"))
      },
      asEver
    ]);
    expect(stoppedBy(verdicts[2 * index + 1]!.reason!)).not.toBe("nothing");
  }
);

test("a scorer finds the language around it and little else", async () => {
  const [, culprit] = await attack(
    `return pass(Object.getOwnPropertyNames(globalThis).filter((name) => (globalThis as any)[name] !== undefined).join(" "));`
  );
  const found = culprit!.reason!.split(" ");
  expect(found).toContain("Intl");
  expect(found.filter((name) => /^[a-z]/.test(name)).toSorted()).toEqual(
    "atob btoa clearTimeout console decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt performance queueMicrotask setTimeout structuredClone unescape".split(
      " "
    )
  );
  expect(
    found.filter((name) => /Worker|Socket|Response|Request|Crypto|GPU|Cache|Blob|Channel|Stream/.test(name))
  ).toEqual([]);
});

test("what would be harm elsewhere harms nobody here", async () => {
  const names = harmless.flatMap((_, index) => [String(index), `after ${index}`]);
  const found = await run(
    harmless.map(([, body]) => body),
    names
  );
  for (const [index, [name, , reason]] of harmless.entries()) {
    expect.soft(found[2 * index], name).toMatchObject({ kind: "scored", reason });
    expect.soft(found[2 * index + 1], `after one that ${name}`).toMatchObject({ kind: "scored", reason: "as ever" });
  }
});

test("a very long reason is cut, whole characters only", async () => {
  const [, culprit] = await attack(`return fail("\\u{1F600}".repeat(5e6));`);
  const reason = culprit!.kind === "scored" ? culprit!.reason! : "";
  expect(reason.length).toBeLessThanOrEqual(2000);
  expect(reason.isWellFormed()).toBe(true);
});

test("half a character and NUL do not reach the lake", async () => {
  const [, culprit] = await attack(`return fail("a\\ud800\\0b");`);
  expect(culprit).toMatchObject({ kind: "scored", reason: "a\ufffd\ufffdb" });
});

test("a scorer that spoils the built-in objects spoils no other trace", async () => {
  const scores = await attack(
    `(Object.prototype as any).toJSON = () => ({ length: 9 }); Array.prototype.push = (() => 0) as any; Promise.prototype.then = (() => 0) as any; return pass();`
  );
  expect(scores).toHaveLength(3);
  expect(scores[2]).toMatchObject({ kind: "scored", reason: "as ever" });
});

test("a module that exports no scorer is refused", async () => {
  const compiled = await doors.compiler.compile("export const a = 1;");
  await expect(doors.sandbox.open(compiled, limits)).rejects.toThrow(/no scorer/);
});

test("stopping ends a loop at once", async () => {
  const compiled = await doors.compiler.compile(
    `import { scorer } from "tracebook"; export default scorer({ score: () => { for (;;); } });`
  );
  const session = await doors.sandbox.open(compiled, { ...limits, callTimeoutMs: 60_000 });
  const controller = new AbortController();
  const traces = asTraces([JSON.stringify(completeTrace({ name: "any", spans: [] }))]);
  const scoring = (async () => {
    for await (const _ of session.score(traces, controller.signal));
  })();
  setTimeout(() => controller.abort(), 100);
  await expect(scoring).rejects.toThrow(/stopped/);
  await session.close();
});
