import { type ParseArgsConfig, parseArgs } from "node:util";
import { Fault } from "#lib/model/fault.ts";

/** Positional words and options of a command. */
export interface Arguments {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/**
 * @param options  option names to their form; `json` is added to all
 * @throws Fault `invalid` naming the argument, with the command's usage as hint
 */
export function parseArguments(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig["options"]>,
  usage: string
): Arguments {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      options: { json: { type: "boolean" }, ...options },
      allowPositionals: true,
      strict: true
    });
    return { words: positionals, options: values as Arguments["options"] };
  } catch (error) {
    throw new Fault("invalid", error instanceof Error ? error.message : String(error), {
      hint: `Usage: ${usage}`,
      cause: error
    });
  }
}

/** The text of an option, or undefined. */
export function textOption(parsed: Arguments, name: string): string | undefined {
  const value = parsed.options[name];
  return typeof value === "string" ? value : undefined;
}

/** The whole number of an option, or the fallback. @throws Fault `invalid` */
export function countOption(parsed: Arguments, name: string, fallback: number): number {
  const value = textOption(parsed, name);
  if (value === undefined) return fallback;
  if (!/^\d{1,12}$/.test(value)) throw new Fault("invalid", `--${name} "${value}" is not a whole number`);
  return Number(value);
}
