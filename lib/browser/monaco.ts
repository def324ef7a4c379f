import type * as Monaco from "monaco-editor";
import { isAllowedPackage } from "#lib/scoring/allowed-packages.ts";
import type { SchemaReply } from "#lib/wire/home.ts";
import { isDark, watchTheme } from "./theme.ts";

/** What completion knows beside the views: tables that other cells make. */
export interface KnownTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Declarations of a package that scorers may import, by path. */
export type ReadTypes = (name: string) => Promise<Readonly<Record<string, string>>>;

let loading: Promise<typeof Monaco> | null = null;
let schema: SchemaReply = { views: [], functions: [] };
let tables: readonly KnownTable[] = [];

/** Tells completion which tables the cells of the open workbook make. */
export function setKnownTables(known: readonly KnownTable[]): void {
  tables = known;
}

/**
 * Loads the editor once per page: languages, workers served by the app itself, completion, the scorer contract.
 *
 * @param contract   TypeScript declarations of the module "tracebook"
 * @param readTypes  called once for each package, when the first scorer imports it
 */
export function loadMonaco(known: SchemaReply, contract: string, readTypes: ReadTypes): Promise<typeof Monaco> {
  schema = known;
  loading ??= setUp(contract, readTypes);
  return loading;
}

async function setUp(contract: string, readTypes: ReadTypes): Promise<typeof Monaco> {
  const compilers = new Map(["typescript", "javascript"].map((label) => [label, Promise.withResolvers<void>()]));
  window.MonacoEnvironment = {
    async getWorker(_id: string, label: string) {
      const compiler = compilers.get(label);
      if (!compiler) {
        return new Worker(new URL("monaco-editor/editor/editor.worker.js", import.meta.url), { type: "module" });
      }
      await compiler.promise;
      return new Worker(new URL("monaco-editor/language/typescript/ts.worker.js", import.meta.url), { type: "module" });
    }
  };
  const monaco = await import("monaco-editor");
  // Each compiler takes over a second of the processor, which who only reads a workbook need not spend.
  monaco.editor.onDidCreateEditor((editor) => {
    const start = () => compilers.get(editor.getModel()?.getLanguageId() ?? "")?.resolve();
    editor.onDidFocusEditorText(start);
    editor.onDidChangeModelContent(start);
  });
  const { typescript } = monaco;
  const options = {
    strict: true,
    noEmit: true,
    target: typescript.ScriptTarget.ESNext,
    module: typescript.ModuleKind.ESNext,
    moduleResolution: typescript.ModuleResolutionKind.NodeJs,
    lib: ["es2022"],
    allowNonTsExtensions: true
  };
  typescript.typescriptDefaults.setCompilerOptions(options);
  typescript.typescriptDefaults.addExtraLib(contract, "file:///tracebook.d.ts");
  typescript.typescriptDefaults.setEagerModelSync(true);
  followImports(monaco, readTypes);
  // Chart code is JavaScript with names that only its frame knows, so it is not checked.
  typescript.javascriptDefaults.setDiagnosticsOptions({ noSemanticValidation: true });
  monaco.languages.registerCompletionItemProvider("sql", {
    triggerCharacters: [".", " "],
    provideCompletionItems: (model, position) => completeSql(monaco, model, position)
  });
  // The grounds are the `--ground` tokens of app/style.css. Monaco paints SQL texts pure red on both, which
  // reads as an error and is too dark to read on the dark one.
  for (const [name, base, ground, textColour] of [
    ["tracebook-light", "vs", "#ffffff", "14703f"],
    ["tracebook-dark", "vs-dark", "#14161b", "8fd6a8"]
  ] as const) {
    monaco.editor.defineTheme(name, {
      base,
      inherit: true,
      rules: ["string", "string.sql", "string.yaml"].map((token) => ({ token, foreground: textColour })),
      colors: { "editor.background": ground }
    });
  }
  const paint = (dark: boolean) => monaco.editor.setTheme(dark ? "tracebook-dark" : "tracebook-light");
  paint(isDark());
  watchTheme(paint);
  return monaco;
}

/** Packages are large: their declarations come when a text imports one, and stay. */
function followImports({ editor, typescript }: typeof Monaco, readTypes: ReadTypes): void {
  const asked = new Set<string>();
  const look = (text: string) => {
    for (const [, name] of text.matchAll(/\bfrom\s*["']([a-z-]+)["']/g)) {
      if (!isAllowedPackage(name!) || asked.has(name)) continue;
      asked.add(name);
      readTypes(name).then(
        (files) => {
          for (const [path, text] of Object.entries(files))
            typescript.typescriptDefaults.addExtraLib(text, `file:///node_modules/${path}`);
        },
        // Without them the editor marks the import as unknown; the next keystroke asks again.
        () => asked.delete(name)
      );
    }
  };
  editor.onDidCreateModel((model) => {
    if (model.getLanguageId() !== "typescript") return;
    look(model.getValue());
    model.onDidChangeContent(() => look(model.getValue()));
  });
}

function completeSql(
  monaco: typeof Monaco,
  model: Monaco.editor.ITextModel,
  position: Monaco.Position
): Monaco.languages.CompletionList {
  const word = model.getWordUntilPosition(position);
  const range = {
    startLineNumber: position.lineNumber,
    endLineNumber: position.lineNumber,
    startColumn: word.startColumn,
    endColumn: word.endColumn
  };
  const { CompletionItemKind: kind } = monaco.languages;
  const text = model.getValue().toLowerCase();
  const names = schema.views.map(({ name, about }) => ({
    label: name,
    insertText: name,
    kind: kind.Struct,
    detail: about,
    range
  }));
  const cells = tables.map(({ name }) => ({
    label: name,
    insertText: name,
    kind: kind.Variable,
    detail: "a cell of this workbook",
    range
  }));
  const functions = schema.functions.map(({ name, call, about }) => ({
    label: call,
    insertText: name,
    kind: kind.Function,
    detail: about,
    range
  }));
  const viewColumns = schema.views
    .filter(({ name }) => text.includes(name))
    .flatMap((view) =>
      view.columns.map((column) => ({
        label: column.name,
        insertText: column.name,
        kind: kind.Field,
        detail: `${column.type}${column.unit ? `, ${column.unit}` : ""} · ${view.name}`,
        documentation: column.about,
        range
      }))
    );
  const cellColumns = tables
    .filter(({ name }) => text.includes(name.toLowerCase()))
    .flatMap((table) =>
      table.columns.map((column) => ({
        label: column,
        insertText: column,
        kind: kind.Field,
        detail: table.name,
        range
      }))
    );
  const words = [
    "select",
    "from",
    "where",
    "group by",
    "order by",
    "limit",
    "join",
    "using",
    "with",
    "count(*)",
    "avg",
    "date_trunc",
    "filter"
  ].map((label) => ({ label, insertText: label, kind: kind.Keyword, range }));
  return { suggestions: [...cells, ...names, ...cellColumns, ...viewColumns, ...functions, ...words] };
}
