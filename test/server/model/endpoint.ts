import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** A request for a completion as it came in. */
export interface AskedCompletion {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: { readonly type: string; readonly json_schema?: { readonly strict?: boolean } };
  readonly temperature?: number;
  readonly seed?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
}

/** What the endpoint does with a request. */
export type Reply =
  | { readonly kind: "say"; readonly content: string | null; readonly refusal?: string; readonly finish?: string }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly error?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** A body that is no completion. */
  | { readonly kind: "raw"; readonly body: string }
  /** A reply of many bytes. */
  | { readonly kind: "huge"; readonly bytes: number }
  /** A body that drips in and never ends. */
  | { readonly kind: "drip" }
  /** The connection breaks. */
  | { readonly kind: "reset" }
  /** No reply until `release` is called. */
  | { readonly kind: "wait"; readonly content: string };

/** A loopback endpoint that speaks the protocol of chat completions, faults included. */
export interface TestEndpoint {
  readonly url: string;
  /** Requests so far, the newest last. */
  readonly asked: AskedCompletion[];
  readonly keys: (string | undefined)[];
  /** Most requests that were open at once. */
  mostAtOnce(): number;
  /** Lets those answer that wait. */
  release(): void;
  close(): void;
}

/** Tokens that every answer is counted with. */
export const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

/** A wait that the client obeys and nobody notices. */
export const soon = { "retry-after-ms": "1" };

/** @param reply  what to do with a request; the second argument counts them from 0 */
export async function openEndpoint(reply: (asked: AskedCompletion, at: number) => Reply): Promise<TestEndpoint> {
  const asked: AskedCompletion[] = [];
  const keys: (string | undefined)[] = [];
  const waiting: (() => void)[] = [];
  const drips = new Set<NodeJS.Timeout>();
  let [open, mostOpen] = [0, 0];
  const server = createServer(async (request, response) => {
    mostOpen = Math.max(mostOpen, ++open);
    response.once("close", () => open--);
    const body = (await json(request)) as AskedCompletion;
    keys.push(request.headers.authorization);
    asked.push(body);
    const next = reply(body, asked.length - 1);
    if (next.kind === "reset") response.destroy();
    else if (next.kind === "wait") waiting.push(() => complete(response, body, { content: next.content }));
    else if (next.kind === "say") complete(response, body, next);
    else if (next.kind === "status") {
      response.writeHead(next.status, { "content-type": "application/json", ...next.headers });
      response.end(JSON.stringify({ error: next.error ?? { message: `status ${next.status}` } }));
    } else {
      response.writeHead(200, { "content-type": "application/json" });
      if (next.kind === "raw") response.end(next.body);
      else if (next.kind === "huge") response.end("x".repeat(next.bytes));
      else {
        const drip = setInterval(() => response.write(" "), 5);
        drips.add(drip);
        response.once("close", () => clearInterval(drip));
      }
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    keys,
    mostAtOnce: () => mostOpen,
    release() {
      for (const answer of waiting.splice(0)) answer();
    },
    close() {
      for (const drip of drips) clearInterval(drip);
      server.closeAllConnections();
      server.close();
    }
  };
}

function complete(
  response: ServerResponse,
  asked: AskedCompletion,
  { content, refusal, finish }: { readonly content: string | null; readonly refusal?: string; readonly finish?: string }
): void {
  const message = { role: "assistant", content, refusal: refusal ?? null };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1_763_600_000,
      model: `${asked.model}-2026-05-01`,
      choices: [{ index: 0, message, finish_reason: finish ?? "stop" }],
      usage
    })
  );
}
