import { Fault } from "./fault.ts";
import type { BusinessUnit } from "./scope.ts";

/** A list of traces that somebody named: its filter, order and columns. */
export interface SavedView {
  readonly viewId: string;
  readonly name: string;
  /** Query string of the list, without the question mark. */
  readonly query: string;
  /** Units of the scope that saved it; seen by those who may see all of them. */
  readonly businessUnits: readonly BusinessUnit[];
  readonly userId: string;
  readonly savedAtMs: number;
}

const nameLimit = 80;
const queryLimit = 8000;

/** A name and a query as they are kept: without space around them. @throws Fault `invalid` */
export function checkSavedView(view: Pick<SavedView, "name" | "query">): Pick<SavedView, "name" | "query"> {
  const name = view.name.trim();
  if (name === "" || name.length > nameLimit) {
    throw new Fault("invalid", `a saved view has a name of 1 to ${nameLimit} characters, not ${name.length}`);
  }
  if (view.query.length > queryLimit) {
    throw new Fault(
      "invalid",
      `the address of a saved view has ${queryLimit} characters at most, not ${view.query.length}`
    );
  }
  return { name, query: view.query };
}
