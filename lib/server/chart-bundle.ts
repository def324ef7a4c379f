import { fileURLToPath } from "node:url";
import { build } from "esbuild";

let bundled: Promise<string> | null = null;

/** The chart runtime of the page's frames as one script: Plot, the Arrow reader and the evaluation of a cell's code. Built once per process. */
export function buildChartBundle(): Promise<string> {
  bundled ??= build({
    entryPoints: [fileURLToPath(new URL("../chart/frame-runtime.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    minify: true,
    logLevel: "silent"
  }).then(
    ({ outputFiles }) => outputFiles[0]!.text,
    (error: unknown) => {
      // A failed build must not be remembered as the answer.
      bundled = null;
      throw error;
    }
  );
  return bundled;
}
