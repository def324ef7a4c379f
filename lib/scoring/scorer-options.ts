import type { Json } from "../model/span.ts";

type Fields = { readonly [name: string]: Json };

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A scorer whose `score` gets its options after what it scores: its own values, and over them those that a score cell
 * gives. What declares no options, is given none and asks nothing is left as it is.
 *
 * @throws Error that names the first option that the scorer does not have or that is of another kind
 */
export function withOptions(spec: unknown, given: Fields): unknown {
  if (typeof spec !== "object" || spec === null) return spec;
  const { options: declared, target, score, asks } = spec as Readonly<Record<string, unknown>>;
  const hasNone = declared === undefined && Object.keys(given).length === 0;
  if (typeof score !== "function" || (hasNone && asks === undefined)) return spec;
  const own: Fields = isFields(declared) ? declared : {};
  for (const [name, value] of Object.entries(given)) refuseStrange(own, name, value);
  const options = Object.freeze({ ...own, ...given });
  const subjects = target === "span" ? 2 : 1;
  return {
    ...spec,
    // What a scorer that asks is given besides comes after the options.
    score: (...all: readonly unknown[]) =>
      score.call(spec, ...all.slice(0, subjects), options, ...(asks === undefined ? [] : all.slice(subjects)))
  };
}

function refuseStrange(own: Fields, name: string, value: Json): void {
  if (!Object.hasOwn(own, name)) {
    const names = Object.keys(own);
    throw optionError(`there is no "${name}"; there ${names.length > 0 ? `are ${names.join(", ")}` : "are none"}`);
  }
  const wanted = kindOf(own[name]!);
  // An own value of null says that there is none yet, and leaves open what there may be.
  if (wanted !== "nothing" && kindOf(value) !== wanted)
    throw optionError(
      `"${name}" is ${JSON.stringify(value)}, not ${wanted} as the scorer's ${JSON.stringify(own[name])}`
    );
}

function optionError(message: string): Error {
  const error = new Error(message);
  error.name = "options";
  return error;
}

function kindOf(value: Json): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return { number: "a number", string: "a text", boolean: "true or false" }[typeof value as string] ?? "a mapping";
}
