// `npm run kernels`: compiles the kernels and writes their bytes to lib/map/kernel-bytes.ts.
import { writeFile } from "node:fs/promises";
import { compileSource, formatBytes, kernelBytesPath } from "./compile.ts";

await writeFile(kernelBytesPath, formatBytes(await compileSource()));
console.log(`wrote ${kernelBytesPath}`);
