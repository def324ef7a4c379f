import type { Json } from "../model/span.ts";
import type { TraceFormat } from "./imported-trace.ts";
import type { FoundValue } from "./json-scanner.ts";
import { findObject } from "./json-value.ts";

/**
 * The format that a value of a file gives away, by content and not by name.
 *
 * @param found  where the value stands
 * @param value  the value, parsed
 * @returns undefined where it says nothing; later values may
 */
export function detectFormat(found: Pick<FoundValue, "place" | "key">, value: Json): TraceFormat | undefined {
  const object = findObject(value);
  if (found.place === "list") {
    if (!object) return undefined;
    if ("traj" in object) return "tau-bench";
    if ("resourceSpans" in object || "resourceLogs" in object) return "otlp";
    if ("messages" in object && ("task_id" in object || "reward_info" in object)) return "tau2";
    return undefined;
  }
  if (found.place !== "member") return undefined;
  if (found.key === "resourceSpans" || found.key === "resourceLogs") return "otlp";
  if (found.key === "simulations") return "tau2";
  if (found.key === "traj") return "tau-bench";
  return undefined;
}
