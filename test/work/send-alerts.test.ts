import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Alert } from "#lib/model/alert.ts";
import type { AlertToSend } from "#lib/ports/alerts.ts";
import { openHook } from "#lib/server/hook.ts";
import { formatAlert, sendAlerts } from "#lib/work/send-alerts.ts";

const alert: Alert = {
  kind: "emerging",
  ...{ alertId: "abc", mapId: "m 1", mapTitle: "Topics", businessUnit: "support", clusterId: 4 },
  ...{ recent: 40, past: 2, ratio: 12.5, low: 4, high: null },
  ...{ raisedAtMs: Date.UTC(2026, 10, 1), endedAtMs: null, delivery: "waiting", problem: null }
};

/** Answers each request as the path says, and remembers what was posted. */
const posted: unknown[] = [];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on("end", () => {
    posted.push(JSON.parse(body));
    const status = Number(request.url!.slice(1, 4));
    response.writeHead(status, { "retry-after": "120", location: "/200" }).end(request.url!.slice(5));
  });
});
let address = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

/** Sends one waiting alert to a path; gives what was noted of it. */
async function send(path: string, attempt = 1) {
  const waiting: AlertToSend[] = [{ alert, attempt }];
  const noted: unknown[] = [];
  const alerts = {
    takeWaiting: async () => waiting.pop(),
    noteSent: async (id: string) => void noted.push(["sent", id]),
    noteUnsent: async (id: string, problem: string, retryAtMs: number | null) => {
      noted.push(["unsent", id, problem, retryAtMs]);
    }
  };
  const doors = { alerts, hook: openHook(path), clock: { nowMs: () => 1000 }, publicUrl: "https://bench.example" };
  const sent = await sendAlerts(doors, AbortSignal.timeout(20_000));
  return { sent, noted };
}

test("an alert is posted as numbers and a link, in a sentence that chat tools show", async () => {
  expect(await send(`${address}/200/`)).toEqual({ sent: 1, noted: [["sent", "abc"]] });
  expect(posted.at(-1)).toMatchObject({
    id: "abc",
    text: 'Cluster 5 of the map "Topics" is growing in support: 40 traces in 7 days, 2 in the 28 before (12.5 times as common as before). https://bench.example/maps/m%201',
    ratio_high: null,
    raised_at: "2026-11-01T00:00:00.000Z"
  });
});

test("a confirmed issue is told by how many say so, with a link to where they said it", () => {
  const { mapId, mapTitle, businessUnit, raisedAtMs } = alert;
  const confirmed: Alert = {
    ...{ kind: "confirmed", alertId: "def", mapId, mapTitle, businessUnit, clusterId: 4, questionId: "q1" },
    ...{ agree: 2, judged: 3, raisedAtMs, endedAtMs: null, delivery: "waiting", problem: null }
  };
  expect(formatAlert(confirmed, "https://bench.example")).toMatchObject({
    kind: "confirmed_issue",
    text: 'Cluster 5 of the map "Topics" is a confirmed issue in support: 2 of 3 experts say so. https://bench.example/queues/clusters/q1',
    ...{ business_unit: "support", cluster: 4, agree: 2, judged: 3 }
  });
});

test("what may pass is tried again, as late as the receiver asks and later each time", async () => {
  expect((await send(`${address}/429/`)).noted).toEqual([["unsent", "abc", "the receiver answered 429", 121_000]]);
  expect((await send(`${address}/503/`, 6)).noted).toEqual([["unsent", "abc", "the receiver answered 503", 481_000]]);
  expect((await send("http://127.0.0.1:1/")).noted).toEqual([
    ["unsent", "abc", "the receiver could not be reached", 16_000]
  ]);
  expect((await send(`${address}/503/`, 10)).noted).toEqual([["unsent", "abc", "the receiver answered 503", null]]);
});

test("what is refused for good is kept with the receiver's reason, and no redirect is followed", async () => {
  expect((await send(`${address}/410/channel_is_archived`)).noted).toEqual([
    ["unsent", "abc", "the receiver answered 410: channel_is_archived", null]
  ]);
  const before = posted.length;
  expect((await send(`${address}/302/`)).noted).toEqual([["unsent", "abc", "the receiver answered 302", null]]);
  expect(posted.length).toBe(before + 1);
});

test("the address, which is a secret, is in nothing that is kept", async () => {
  const { noted } = await send("http://127.0.0.1:1/hooks/T0/secret");
  expect(JSON.stringify(noted)).not.toContain("secret");
});
