import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

interface Asked {
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string }[];
  readonly tools?: readonly unknown[];
}

/** Arguments of the one tool call that the model makes. */
export const toolArguments = '{"order":"4711"}';

const head = { id: "chatcmpl-1", created: 1_763_600_000, model: "model-2026-05-01" };
const usage = {
  prompt_tokens: 21,
  completion_tokens: 9,
  total_tokens: 30,
  prompt_tokens_details: { cached_tokens: 16 },
  completion_tokens_details: { reasoning_tokens: 4 }
};

/** A server on a port of its own that answers chat completions: with a tool call where tools are offered first. */
export async function openChatServer(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const asked = (await json(request)) as Asked;
    const calls = asked.tools !== undefined && asked.messages.at(-1)?.role === "user";
    if (asked.stream !== true) {
      const call = { id: "call_1", type: "function", function: { name: "find_order", arguments: toolArguments } };
      const message = calls
        ? { role: "assistant", content: null, tool_calls: [call] }
        : { role: "assistant", content: "Grüße 🙂, order 4711 is on its way." };
      const choices = [{ index: 0, message, finish_reason: calls ? "tool_calls" : "stop" }];
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ ...head, object: "chat.completion", choices, usage }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const say = (part: object) =>
      response.write(`data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", ...part })}\n\n`);
    for (const content of ["Order 4711 ", "is on ", "its way."])
      say({ choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] });
    say({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    say({ choices: [], usage });
    response.end("data: [DONE]\n\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close() {
      server.closeAllConnections();
      server.close();
    }
  };
}
