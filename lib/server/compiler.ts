import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type BuildFailure, build, type Plugin, stop } from "esbuild";
import { Fault } from "#lib/model/fault.ts";
import type { Json } from "#lib/model/span.ts";
import type { CompiledScorer, Compiler } from "#lib/ports/compiler.ts";
import { type AllowedPackage, isAllowedPackage, sayImports } from "#lib/scoring/allowed-packages.ts";
import { canonicalJson } from "#lib/scoring/json-value.ts";
import { formatPackage } from "./scorer-packages.ts";
import { TypeChecks } from "./type-checks.ts";

const contractPath = fileURLToPath(new URL("../scoring/contract.d.ts", import.meta.url));
const optionsPath = fileURLToPath(new URL("../scoring/scorer-options.ts", import.meta.url));
const serverFolder = fileURLToPath(new URL(".", import.meta.url));
const runtimePath = fileURLToPath(new URL("../scoring/runtime.ts", import.meta.url));

/** What the runtime hands on from beside it, and the words around the questions of scorers that ask. */
const scorerFiles = [
  "schema-faults.ts",
  "json-value.ts",
  "figures.ts",
  "scorer-text.ts",
  "scorer-question.ts",
  "data-block.ts"
];

type Options = { readonly [name: string]: Json };

/** A scorer with its options is no longer, in characters: what nests deeper than memory reaches ends the bundler for everybody. */
const mostSource = 200_000;

/** The scorer contract as TypeScript declarations, for the editor and the documentation. */
export function readContract(): Promise<string> {
  return readFile(contractPath, "utf8");
}

/** The module around a scorer's own, which hands it its options. */
const wrapper = (options: Options) => `import * as cell from "scorer.ts";
import { withOptions } from "options";
export default withOptions(cell.default, ${JSON.stringify(options)});`;

/** What the errors about an import begin with. */
const cannotImport = "a scorer can import";

/** A marker of imports that lie within a package. */
const inPackage = { inPackage: true };

/**
 * Lets a scorer import "tracebook" and the packages that are allowed, and nothing else.
 *
 * @param used  gets the packages that it imports
 */
const onlyAllowed = (source: string, used: Set<AllowedPackage>): Plugin => ({
  name: "only-allowed",
  setup(setup) {
    setup.onResolve({ filter: /.*/ }, ({ path, kind, importer, namespace, pluginData }) => {
      if (kind === "entry-point") return { path, namespace: "scorer" };
      if (importer.endsWith("wrapper.js"))
        return path === "options" ? { path: optionsPath } : { path: "scorer.ts", namespace: "scorer" };
      // The runtime's own files and those of packages import each other.
      if (pluginData === inPackage || namespace !== "scorer") return leaveOut(path, importer);
      if (kind === "dynamic-import")
        return { errors: [{ text: `${cannotImport} at its top alone, not "${path}" while it runs` }] };
      if (kind !== "import-statement")
        return { errors: [{ text: `${cannotImport} by import alone, not "${path}" by require` }] };
      if (path === "tracebook") return { path: runtimePath };
      if (!isAllowedPackage(path)) return { errors: [{ text: `${cannotImport} ${sayImports()}, not "${path}"` }] };
      used.add(path);
      return setup.resolve(path, { kind, resolveDir: serverFolder, pluginData: inPackage });
    });
    setup.onLoad({ filter: /^scorer\.ts$/, namespace: "scorer" }, () => ({
      contents: source,
      loader: "ts",
      resolveDir: "/"
    }));
    setup.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: "export default undefined;" }));
  }
});

/** Half of zod are its sentences in fifty languages; English is enough for a scorer. */
function leaveOut(path: string, importer: string) {
  if (!/[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/.test(importer) || path === "./en.js") return undefined;
  return { path, namespace: "left-out", sideEffects: false };
}

/** Opens the compiler: esbuild makes the module, TypeScript in a thread of its own checks the types. */
export async function openCompiler(): Promise<Compiler> {
  const runtimeText = await readScorerRuntime();
  const checks = new TypeChecks(contractPath);
  return {
    async compile(source, options = {}): Promise<CompiledScorer> {
      const module = wrapper(options);
      requireShort(source.length + module.length);
      const hash = createHash("sha256").update(source).update("\0").update(runtimeText);
      if (Object.keys(options).length > 0) hash.update("\0").update(canonicalJson(options));
      const used = new Set<AllowedPackage>();
      try {
        const result = await build({
          stdin: { contents: module, loader: "js", sourcefile: "wrapper.js", resolveDir: "/" },
          bundle: true,
          write: false,
          format: "esm",
          platform: "neutral",
          mainFields: ["module", "main"],
          target: "es2024",
          // Packages make a module long, and it crosses into the sandbox whole.
          minifyWhitespace: true,
          legalComments: "none",
          logLevel: "silent",
          plugins: [onlyAllowed(source, used)]
        });
        for (const name of [...used].sort()) hash.update("\0").update(formatPackage(name));
        return { version: hash.digest("hex").slice(0, 12), code: result.outputFiles[0]!.text };
      } catch (error) {
        throw await compileFault(error);
      }
    },
    async diagnose(source) {
      requireShort(source.length);
      return checks.check(source);
    },
    close: () => checks.close()
  };
}

/** All that scorers can be given: a change of it is a change of every scorer. */
export async function readScorerRuntime(): Promise<string> {
  const texts = ["runtime.ts", "scorer-options.ts", ...scorerFiles].map((file) =>
    readFile(fileURLToPath(new URL(`../scoring/${file}`, import.meta.url)), "utf8")
  );
  return (await Promise.all(texts)).join("");
}

function requireShort(length: number): void {
  if (length <= mostSource) return;
  throw new Fault("limit", `a scorer with its options has at most ${mostSource} characters, and this has ${length}`, {
    hint: "Split it into scorers of their own, or move its data into a table."
  });
}

async function compileFault(error: unknown): Promise<Fault> {
  const { errors } = error as Partial<BuildFailure>;
  if (!errors) {
    // The bundler's process is gone, and it starts no other by itself.
    await stop();
    return new Fault("broken", "the bundler of scorers stopped", { hint: "Try again.", cause: error });
  }
  const [first] = errors;
  if (!first) throw error;
  return new Fault("invalid", first.text, {
    position: first.location ? { line: first.location.line, column: first.location.column + 1 } : undefined,
    hint: first.text.startsWith(cannotImport)
      ? "Import at the top what there is, and write the rest in the cell."
      : undefined,
    cause: error
  });
}
