import { expect, test } from "vitest";
import { parseSentLogs } from "#lib/formats/log-messages.ts";

test("an evaluation finds its span whether ids are written in hex or in base64", () => {
  const hex = { traceId: "0AF7651916CD43DD8448EB211C80319C", spanId: "B7AD6B7169203331" };
  const base64 = {
    traceId: Buffer.from(hex.traceId, "hex").toString("base64"),
    spanId: Buffer.from(hex.spanId, "hex").toString("base64")
  };
  const attributes = [{ key: "gen_ai.evaluation.name", value: { stringValue: "grounded" } }];
  const logRecords = [hex, base64].map((ids) => ({ ...ids, eventName: "gen_ai.evaluation.result", attributes }));
  const { scores, rejected } = parseSentLogs(
    { scopeLogs: [{ logRecords }] },
    { businessUnit: "support", environment: null, nowMs: 0 }
  );
  expect(rejected).toEqual([]);
  expect(scores.map(({ traceId, spanId }) => `${traceId}/${spanId}`)).toEqual([
    "0af7651916cd43dd8448eb211c80319c/b7ad6b7169203331",
    "0af7651916cd43dd8448eb211c80319c/b7ad6b7169203331"
  ]);
});

test("of logs that a program sends each is a message, a score, or rejected with its reason", () => {
  const ids = { traceId: "0AF7651916CD43DD8448EB211C80319C", spanId: "B7AD6B7169203331" };
  let deep: object = { stringValue: "x" };
  for (let depth = 0; depth < 200; depth += 1) deep = { arrayValue: { values: [deep] } };
  const logRecords = [
    { ...ids, eventName: "gen_ai.user.message", timeUnixNano: "7", body: { stringValue: "hello" } },
    { ...ids, eventName: "gen_ai.user.message", body: { stringValue: "<elided>" } },
    { eventName: "gen_ai.choice", body: { stringValue: "whose?" } },
    { ...ids, eventName: "gen_ai.choice", body: deep },
    { ...ids, eventName: "gen_ai.evaluation.result" },
    { eventName: "app.started" },
    "no record"
  ];
  const read = (value: unknown) => parseSentLogs(value, { businessUnit: "support", environment: null, nowMs: 0 });
  const { messages, scores, rejected } = read({ scopeLogs: [{ logRecords }, "no scope"] });
  expect(messages).toEqual([
    {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      timeNs: 7n,
      event: { name: "gen_ai.user.message", attributes: { content: "hello" } }
    }
  ]);
  expect(scores).toEqual([]);
  expect(rejected).toEqual([
    'the log "gen_ai.choice" does not say which span it is of',
    'log "gen_ai.choice": an attribute nests values more than 100 deep',
    "an evaluation has no gen_ai.evaluation.name",
    'the log "app.started" is neither a message of a model nor a gen_ai.evaluation.result',
    "a log record is no object"
  ]);
  expect(read(7).rejected).toEqual(["an element of resourceLogs is no object"]);
});
