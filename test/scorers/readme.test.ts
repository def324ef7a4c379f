import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openDoors } from "../server/sandbox/scoring.ts";

const root = new URL("../../", import.meta.url);
const doors = openDoors();

interface Line {
  readonly name: string;
  readonly what: string;
  readonly options: readonly string[];
  readonly expects: boolean;
}

/** A scorer as its file says it: the first sentence of its comment and the options that it declares. */
async function readLine(file: string): Promise<Line> {
  const source = await readFile(new URL(`scorers/${file}`, root), "utf8");
  const comment = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(source)?.[1]?.replaceAll(/^ \* ?/gm, "") ?? "";
  const { code } = await doors.compiler.compile(source);
  const loaded = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    readonly default: { readonly options?: object };
  };
  return {
    name: file.replace(".ts", ""),
    what: /^[\s\S]*?[.](?=\s|$)/.exec(comment)?.[0].replaceAll("\n", " ") ?? "",
    options: Object.keys(loaded.default.options ?? {}),
    expects: source.includes("trace.expected")
  };
}

test("the table of scorers in the README says what the files say", async () => {
  const files = (await readdir(new URL("scorers/", root))).filter((file) => file.endsWith(".ts")).sort();
  const lines = await Promise.all(files.map(readLine));
  const table = [
    "| scorer | what it says | options |",
    "|---|---|---|",
    ...lines.map(({ name, what, options, expects }) => {
      const set = [...(expects ? ["`expected`"] : []), ...options.map((option) => `\`${option}\``)].join(" ");
      return `| \`${name}\` | ${what.replace(/\.$/, "")} | ${set} |`;
    })
  ].join("\n");
  expect(lines.map(({ what }) => what)).not.toContain("");
  expect(await readFile(new URL("README.md", root), "utf8")).toContain(table);
});
