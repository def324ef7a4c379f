import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const folder = fileURLToPath(new URL("../../lib/map/wasm/", import.meta.url));
const entries = ["random.ts", "neighbours.ts", "layout.ts", "matrix.ts"];
const flags = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--use",
  "abort=",
  "--outFile",
  "out.wasm"
];

/** Where the bytes are kept. */
export const kernelBytesPath = fileURLToPath(new URL("../../lib/map/kernel-bytes.ts", import.meta.url));

/** The bytes that the sources in lib/map/wasm/ give; the same sources and compiler give the same bytes. */
export async function compileSource(): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await asc.main([...entries, ...flags], {
    readFile: (name) => readFile(`${folder}${name}`, "utf8").catch(() => null),
    writeFile: (_, content) => {
      if (typeof content !== "string") bytes = content;
    },
    listFiles: () => []
  });
  if (error || !bytes) throw new Error(`the kernels do not compile:\n${stderr.toString()}`, { cause: error });
  return bytes;
}

/** The module that carries bytes. */
export function formatBytes(bytes: Uint8Array): string {
  const lines = Buffer.from(bytes)
    .toString("base64")
    .match(/.{1,110}/g)!;
  return `// Written by \`npm run kernels\` from the sources in lib/map/wasm/; test/map/kernel-bytes.test.ts holds it to them.
const base64 = [
${lines.map((line) => `  "${line}"`).join(",\n")}
].join("");

/** The compiled kernels, ${bytes.length.toLocaleString("en-US")} bytes of WebAssembly; a new copy each time. */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}
`;
}
