import { kernelBytes } from "./kernel-bytes.ts";
import { KernelMemory } from "./kernel-memory.ts";
import type { Kernels } from "./kernels.ts";
import { PlainLayout } from "./plain-layout.ts";
import { plainMatrix } from "./plain-matrix.ts";
import { PlainSearch } from "./plain-neighbours.ts";
import { WasmLayout } from "./wasm-layout.ts";
import { wasmMatrix } from "./wasm-matrix.ts";
import { WasmSearch } from "./wasm-search.ts";

/** The kernels in plain TypeScript: what the fast ones are held against, and what is left without them. */
export const plainKernels: Kernels = {
  name: "plain",
  searchNeighbours: (vectors, n, d, others, seed) => new PlainSearch(vectors, n, d, others, seed),
  startLayout: (task) => new PlainLayout(task),
  matrix: plainMatrix
};

/**
 * The kernels in WebAssembly.
 *
 * @throws WebAssembly.CompileError where vector registers are not known
 */
export function compileKernels(bytes: Uint8Array<ArrayBuffer> = kernelBytes()): Kernels {
  const module = new WebAssembly.Module(bytes);
  return {
    name: "webassembly",
    searchNeighbours: (vectors, n, d, others, seed) =>
      new WasmSearch(new KernelMemory(module), vectors, n, d, others, seed),
    startLayout: (task) => new WasmLayout(new KernelMemory(module), task),
    matrix: wasmMatrix(module)
  };
}

/** The fast kernels where they can run, otherwise the plain ones; both give the same bits. */
export function chooseKernels(bytes: Uint8Array<ArrayBuffer> = kernelBytes()): Kernels {
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(bytes)) return plainKernels;
  return compileKernels(bytes);
}
