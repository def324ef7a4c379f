import { Fault, isFault } from "#lib/model/fault.ts";
import type { MaskRules, MaskVersion } from "#lib/model/mask.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { Masks } from "#lib/ports/masks.ts";
import type { People } from "#lib/ports/people.ts";
import { maskText } from "#lib/sql/mask-text.ts";
import type { MasksReply, MasksRequest, MaskTrialRequest } from "#lib/wire/masks.ts";
import { namePeople } from "./name-people.ts";

/** What rules are changed with. */
export interface MaskDoors {
  readonly lake: Pick<Lake, "openKernel">;
  readonly masks: Masks;
}

/** Every version of what a unit hides, and who set it. @throws Fault `missing` for another's unit */
export async function listMasks(
  { masks, people }: { readonly masks: Masks; readonly people: Pick<People, "namesOf"> },
  scope: Scope,
  unit: string
): Promise<MasksReply> {
  const versions = await masks.list(scope, unit);
  const names = await namePeople(
    people,
    versions.map(({ userId }) => userId)
  );
  return { versions, names };
}

/** Longest time that a trial takes. */
const trialMs = 5000;

/**
 * Changes what a unit hides; it holds from the next question on.
 *
 * @throws Fault `invalid` for an expression that the engine does not take or that matches no characters, `missing` for
 * another's unit, `conflict` where they changed meanwhile
 */
export function changeMask(
  { lake, masks }: MaskDoors,
  scope: Scope,
  unit: string,
  { rules, version }: MasksRequest
): Promise<MaskVersion> {
  return withEngine(lake, scope, async (kernel) => {
    await checkExpressions(kernel, rules);
    return masks.add(scope, unit, rules, version);
  });
}

/** What rules would leave of a text, by the same engine that hides. @throws Fault as `changeMask` does */
export function tryMask(
  { lake, masks }: MaskDoors,
  scope: Scope,
  unit: string,
  { rules, text }: MaskTrialRequest
): Promise<string> {
  return withEngine(lake, scope, async (kernel) => {
    // Whose unit it is not may not use the engine for it either.
    await masks.list(scope, unit);
    await checkExpressions(kernel, rules);
    const sql = `select ${maskText(rules, "t")} as shown from (select $text::varchar as t)`;
    const [row] = await kernel.rows(sql, { text }, 1, AbortSignal.timeout(trialMs));
    return String(row?.["shown"] ?? "");
  });
}

/** Texts in which an expression that matches no characters gives itself away. */
const probes = ["", "a 1.", "\n"];

async function checkExpressions(kernel: Kernel, { expressions }: MaskRules): Promise<void> {
  for (const { name, pattern } of expressions) {
    const empty = probes.map(
      (_, at) => `(regexp_matches($p${at}, $pattern) and regexp_extract($p${at}, $pattern) = '')`
    );
    const values = Object.fromEntries(probes.map((probe, at) => [`p${at}`, probe]));
    const [row] = await kernel
      .rows(`select ${empty.join(" or ")} as empty`, { ...values, pattern }, 1)
      .catch((error: unknown) => {
        if (!isFault(error)) throw error;
        throw new Fault("invalid", `the engine does not take the expression "${name}": ${error.message}`, {
          hint: "It takes RE2: no look-ahead, look-behind or back-references.",
          cause: error
        });
      });
    if (row?.["empty"] === true) {
      throw new Fault("invalid", `the expression "${name}" matches where there is nothing`, {
        hint: "Have it match at least one character: + instead of *."
      });
    }
  }
}

/** Work with an engine that sees no trace. */
async function withEngine<T>(
  lake: Pick<Lake, "openKernel">,
  scope: Scope,
  work: (kernel: Kernel) => Promise<T>
): Promise<T> {
  const kernel = await lake.openKernel({ ...scope, businessUnits: [] }, { only: "scores" });
  try {
    return await work(kernel);
  } finally {
    await kernel.close();
  }
}
