import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as the server got it. */
export interface AskedFor {
  readonly model: string;
  readonly input: readonly string[];
  readonly encoding: string;
  readonly key: string;
}

/** What the server does with one request, in place of a good answer. */
export type Trouble =
  | { readonly kind: "status"; readonly status: number; readonly message?: string; readonly retryAfterMs?: number }
  /** Never answers. */
  | { readonly kind: "silent" }
  /** Cuts the connection. */
  | { readonly kind: "cut" }
  /** Answers with this text. */
  | { readonly kind: "text"; readonly text: string }
  /** Changes the rows of the good answer. */
  | { readonly kind: "rows"; readonly change: (rows: Row[]) => Row[] };

interface Row {
  readonly object: "embedding";
  readonly index: number;
  embedding: readonly (number | null)[] | string;
}

/** A loopback server that speaks OpenAI's embeddings, with the faults of real ones. */
export interface EmbeddingsServer {
  readonly url: string;
  readonly asked: AskedFor[];
  /** Requests that were under way together at most. */
  mostAtOnce: number;
  /** Taken from the front, one a request; undefined and none left are a good answer. */
  readonly troubles: (Trouble | undefined)[];
  /** Gives the vector of a text. */
  vectorOf: (text: string) => readonly number[];
  /** Answers in lists of numbers even where base64 was asked for, as some servers do. */
  onlyFloats: boolean;
  /** Awaited before each answer. */
  gate: () => Promise<void>;
  close(): Promise<void>;
}

/** A vector of a text in so many dimensions: words that two texts share make them alike. */
export function wordVector(text: string, d = 16): readonly number[] {
  const vector = new Array<number>(d).fill(0);
  for (const word of text.toLowerCase().split(/[^\p{L}]+/u)) {
    if (word === "") continue;
    let hash = 7;
    for (const sign of word) hash = (Math.imul(hash, 31) + sign.charCodeAt(0)) | 0;
    for (let c = 0; c < d; c++) vector[c]! += Math.sin(hash * (c + 1));
  }
  vector[0]! += 0.01;
  return vector;
}

export async function openEmbeddingsServer(): Promise<EmbeddingsServer> {
  let underWay = 0;
  const held = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    underWay++;
    bench.mostAtOnce = Math.max(bench.mostAtOnce, underWay);
    response.on("close", () => underWay--);
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as {
      readonly model: string;
      readonly input: readonly string[];
      readonly encoding_format?: string;
    };
    const encoding = body.encoding_format ?? "float";
    bench.asked.push({ model: body.model, input: body.input, encoding, key: request.headers.authorization ?? "" });
    const trouble = bench.troubles.shift();
    await bench.gate();
    if (trouble?.kind === "silent") {
      held.add(response);
      return;
    }
    if (trouble?.kind === "cut") {
      response.destroy();
      return;
    }
    if (trouble?.kind === "status") {
      const wait = { "retry-after-ms": String(trouble.retryAfterMs ?? 1) };
      response.writeHead(trouble.status, { "content-type": "application/json", ...wait });
      response.end(JSON.stringify({ error: { message: trouble.message ?? "no", type: "error" } }));
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    if (trouble?.kind === "text") {
      response.end(trouble.text);
      return;
    }
    const rows = body.input.map((text, index): Row => {
      const vector = bench.vectorOf(text);
      const asText = encoding === "base64" && !bench.onlyFloats;
      const embedding = asText ? Buffer.from(Float32Array.from(vector).buffer).toString("base64") : vector;
      return { object: "embedding", index, embedding };
    });
    const data = trouble?.kind === "rows" ? trouble.change(rows) : rows;
    response.end(JSON.stringify({ object: "list", data, model: body.model, usage: { prompt_tokens: 1 } }));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bench: EmbeddingsServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked: [],
    mostAtOnce: 0,
    troubles: [],
    vectorOf: wordVector,
    onlyFloats: false,
    gate: async () => undefined,
    async close() {
      for (const response of held) response.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
  return bench;
}
