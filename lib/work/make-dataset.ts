import { seededShare } from "#lib/math/stratified-sample.ts";
import { chooseSplit, type Dataset, type Example, mostExamples, type Split } from "#lib/model/dataset.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Selection } from "#lib/model/selection.ts";
import type { Datasets, NewDatasetVersion } from "#lib/ports/datasets.ts";
import { countSelection, type OpenSelection, requireSome, type SelectionDoors, withSelection } from "./selection.ts";

/** Characters of all inputs and expected outputs of a version. */
const mostCharacters = 100_000_000;

type DatasetDoors = SelectionDoors & { readonly datasets: Datasets };

/** What a dataset is to be. */
export interface DatasetWish {
  readonly title: string;
  readonly selection: Selection;
  readonly splits: readonly Split[];
  readonly seed: number;
  /** Takes what the agents answered as what they should answer. */
  readonly keepsAnswers: boolean;
}

/** Makes a dataset of every selected trace. @throws Fault `limit` beyond 100,000 traces */
export function makeDataset(doors: DatasetDoors, scope: Scope, wish: DatasetWish): Promise<Dataset> {
  return withSelection(doors, scope, wish.selection, async (open) =>
    doors.datasets.create(scope, wish.title, await readVersion(open, wish))
  );
}

/**
 * Asks a dataset's question again and keeps what it finds now as the next version. A trace stays in the split it
 * was in, because its split hangs on the seed and its id alone.
 *
 * @throws Fault `missing` where the map is gone, `conflict` when someone else did the same meanwhile
 */
export async function renewDataset(doors: DatasetDoors, scope: Scope, datasetId: string): Promise<Dataset> {
  const { versions } = await doors.datasets.find(scope, datasetId);
  const [newest] = versions;
  if (!newest) throw new Fault("missing", "the dataset has no version to begin from");
  const selection = await moveToNow(doors, scope, newest.origin.selection);
  return withSelection(doors, scope, selection, async (open) =>
    doors.datasets.addVersion(scope, datasetId, newest.version, await readVersion(open, newest))
  );
}

/** A lasso on the map as it is now: a later version lies nearly as the one that it was drawn on. */
async function moveToNow(doors: SelectionDoors, scope: Scope, selection: Selection): Promise<Selection> {
  if (selection.kind !== "lasso") return selection;
  const { version } = await doors.keptMaps.find(scope, selection.mapId);
  return { ...selection, version: version.version };
}

async function readVersion(
  open: OpenSelection,
  { splits, seed, keepsAnswers }: Pick<DatasetWish, "splits" | "seed" | "keepsAnswers">
): Promise<NewDatasetVersion> {
  requireSome((await countSelection(open)).traces, mostExamples, "a dataset has");
  const examples: Example[] = [];
  let characters = 0;
  for await (const rows of open.kernel.stream(open.traces, open.values)) {
    for (const row of rows) {
      const traceId = String(row["trace_id"]);
      const input = String(row["input"] ?? "");
      const expected = keepsAnswers && row["output"] !== null ? String(row["output"]) : null;
      characters += input.length + (expected?.length ?? 0);
      const split = chooseSplit(splits, seededShare(seed, traceId));
      examples.push({ traceId, businessUnit: String(row["business_unit"]), input, expected, split });
    }
    if (characters > mostCharacters) {
      throw new Fault(
        "limit",
        `the texts of the selected traces are longer than ${mostCharacters / 1e6} million characters`,
        {
          hint: "Pick fewer traces."
        }
      );
    }
  }
  return { origin: open.origin, splits, seed, keepsAnswers, examples };
}
