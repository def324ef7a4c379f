import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Json } from "#lib/model/span.ts";
import type { SpanDocument } from "#lib/model/trace-document.ts";
import { openDoors, scoreAndClose } from "../server/sandbox/scoring.ts";
import { completeTrace } from "./trace.ts";

const folder = new URL("../../scorers/", import.meta.url);
const names = (await readdir(folder)).filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3));
const doors = openDoors();

const say = (role: string, content: Json): Json => ({ role, parts: [{ type: "text", content }] });
const asked = (question: Json, answer: Json, more: Partial<SpanDocument> = {}): Partial<SpanDocument> => ({
  kind: "llm",
  input: [say("user", question)],
  output: [say("assistant", answer)],
  ...more
});

/** What a source may send, however odd: each is an answer with a document and a tool beside it. */
const texts: readonly string[] = [
  "",
  "\0\uD800 \u202E reversed",
  "__proto__ constructor toString hasOwnProperty",
  "x".repeat(100_000),
  "1".repeat(100_000),
  "1,".repeat(50_000),
  "A b. ".repeat(20_000),
  "Aa ".repeat(30_000),
  '"'.repeat(20_001),
  "“".repeat(20_000),
  "[".repeat(50_000),
  "> ".repeat(30_000),
  "> \n".repeat(30_000),
  "a@".repeat(30_000),
  "+49 ".repeat(20_000),
  "**".repeat(30_000),
  "§ ".repeat(30_000),
  "no ".repeat(30_000),
  " ".repeat(100_000),
  "no, ".repeat(20_000),
  "\n".repeat(100_000)
];
const documents = [
  { id: null, content: null, score: null, metadata: "no mapping" }
] as unknown as SpanDocument["documents"];
const hostile = [
  ...texts.map((text) => [
    { kind: "retriever" as const, documents: [{ id: text, content: text, score: null, metadata: { note: text } }] },
    { kind: "tool" as const, toolName: text, toolArgs: { text }, toolResult: text },
    asked("q", text),
    asked(text, text)
  ]),
  [{ kind: "retriever" as const, documents }],
  [{ kind: "tool" as const, toolArgs: "{broken", toolResult: { error: { deep: [null] } } }, asked(null, null)],
  [asked("q", "a", { toolDefinitions: "none", usage: {} as SpanDocument["usage"], costUsd: Number.NaN })],
  [asked({ nested: true }, ["list"], { toolDefinitions: [null, 3, { name: 4 }] })],
  []
];

const expected: readonly Json[] = [null, "x", { x: 1 }, [{ name: "x", args: [1] }], [[null]]];
const chosen = hostile.map((spans, at) => ({ ...completeTrace({ spans }), expected: expected[at % expected.length] }));
const written = [...chosen, { id: "bare", spans: [] }].map((trace) => JSON.stringify(trace));

test.each(names)("%s says something of any trace, and in time", async (name) => {
  const compiled = await doors.compiler.compile(await readFile(new URL(`${name}.ts`, folder), "utf8"));
  const session = await doors.sandbox.open(compiled, { callTimeoutMs: 5000, memoryBytes: 256 * 2 ** 20 });
  const verdicts = await scoreAndClose(session, written);
  const errors = verdicts.flatMap(({ score }, at) =>
    score.kind === "unscored" && score.status === "error" ? [`trace ${at}: ${score.reason}`] : []
  );
  expect(errors).toEqual([]);
  expect(verdicts).toHaveLength(written.length);
  expect(Math.max(...verdicts.map(({ durationMs }) => durationMs))).toBeLessThan(5000);
});
