// A layout in a process of its own, so that its peak of memory is its own:
// map-runner.ts <who> <n> <d> <file of vectors> <file for positions> [<folder of the rival>]. Prints {seconds, cpuSeconds, bytes}.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { UMAP } from "umap-js";
import { buildLayout } from "#lib/map/layout.ts";
import { buildNeighbours } from "#lib/map/neighbours.ts";
import { seededRandom } from "#lib/math/random.ts";

const K = 15;
const [who, points, dimensions, from, to, folder] = process.argv.slice(2) as [string, ...string[]];
const [n, d] = [Number(points), Number(dimensions)];

interface AtlasUmap {
  readonly embedding: Float32Array;
  run(): Promise<void>;
}

const layouts: Readonly<Record<string, (vectors: Float32Array) => Promise<ArrayLike<number>>>> = {
  ours: async (vectors) => buildLayout(vectors, d, buildNeighbours(vectors, n, d, K, 1), 1),
  "umap-js": async (vectors) => {
    const rows = Array.from({ length: n }, (_, i) => Array.from(vectors.subarray(i * d, i * d + d)));
    return new UMAP({ nNeighbors: K, random: seededRandom(1) }).fit(rows).flat();
  },
  "embedding-atlas": async (vectors) => {
    const module = `${folder}/node_modules/embedding-atlas/dist/umap.js`;
    const { createUMAP } = (await import(pathToFileURL(module).href)) as {
      createUMAP(n: number, d: number, out: number, vectors: Float32Array, settings: object): Promise<AtlasUmap>;
    };
    const umap = await createUMAP(n, d, 2, vectors, { metric: "euclidean", nNeighbors: K, seed: 1 });
    await umap.run();
    return umap.embedding;
  }
};

const bytes = readFileSync(from!);
const vectors = new Float32Array(bytes.buffer, bytes.byteOffset, n * d);
const [begin, before] = [performance.now(), process.cpuUsage()];
const places = await layouts[who]!(vectors);
const seconds = (performance.now() - begin) / 1000;
const cpu = process.cpuUsage(before);
const peak = process.resourceUsage().maxRSS * 1024;
writeFileSync(to!, Float32Array.from(places));
console.log(JSON.stringify({ seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6, bytes: peak }));
