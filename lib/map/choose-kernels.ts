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
  searchNeighbours: (...search) => new PlainSearch(...search),
  startLayout: (task) => new PlainLayout(task),
  matrix: plainMatrix
};

// Compiled once, at first use: loops that the engine has found hot stay fast from one step of a map to the next.
let compiled: WebAssembly.Module | undefined;

/**
 * The kernels in WebAssembly.
 *
 * @throws WebAssembly.CompileError where vector registers are not known, or a page's policy forbids compiling
 */
export function compileKernels(): Kernels {
  compiled ??= new WebAssembly.Module(kernelBytes());
  return kernelsOf(compiled);
}

/**
 * The fast kernels where they can run, otherwise the plain ones; both give the same bits.
 *
 * @param compile  makes the fast ones
 */
export function chooseKernels(compile: () => Kernels = compileKernels): Kernels {
  if (typeof WebAssembly === "undefined") return plainKernels;
  try {
    return compile();
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return plainKernels;
    throw error;
  }
}

function kernelsOf(module: WebAssembly.Module): Kernels {
  return {
    name: "webassembly",
    searchNeighbours: (...search) => new WasmSearch(new KernelMemory(module), ...search),
    startLayout: (task) => new WasmLayout(new KernelMemory(module), task),
    matrix: wasmMatrix(module)
  };
}
