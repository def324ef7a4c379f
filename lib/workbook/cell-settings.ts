import { Fault } from "#lib/model/fault.ts";
import type { Json } from "#lib/model/span.ts";
import { parseYamlMap, refuseUnknownKeys, type YamlMap } from "./yaml-map.ts";

/** What a score cell says. */
export interface ScoreSettings {
  /** Table of the traces to score; the lake's `traces` when the cell names none. */
  readonly traces: string;
  /** A scorer cell, or a file of `scorers/` without its ending. */
  readonly scorer: string;
  /** What the scorer has to be for; null leaves it to the scorer. */
  readonly target: "trace" | "session" | "span" | null;
  /** Column of the table with what should have come out of each trace; null for none. */
  readonly expected: string | null;
  /** What a scorer that asks a model may spend at most, US dollars; null where the cell says nothing. */
  readonly budgetUsd: number | null;
  /** Values over the scorer's own options. */
  readonly options: { readonly [name: string]: Json };
}

/** What a map cell says. */
export interface MapSettings {
  readonly traces: string;
  /** `input`, `output`, `first_turn`, `conversation`, `tools`, `failure`, or an SQL expression over the table. */
  readonly text: string;
  /** What a model is asked about the conversation of each trace, whose answers are mapped in its place; null for none. */
  readonly facet: string | null;
  /** 2..200. */
  readonly neighbours: number;
  /** Smallest cluster in traces; 0 lets the size decide. */
  readonly minClusterSize: number;
  readonly seed: number | null;
  /** Traces at most; the newest are taken. */
  readonly limit: number;
  /** Where vectors come from: `auto` asks a model where one is configured. */
  readonly vectors: "auto" | "built-in" | "model";
  /** Whether a model writes titles in the place of the clusters' words. */
  readonly titles: boolean;
  /** What answers, vectors and titles of models may cost at most, US dollars; null for no bound, which only vectors go without. */
  readonly budgetUsd: number | null;
}

/** A question of more than this is no question. */
const mostFacetCharacters = 500;

/** Traces at most in one map. */
export const maxMapTraces = 1_000_000;

/** @throws Fault `invalid` with the position in the cell */
export function parseScoreSettings(text: string): ScoreSettings {
  const map = parseYamlMap(text, 1, "the score cell");
  refuseUnknownKeys(map, ["traces", "scorer", "target", "expected", "options", "budget_usd"], [], "a score cell");
  const scorer = textAt(map, "scorer", null);
  const target = map.values["target"] ?? null;
  if (target !== null && target !== "trace" && target !== "session" && target !== "span") {
    throw new Fault("invalid", `a score cell cannot score ${JSON.stringify(target)}`, {
      hint: "Write target: trace, target: session, target: span, or leave it to the scorer.",
      position: map.position("target")
    });
  }
  const expected = (map.values["expected"] ?? null) === null ? null : textAt(map, "expected", null);
  return {
    traces: textAt(map, "traces", "traces"),
    scorer,
    target,
    expected,
    options: optionsAt(map),
    budgetUsd: dollarsAt(map, "budget_usd")
  };
}

function optionsAt(map: YamlMap): ScoreSettings["options"] {
  const value = map.values["options"] ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return value as ScoreSettings["options"];
  throw new Fault("invalid", `"options" is ${JSON.stringify(value)}, not a list of "name: value" lines`, {
    hint: "Write each option on a line of its own below it, two spaces further in.",
    position: map.position("options")
  });
}

/** @throws Fault `invalid` with the position in the cell */
export function parseMapSettings(text: string): MapSettings {
  const map = parseYamlMap(text, 1, "the map cell");
  const known = [
    "traces",
    "text",
    "facet",
    "neighbours",
    "min_cluster_size",
    "seed",
    "limit",
    "vectors",
    "titles",
    "budget_usd"
  ];
  refuseUnknownKeys(map, known, [], "a map cell");
  const seed = map.values["seed"];
  const facet = facetAt(map);
  return {
    traces: textAt(map, "traces", "traces"),
    text: facet === null ? textAt(map, "text", "input") : "conversation",
    facet,
    neighbours: integerAt(map, "neighbours", 15, 2, 200),
    minClusterSize: integerAt(map, "min_cluster_size", 0, 0, 1_000_000),
    seed: seed === undefined || seed === null ? null : integerAt(map, "seed", 0, 0, 2 ** 32 - 1),
    limit: integerAt(map, "limit", maxMapTraces, 1, maxMapTraces),
    vectors: vectorsAt(map),
    titles: titlesAt(map),
    budgetUsd: dollarsAt(map, "budget_usd")
  };
}

/** The text at a key, trimmed; the fallback where there is none. @throws Fault `invalid` with the position in the cell */
export function textAt(map: YamlMap, key: string, fallback: string | null): string {
  const value = map.values[key];
  if (value === undefined || value === null) {
    if (fallback !== null) return fallback;
    throw new Fault("invalid", `the cell says no "${key}"`, {
      hint: `Add a line "${key}: …".`,
      position: map.position(key)
    });
  }
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  throw new Fault("invalid", `"${key}" is no text`, { position: map.position(key) });
}

function facetAt(map: YamlMap): string | null {
  if ((map.values["facet"] ?? null) === null) return null;
  if ((map.values["text"] ?? null) !== null) {
    throw new Fault("invalid", "a map cell says a text and a facet", {
      hint: "Keep one of the two: a facet is asked about the whole conversation.",
      position: map.position("facet")
    });
  }
  const facet = textAt(map, "facet", null);
  if (facet.length <= mostFacetCharacters) return facet;
  throw new Fault("invalid", `"facet" has ${facet.length} characters, more than ${mostFacetCharacters}`, {
    position: map.position("facet")
  });
}

function vectorsAt(map: YamlMap): MapSettings["vectors"] {
  const value = map.values["vectors"] ?? "auto";
  if (value === "auto" || value === "built-in" || value === "model") return value;
  throw new Fault("invalid", `a map has no vectors of ${JSON.stringify(value)}`, {
    hint: "Write vectors: auto, vectors: built-in, or vectors: model.",
    position: map.position("vectors")
  });
}

function titlesAt(map: YamlMap): boolean {
  const value = map.values["titles"] ?? false;
  if (typeof value !== "boolean") {
    throw new Fault("invalid", `"titles" is ${JSON.stringify(value)}, not true or false`, {
      position: map.position("titles")
    });
  }
  if (!value || dollarsAt(map, "budget_usd") !== null) return value;
  throw new Fault("invalid", "titles of clusters need a budget", {
    hint: "Add a line budget_usd: with what they may cost at most; forty titles of a small model cost less than a cent.",
    position: map.position("titles")
  });
}

/** An amount of US dollars at a key; null where there is none. @throws Fault `invalid` with the position in the cell */
export function dollarsAt(map: YamlMap, key: string): number | null {
  const value = map.values[key] ?? null;
  if (value === null || (typeof value === "number" && Number.isFinite(value) && value >= 0)) return value;
  throw new Fault(
    "invalid",
    `"${key}" is ${typeof value === "number" ? value : JSON.stringify(value)}, not an amount of US dollars`,
    {
      position: map.position(key)
    }
  );
}

function integerAt(map: YamlMap, key: string, fallback: number, low: number, high: number): number {
  const value = map.values[key];
  if (value === undefined || value === null) return fallback;
  if (Number.isInteger(value) && (value as number) >= low && (value as number) <= high) return value as number;
  throw new Fault("invalid", `"${key}" is ${JSON.stringify(value)}, not a whole number from ${low} to ${high}`, {
    position: map.position(key)
  });
}
