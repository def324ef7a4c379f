import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { kernelBytes } from "#lib/map/kernel-bytes.ts";
import { compileSource, formatBytes, kernelBytesPath } from "../kernels/compile.ts";

test("the committed bytes are those that the sources of the kernels give", async () => {
  const bytes = await compileSource();
  expect(Buffer.from(kernelBytes()).equals(bytes), "run `npm run kernels`").toBe(true);
  expect(await readFile(kernelBytesPath, "utf8")).toBe(formatBytes(bytes));
});

test("the bytes ask nothing of their host", () => {
  const module = new WebAssembly.Module(kernelBytes());
  expect(WebAssembly.Module.imports(module)).toEqual([]);
});
