import { afterAll, beforeAll, expect, test } from "vitest";
import type { ExportEncoding } from "#lib/ports/intake.ts";
import { contentTypes, encodeBody, type SentLog, type SentSpan } from "./bodies.ts";
import { type IntakeDoor, openDoor } from "./door.ts";

let door: IntakeDoor;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door?.close());

const traceId = "5b8efff798038103d269b633813fc60c";
const span = (spanId: string, attributes: SentSpan["attributes"] = {}): SentSpan => ({
  traceId,
  spanId,
  name: "chat m-1",
  attributes: { "gen_ai.operation.name": "chat", ...attributes }
});
const log = (spanId: string, eventName: string, content: string, at: bigint): SentLog => ({
  traceId,
  spanId,
  eventName,
  timeNs: 1_763_600_000_000_000_000n + at,
  attributes: { "gen_ai.system": "openai" },
  body: eventName === "gen_ai.choice" ? { index: 0, finish_reason: "stop", message: { content } } : { content }
});
const asked = (spanId: string) => [
  log(spanId, "gen_ai.system.message", "Be kind.", 1n),
  log(spanId, "gen_ai.user.message", "hello", 2n)
];
const answered = (spanId: string) => log(spanId, "gen_ai.choice", "bye", 3n);

async function send(encoding: ExportEncoding, sent: Parameters<typeof encodeBody>[1]): Promise<string> {
  const headers = { "content-type": contentTypes[encoding] };
  const answer = await door.post(sent.logs ? "logs" : "traces", encodeBody(encoding, sent), headers);
  expect(answer.status).toBe(200);
  return answer.text();
}

const textsOf = async (spanId: string) =>
  (await door.ask(`select input_text, output_text from spans where span_id = '${spanId}'`)).map(
    (row) => `${row.input_text} | ${row.output_text}`
  );

for (const encoding of ["protobuf", "json"] as const) {
  test(`messages in ${encoding} logs reach their span, whether they come before it or after it`, async () => {
    const [before, after] =
      encoding === "json" ? ["aaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaa2"] : ["b1".repeat(8), "b2".repeat(8)];
    await send(encoding, { logs: [answered(before), ...asked(before)] });
    await send(encoding, { spans: [span(before), span(after)] });
    expect(await textsOf(before)).toEqual(["Be kind.\n\nhello | bye"]);
    expect(await textsOf(after)).toEqual(["null | null"]);
    // By now the span lies in Parquet; its messages come in two requests.
    await door.lake.flush();
    await send(encoding, { logs: asked(after) });
    expect(await textsOf(after)).toEqual(["Be kind.\n\nhello | null"]);
    await send(encoding, { logs: [answered(after)] });
    expect(await textsOf(after)).toEqual(["Be kind.\n\nhello | bye"]);
  });
}

test("messages that trickle in are put in the order in which they were said, and said twice count once", async () => {
  const id = "aaaaaaaaaaaaaaa3";
  const [first, second] = asked(id);
  await send("json", { spans: [span(id)] });
  for (const one of [second!, answered(id), first!, second!]) await send("json", { logs: [one] });
  expect(await textsOf(id)).toEqual(["Be kind.\n\nhello | bye"]);
});

test("a span that is sent again keeps the messages that came in logs", async () => {
  const id = "aaaaaaaaaaaaaaa4";
  for (const sent of [{ logs: asked(id) }, { spans: [span(id)] }, { spans: [span(id)] }]) await send("json", sent);
  expect(await textsOf(id)).toEqual(["Be kind.\n\nhello | null"]);
});

test("what a span says itself goes before what logs say, and a details event fills what is left", async () => {
  const id = "aaaaaaaaaaaaaaa5";
  const own = { "gen_ai.input.messages": '[{"role":"user","content":"from the span"}]' };
  const details = {
    ...log(id, "gen_ai.client.inference.operation.details", "", 4n),
    attributes: {
      "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: "from the log" }] }],
      "gen_ai.output.messages": [{ role: "assistant", parts: [{ type: "text", content: "answer" }] }]
    }
  };
  await send("protobuf", { spans: [span(id, own)] });
  await send("protobuf", { logs: [details] });
  expect(await textsOf(id)).toEqual(["from the span | answer"]);
});

test("messages of another unit's span are not joined, and those without a span are told", async () => {
  const id = "aaaaaaaaaaaaaaa6";
  const request = { businessUnit: "travel", name: "trips" };
  const { secret } = await door.state.ingestKeys.create(
    { userId: "tester", roles: ["admin"], businessUnits: [] },
    request
  );
  await door.post("traces", encodeBody("json", { spans: [span(id)] }), { authorization: `Bearer ${secret}` });
  await send("json", { logs: asked(id) });
  expect(await textsOf(id)).toEqual(["null | null"]);
  const said = await send("json", { logs: [{ ...asked(id)[0]!, spanId: "" }] });
  expect(JSON.parse(said)).toEqual({
    partialSuccess: {
      rejectedLogRecords: "1",
      errorMessage: 'the log "gen_ai.system.message" does not say which span it is of'
    }
  });
});
