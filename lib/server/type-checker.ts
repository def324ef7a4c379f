// The thread that checks a scorer's types.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type TypeScript from "typescript";
import { allowedPackages } from "#lib/scoring/allowed-packages.ts";
import { readPackageTypes } from "./scorer-packages.ts";

const { contractPath } = workerData as { readonly contractPath: string };
const require = createRequire(import.meta.url);
// Required, not imported: to import it, the runtime would first parse all nine megabytes to learn which kind of module it is.
const ts = require("typescript") as typeof TypeScript;
const libraries = dirname(require.resolve("typescript"));
const scorerPath = "/scorer.ts";
const declarationsPath = "/tracebook.d.ts";
const consolePath = "/console.d.ts";

const options: TypeScript.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2022.d.ts"],
  types: [],
  skipLibCheck: true
};

let version = 0;
let source = "";
const declarations: Readonly<Record<string, string>> = {
  [declarationsPath]: readFileSync(contractPath, "utf8"),
  [consolePath]:
    "declare const console: { log(...values: unknown[]): void; warn(...values: unknown[]): void; error(...values: unknown[]): void };"
};
const libraryTexts = new Map<string, string | undefined>();

function readLibrary(path: string): string | undefined {
  if (!libraryTexts.has(path))
    libraryTexts.set(path, path.startsWith(libraries) ? ts.sys.readFile(path) : readPackageFile(path));
  return libraryTexts.get(path);
}

/** A declaration of a package that scorers may import; a package is read when the first scorer names it. */
function readPackageFile(path: string): string | undefined {
  const [, file, name] = /^\/node_modules\/((.+?)\/.*\.d\.ts)$/.exec(path) ?? [];
  const known = allowedPackages.find((candidate) => candidate === name);
  return known && readPackageTypes(known)[file!];
}

const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => [scorerPath, declarationsPath, consolePath],
  getScriptVersion: (path) => (path === scorerPath ? String(version) : "1"),
  getScriptSnapshot(path) {
    const text = path === scorerPath ? source : (declarations[path] ?? readLibrary(path));
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => "/",
  getDefaultLibFileName: () => join(libraries, "lib.es2022.d.ts"),
  fileExists: (path) => path === scorerPath || path in declarations || readLibrary(path) !== undefined,
  readFile: (path) => (path === scorerPath ? source : (declarations[path] ?? readLibrary(path)))
});

parentPort!.on("message", (text: string) => {
  source = text;
  version += 1;
  const found = [...service.getSyntacticDiagnostics(scorerPath), ...service.getSemanticDiagnostics(scorerPath)].map(
    (diagnostic) => {
      const place = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0) ?? { line: 0, character: 0 };
      return {
        message: ts.flattenDiagnosticMessageText(diagnostic.messageText, " "),
        position: { line: place.line + 1, column: place.character + 1 }
      };
    }
  );
  parentPort!.postMessage(found);
});
// What all texts share is read before the first.
service.getSemanticDiagnostics(scorerPath);
parentPort!.postMessage("ready");
