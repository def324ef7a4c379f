import fc from "fast-check";
import { expect, test } from "vitest";
import { readLines } from "#lib/browser/event-stream.ts";

function streamOf(chunks: readonly Uint8Array[], cancelled?: () => void): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks[at++];
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
    cancel: () => cancelled?.()
  });
}

async function all(stream: ReadableStream<Uint8Array>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(stream)) lines.push(line);
  return lines;
}

test("lines come whole however the bytes are cut, in any script", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("\n") && text.trim() !== "")
      ),
      fc.integer({ min: 1, max: 7 }),
      async (lines, size) => {
        const bytes = new TextEncoder().encode(lines.join("\n"));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.slice(at * size, (at + 1) * size)
        );
        expect(await all(streamOf(chunks))).toEqual(lines);
      }
    ),
    { seed: 3, numRuns: 100 }
  );
});

test("empty lines are left out and a last line without an end is given", async () => {
  const bytes = new TextEncoder().encode('{"a":1}\n\n{"b":2}');
  expect(await all(streamOf([bytes]))).toEqual(['{"a":1}', '{"b":2}']);
});

test("a reader that stops early cancels the stream", async () => {
  let cancelled = false;
  const bytes = new TextEncoder().encode("one\ntwo\nthree\n");
  const stream = streamOf([bytes, bytes, bytes], () => {
    cancelled = true;
  });
  for await (const line of readLines(stream)) {
    expect(line).toBe("one");
    break;
  }
  expect(cancelled).toBe(true);
});
