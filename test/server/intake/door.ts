import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { ExportRequest, Intake } from "#lib/ports/intake.ts";
import { openIntake } from "#lib/server/intake/intake.ts";
import { type AnswerDoors, answerExport } from "#lib/work/answer-export.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../lake/fixture.ts";

/** A lake that programs send to over loopback. */
export interface IntakeDoor extends LakeFixture {
  readonly url: string;
  readonly secret: string;
  readonly keyId: string;
  /** Sends one request with the key, unless told otherwise. */
  post(signal: ExportRequest["signal"], body: BodyInit, headers?: Readonly<Record<string, string>>): Promise<Response>;
  ask(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/**
 * @param open    in place of the real intake
 * @param bodyMs  how long a body may take to come; as in earnest where it is not given
 */
export async function openDoor(
  open: (dataFolder: string, fixture: LakeFixture) => Intake = realIntake,
  bodyMs?: number
): Promise<IntakeDoor> {
  const fixture = await openLakeFixture();
  const intake = open(fixture.folder.replace(/\/lake$/, ""), fixture);
  const { ingestKeys } = fixture.state;
  const { key, secret } = await ingestKeys.create(scopeOf(["support"]), { businessUnit: "support", name: "shop" });
  const { url, server } = await listenForExports({ ingestKeys, intake }, bodyMs);
  return {
    ...fixture,
    url,
    secret,
    keyId: key.keyId,
    post: (signal, body, headers = {}) =>
      fetch(`${url}/v1/${signal}`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", authorization: `Bearer ${secret}`, ...headers }
      }),
    async ask(sql) {
      const kernel = await fixture.lake.openKernel(scopeOf(["support", "travel"]));
      try {
        return await kernel.rows(sql, {}, 1000);
      } finally {
        await kernel.close();
      }
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await intake.close();
      await fixture.close();
    }
  };
}

/** Answers exports on a port of its own, as the pages' server does. */
export async function listenForExports(doors: AnswerDoors, bodyMs?: number) {
  const server = createServer(async (incoming, outgoing) => {
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
    const init = { method: "POST", headers, body, duplex: "half" };
    const request = new Request(`http://loopback${incoming.url}`, init);
    const answer = await answerExport(doors, incoming.url === "/v1/logs" ? "logs" : "traces", request, bodyMs);
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, server };
}

const realIntake = (dataFolder: string) => openIntake({ dataFolder, databaseUrl: null, flushMs: 30_000 });
