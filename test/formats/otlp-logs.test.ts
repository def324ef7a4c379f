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
