import type { Workbook } from "#lib/model/cell.ts";
import type { Kernel } from "#lib/ports/kernel.ts";

/** Values at most in one list of choices. */
const maxChoices = 1000;

const columnOf = {
  agents: "select distinct agent as value from traces where agent is not null",
  models: "select distinct unnest(models) as value from traces",
  business_units: "select distinct business_unit as value from traces"
} as const;

/** Values that each choice of a workbook offers: its options, or `all` and what the lake holds. */
export async function listChoices(
  kernel: Kernel,
  workbook: Workbook
): Promise<Readonly<Record<string, readonly string[]>>> {
  const choices: Record<string, readonly string[]> = {};
  for (const [name, spec] of Object.entries(workbook.params)) {
    if (spec.type !== "choice") continue;
    if (spec.options) choices[name] = spec.options;
    else if (spec.from) {
      const sql = `select value from (${columnOf[spec.from]}) where value is not null order by value`;
      const rows = await kernel.rows(sql, {}, maxChoices);
      choices[name] = ["all", ...rows.map((row) => String(row["value"]))];
    }
  }
  return choices;
}
