import { setImmediate as yieldToLoop } from "node:timers/promises";
import type { Kysely, Transaction } from "kysely";
import type { NewAuditEntry } from "#lib/model/audit.ts";
import { checkSplits, type Dataset, type DatasetVersion, mostExamples } from "#lib/model/dataset.ts";
import { Fault } from "#lib/model/fault.ts";
import { requireUnit, type Scope } from "#lib/model/scope.ts";
import { checkTitle } from "#lib/model/selection.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Datasets, NewDatasetVersion } from "#lib/ports/datasets.ts";
import { digestOf, recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

const mostDatasets = 1000;
const chunkRows = 400;

/** Examples of all datasets that one list gives. */
const mostListed = 1_000_000;

/** Datasets in the state database; versions and examples are only ever added. */
export function openDatasets(db: Kysely<StateTables>, clock: Clock): Datasets {
  const find = async (scope: Scope, datasetId: string): Promise<Dataset> => {
    const [dataset] = await readDatasets(db, scope, datasetId);
    if (dataset) return dataset;
    throw new Fault("missing", `there is no dataset "${datasetId.slice(0, 80)}"`, {
      hint: "It may have been deleted; the page Sets lists those there are."
    });
  };
  return {
    list: (scope) => readDatasets(db, scope),
    find,

    async create(scope, title, version) {
      const kept = checkTitle(title);
      checkVersion(scope, version);
      const datasetId = clock.newId();
      await db.transaction().execute(async (transaction) => {
        const { count } = await transaction
          .selectFrom("datasets")
          .select(({ fn }) => fn.countAll<number>().as("count"))
          .executeTakeFirstOrThrow();
        if (Number(count) >= mostDatasets) {
          throw new Fault("limit", `there are ${mostDatasets} datasets already`, { hint: "Delete some of them." });
        }
        const head = { title: kept, user_id: scope.userId, created_at: clock.nowMs(), version: 1 };
        await transaction
          .insertInto("datasets")
          .values({ dataset_id: datasetId, ...head })
          .execute();
        await insertVersion(transaction, scope, clock, datasetId, 1, version);
        await recordIn(transaction, scope, entryOf("dataset.create", datasetId, 1, kept, version), clock);
      });
      return find(scope, datasetId);
    },

    async addVersion(scope, datasetId, baseVersion, version) {
      const { title } = await find(scope, datasetId);
      checkVersion(scope, version);
      await db.transaction().execute(async (transaction) => {
        const moved = await transaction
          .updateTable("datasets")
          .set({ version: baseVersion + 1 })
          .where("dataset_id", "=", datasetId)
          .where("version", "=", baseVersion)
          .returning("dataset_id")
          .executeTakeFirst();
        if (!moved) {
          throw new Fault("conflict", "the dataset got another version meanwhile", {
            hint: "Look at it, and add yours after it if it is still needed."
          });
        }
        const number = baseVersion + 1;
        await insertVersion(transaction, scope, clock, datasetId, number, version);
        await recordIn(transaction, scope, entryOf("dataset.extend", datasetId, number, title, version), clock);
      });
      return find(scope, datasetId);
    },

    async listExamples(scope, datasetId, version, { offset, limit }) {
      const { versions } = await find(scope, datasetId);
      if (!versions.some((known) => known.version === version)) {
        throw new Fault("missing", `the dataset has no version ${version}`);
      }
      const rows = await db
        .selectFrom("dataset_examples")
        .selectAll()
        .where("dataset_id", "=", datasetId)
        .where("version", "=", version)
        .where("business_unit", "in", scope.businessUnits)
        .orderBy("trace_id")
        .orderBy("business_unit")
        .limit(limit)
        .offset(offset)
        .execute();
      return rows.map(({ trace_id, business_unit, input, expected, split }) => ({
        traceId: trace_id,
        businessUnit: business_unit,
        input,
        expected,
        split
      }));
    },

    async listAll(scope) {
      if (scope.businessUnits.length === 0) return [];
      const rows = await db
        .selectFrom("dataset_examples as e")
        .innerJoin("datasets as d", "d.dataset_id", "e.dataset_id")
        .select(["e.dataset_id", "d.title", "e.version", "e.trace_id", "e.business_unit", "e.expected", "e.split"])
        .select("d.version as newest")
        .where("e.business_unit", "in", scope.businessUnits)
        .orderBy("d.created_at", "desc")
        .orderBy("e.dataset_id")
        .orderBy("e.version", "desc")
        .orderBy("e.trace_id")
        .limit(mostListed)
        .execute();
      return rows.map((row) => ({
        datasetId: row.dataset_id,
        title: row.title,
        version: row.version,
        isNewest: row.version === row.newest,
        traceId: row.trace_id,
        businessUnit: row.business_unit,
        expected: row.expected,
        split: row.split
      }));
    },

    async remove(scope, datasetId) {
      const { title, businessUnits } = await find(scope, datasetId);
      const foreign = await db
        .selectFrom("dataset_counts")
        .select("split")
        .where("dataset_id", "=", datasetId)
        .where("business_unit", "not in", scope.businessUnits)
        .executeTakeFirst();
      if (foreign) throw new Fault("denied", `the dataset "${title}" is not yours alone to delete`);
      await db.transaction().execute(async (transaction) => {
        for (const table of ["dataset_examples", "dataset_counts", "dataset_versions", "datasets"] as const) {
          await transaction.deleteFrom(table).where("dataset_id", "=", datasetId).execute();
        }
        const object = { kind: "dataset", id: datasetId };
        await recordIn(transaction, scope, { action: "dataset.remove", object, units: businessUnits, title }, clock);
      });
    }
  };
}

function checkVersion(scope: Scope, { examples, splits }: NewDatasetVersion): void {
  const names = new Set(checkSplits(splits).map(({ name }) => name));
  if (examples.length === 0) {
    throw new Fault("invalid", "a dataset needs at least one example", { hint: "Pick some traces first." });
  }
  if (examples.length > mostExamples) {
    const most = mostExamples.toLocaleString("en-US");
    throw new Fault("limit", `a dataset has ${most} examples at most, not ${examples.length.toLocaleString("en-US")}`, {
      hint: "Pick fewer traces."
    });
  }
  for (const unit of new Set(examples.map(({ businessUnit }) => businessUnit))) requireUnit(scope, unit);
  const odd = examples.find(({ split }) => !names.has(split));
  if (odd) throw new Fault("invalid", `an example is in the split "${odd.split}", which the dataset does not have`);
}

function entryOf(
  action: "dataset.create" | "dataset.extend",
  datasetId: string,
  version: number,
  title: string,
  { examples, seed, keepsAnswers }: NewDatasetVersion
): NewAuditEntry {
  return {
    action,
    object: { kind: "dataset", id: datasetId, version },
    units: examples.map(({ businessUnit }) => businessUnit),
    title,
    facts: { examples: examples.length, seed, keeps_answers: keepsAnswers },
    after: digestOf(examples.map(({ traceId, expected }) => [traceId, expected]))
  };
}

async function insertVersion(
  db: Transaction<StateTables>,
  scope: Scope,
  clock: Clock,
  datasetId: string,
  number: number,
  { examples, origin, seed, splits, keepsAnswers }: NewDatasetVersion
): Promise<void> {
  const key = { dataset_id: datasetId, version: number };
  const body = JSON.stringify({ origin, seed, keepsAnswers, splits: checkSplits(splits) } satisfies VersionBody);
  await db
    .insertInto("dataset_versions")
    .values({ ...key, user_id: scope.userId, made_at: clock.nowMs(), body })
    .execute();
  const counts = new Map<string, { business_unit: string; split: string; examples: number }>();
  for (const { businessUnit, split } of examples) {
    const part = JSON.stringify([businessUnit, split]);
    const count = counts.get(part) ?? { business_unit: businessUnit, split, examples: 0 };
    counts.set(part, { ...count, examples: count.examples + 1 });
  }
  for (const count of counts.values()) {
    await db
      .insertInto("dataset_counts")
      .values({ ...key, ...count })
      .execute();
  }
  for (let start = 0; start < examples.length; start += chunkRows) {
    const rows = examples.slice(start, start + chunkRows).map(({ traceId, businessUnit, input, expected, split }) => ({
      ...key,
      trace_id: traceId,
      business_unit: businessUnit,
      input,
      expected,
      split
    }));
    await db.insertInto("dataset_examples").values(rows).execute();
    // SQLite works on this thread: pages get their turn in between.
    await yieldToLoop();
  }
}

type VersionBody = Pick<DatasetVersion, "origin" | "seed" | "splits" | "keepsAnswers">;

async function readDatasets(db: Kysely<StateTables>, scope: Scope, datasetId?: string): Promise<readonly Dataset[]> {
  if (scope.businessUnits.length === 0) return [];
  let seen = db.selectFrom("dataset_counts").selectAll().where("business_unit", "in", scope.businessUnits);
  if (datasetId !== undefined) seen = seen.where("dataset_id", "=", datasetId);
  const counts = await seen.execute();
  const ids = [...new Set(counts.map(({ dataset_id }) => dataset_id))];
  if (ids.length === 0) return [];
  const [heads, versions] = await Promise.all([
    db
      .selectFrom("datasets")
      .selectAll()
      .where("dataset_id", "in", ids)
      .orderBy("created_at", "desc")
      .orderBy("dataset_id", "desc")
      .execute(),
    db.selectFrom("dataset_versions").selectAll().where("dataset_id", "in", ids).orderBy("version", "desc").execute()
  ]);
  return heads.map((head) => {
    const own = counts.filter(({ dataset_id }) => dataset_id === head.dataset_id);
    return {
      datasetId: head.dataset_id,
      title: head.title,
      businessUnits: [...new Set(own.map(({ business_unit }) => business_unit))].sort(),
      userId: head.user_id,
      createdAtMs: Number(head.created_at),
      versions: versions.flatMap((row): DatasetVersion[] => {
        const parts = own.filter(({ version }) => version === row.version);
        if (row.dataset_id !== head.dataset_id || parts.length === 0) return [];
        const body = JSON.parse(row.body) as VersionBody;
        const examplesOf = (name: string) =>
          parts.filter(({ split }) => split === name).reduce((sum, { examples }) => sum + examples, 0);
        const bySplit = Object.fromEntries(body.splits.map(({ name }) => [name, examplesOf(name)]));
        return [
          {
            version: row.version,
            madeAtMs: Number(row.made_at),
            userId: row.user_id,
            ...body,
            examples: parts.reduce((sum, { examples }) => sum + examples, 0),
            bySplit
          }
        ];
      })
    };
  });
}
