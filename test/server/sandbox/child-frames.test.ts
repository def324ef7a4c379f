import { expect, test } from "vitest";
import { openFrames } from "#lib/server/sandbox/child-frames.ts";

/** A pipe that gives and takes a few bytes at a time. */
function pipes(input: Buffer, step: number) {
  let at = 0;
  const written: number[] = [];
  return {
    written,
    stdin: {
      readSync(buffer: Uint8Array): number | null {
        if (at === input.length) return null;
        const count = Math.min(step, buffer.length, input.length - at);
        buffer.set(input.subarray(at, at + count));
        at += count;
        return count;
      }
    },
    stdout: {
      writeSync(bytes: Uint8Array): number {
        const part = bytes.subarray(0, step);
        written.push(...part);
        return part.length;
      }
    }
  };
}

const length = (bytes: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(bytes.length);
  return Buffer.concat([head, bytes]);
};

function answer(text: string, word: string): Buffer {
  const framed = length(Buffer.from(text));
  return Buffer.concat([framed.subarray(0, 4), Buffer.from(word), framed.subarray(4)]);
}

function question(texts: readonly string[], word: string): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(texts.length);
  const body = Buffer.concat([count, ...texts.map((text) => length(Buffer.from(text)))]);
  return Buffer.concat([length(body).subarray(0, 4), Buffer.from(word), body]);
}

test.each([1, 7, 100_000])("frames that come %i bytes at a time are read whole", (step) => {
  const { read, next } = openFrames(
    pipes(Buffer.concat([question(["héllo", "", "wörld"], "12345678"), question([], "abcdefgh")]), step)
  );
  expect([read(), next(), next(), next()]).toEqual([3, "héllo", "", "wörld"]);
  expect([read(), read()]).toEqual([0, null]);
});

test("a frame that breaks off is none", () => {
  expect(openFrames(pipes(question(["hello"], "12345678").subarray(0, 22), 5)).read()).toBeNull();
});

test("each answer repeats the word of the frame it answers", () => {
  const ends = pipes(Buffer.concat([question(["a"], "12345678"), question(["b"], "abcdefgh")]), 5);
  const { read, write } = openFrames(ends);
  read();
  write("one");
  write("två");
  read();
  write("");
  expect(Buffer.from(ends.written)).toEqual(
    Buffer.concat([answer("one", "12345678"), answer("två", "12345678"), answer("", "abcdefgh")])
  );
});

test("frames longer than the room at hand are read and answered", () => {
  const long = "é".repeat(2 ** 20);
  const ends = pipes(question(["short", long], "12345678"), 2 ** 16);
  const { read, next, write } = openFrames(ends);
  expect([read(), next()]).toEqual([2, "short"]);
  expect(next()).toBe(long);
  write(long.slice(0, 60_000));
  expect(ends.written).toHaveLength(12 + 120_000);
});
