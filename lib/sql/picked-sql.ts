import { Fault } from "../model/fault.ts";
import type { Picked } from "../model/selection.ts";
import { polygonCondition } from "./polygon-sql.ts";
import { quoteText } from "./quote.ts";

/**
 * The condition that a point of a map is picked, as a text that stands by itself.
 *
 * @param points  name of a relation with trace_id, x and y
 * @throws Fault `invalid` for corners that are no numbers: they are written into the question
 */
export function pickedCondition(points: string, picked: Picked): string {
  if ("traceIds" in picked) {
    return picked.traceIds.length > 0
      ? `${points}.trace_id in (${picked.traceIds.map(quoteText).join(", ")})`
      : "false";
  }
  const { polygon } = picked;
  if (polygon.length >= 3 && polygon.flat().every(Number.isFinite)) {
    return polygonCondition(`${points}.x`, `${points}.y`, polygon);
  }
  throw new Fault("invalid", "a lasso has at least three corners that are numbers", { hint: "Draw it again." });
}
