import { expect, test } from "vitest";
import { readJson } from "#lib/work/read-json.ts";

const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request("http://127.0.0.1/", { method: "POST", body, headers, duplex: "half" } as RequestInit);

/** A body that says nothing of its size, and how many parts of it were asked for. */
const stream = (parts: readonly Uint8Array[]) => {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = parts[sent++];
      if (part) controller.enqueue(part);
      else controller.close();
    }
  });
  return { body, sent: () => sent };
};
const large = Array.from({ length: 1000 }, () => new Uint8Array(1024));

test("JSON is read, also where a letter lies across two parts, and what is none is said to be none", async () => {
  expect(await readJson(post('{"a":"é"}'), 1024)).toEqual({ a: "é" });
  const cut = [Uint8Array.from([34, 0xc3]), Uint8Array.from([0xa9, 34])];
  expect(await readJson(post(stream(cut).body), 1024)).toBe("é");
  for (const wrong of ["", "{", "no"])
    await expect(readJson(post(wrong), 1024)).rejects.toMatchObject({ code: "invalid" });
  await expect(readJson(new Request("http://127.0.0.1/", { method: "POST" }), 1024)).rejects.toMatchObject({
    code: "invalid"
  });
});

test("a body that is too large is refused before it is read, or as soon as it is", async () => {
  const fault = { code: "limit", message: "the request is too large: it may have 2 KiB" };
  const told = stream(large);
  await expect(readJson(post(told.body, { "content-length": "1024000" }), 2048)).rejects.toMatchObject(fault);
  expect(told.sent()).toBeLessThanOrEqual(1);
  const untold = stream(large);
  await expect(readJson(post(untold.body), 2048)).rejects.toMatchObject(fault);
  expect(untold.sent()).toBeLessThanOrEqual(5);
});
