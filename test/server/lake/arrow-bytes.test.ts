import { expect, test } from "vitest";
import { ArrowBytes } from "#lib/server/lake/arrow-bytes.ts";

test("what was written stays as the bytes outgrow one place after another", () => {
  const output = new ArrowBytes();
  const piece = new Uint8Array(300_007);
  const pieces = 40;
  for (let index = 0; index < pieces; index += 1) output.write(piece.fill(index));
  const bytes = output.bytes();
  expect(bytes.length).toBe(pieces * piece.length);
  for (let index = 0; index < pieces; index += 1) {
    const [first, last] = [index * piece.length, (index + 1) * piece.length - 1];
    expect([bytes[first], bytes[last]]).toEqual([index, index]);
  }
});

test("an answer that is too long is a fault and no crash", () => {
  const output = new ArrowBytes(3 * 2 ** 20);
  output.write(new Uint8Array(2 ** 21));
  expect(() => output.write(new Uint8Array(2 ** 21))).toThrow("the answer is larger than 3 MiB");
});

test("long and short answers are sent as a response", async () => {
  for (const length of [10, 5_000_000]) {
    const output = new ArrowBytes();
    output.write(new Uint8Array(length).fill(7));
    const sent = new Uint8Array(await new Response(output.bytes() as Uint8Array<ArrayBuffer>).arrayBuffer());
    expect([sent.length, sent[0], sent[length - 1]]).toEqual([length, 7, 7]);
  }
});
