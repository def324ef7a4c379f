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

function frame(text: string, word: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, Buffer.from(word), body]);
}

test.each([1, 7, 100_000])("a frame that comes %i bytes at a time is read whole", (step) => {
  const { read } = openFrames(pipes(Buffer.concat([frame("héllo", "12345678"), frame("", "abcdefgh")]), step));
  expect([read(), read(), read()]).toEqual(["héllo", "", null]);
});

test("a frame that breaks off is none", () => {
  expect(openFrames(pipes(frame("hello", "12345678").subarray(0, 14), 5)).read()).toBeNull();
});

test("each answer repeats the word of the frame it answers", () => {
  const ends = pipes(Buffer.concat([frame("a", "12345678"), frame("b", "abcdefgh")]), 5);
  const { read, write } = openFrames(ends);
  read();
  write("one");
  write("två");
  read();
  write("");
  expect(Buffer.from(ends.written)).toEqual(
    Buffer.concat([frame("one", "12345678"), frame("två", "12345678"), frame("", "abcdefgh")])
  );
});

test("frames longer than the room at hand are read and answered", () => {
  const long = "é".repeat(2 ** 20);
  const ends = pipes(frame(long, "12345678"), 2 ** 16);
  const { read, write } = openFrames(ends);
  expect(read()).toBe(long);
  write(long.slice(0, 60_000));
  expect(ends.written).toHaveLength(12 + 120_000);
});
