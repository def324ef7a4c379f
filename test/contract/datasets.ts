import { expect, test } from "vitest";
import { type Example, mostExamples } from "#lib/model/dataset.ts";
import type { Origin } from "#lib/model/selection.ts";
import type { Datasets, NewDatasetVersion } from "#lib/ports/datasets.ts";

const scope = { userId: "owner", roles: ["scientist"], businessUnits: ["sales", "support"] } as const;
const salesOnly = { userId: "guest", roles: ["viewer"], businessUnits: ["sales"] } as const;
const legalOnly = { userId: "lawyer", roles: ["expert"], businessUnits: ["legal"] } as const;
const nobody = { userId: "new", roles: ["viewer"], businessUnits: [] } as const;

const origin: Origin = {
  selection: { kind: "area", mapId: "m1", area: "Refunds" },
  mapVersion: 2,
  sql: "select trace_id from areas",
  snapshotId: 9
};

const example = (traceId: string, businessUnit: string, split = "train"): Example => ({
  traceId,
  businessUnit,
  input: `question "${traceId}"\nwith 'quotes' 😀`,
  expected: traceId === "t1" ? "yes" : null,
  split
});

const version = (examples: readonly Example[]): NewDatasetVersion => ({
  origin,
  seed: 7,
  keepsAnswers: true,
  splits: [
    { name: "train", share: 0.75 },
    { name: "test", share: 0.25 }
  ],
  examples
});

/** What every database keeps of datasets. @param open  the door, once the tests run */
export function datasetsContract(open: () => Datasets): void {
  test("a dataset shows each reader the examples of own units, and counts those alone", async () => {
    const datasets = open();
    const all = [example("t2", "sales"), example("t1", "sales", "test"), example("t3", "support")];
    const made = await datasets.create(scope, " Refunds ", version(all));
    expect(made).toMatchObject({ title: "Refunds", businessUnits: ["sales", "support"], userId: "owner" });
    expect(made.versions).toMatchObject([
      { version: 1, origin, seed: 7, keepsAnswers: true, examples: 3, bySplit: { train: 2, test: 1 }, userId: "owner" }
    ]);
    expect(await datasets.listExamples(scope, made.datasetId, 1, { offset: 0, limit: 10 })).toEqual([
      all[1],
      all[0],
      all[2]
    ]);
    expect(await datasets.listExamples(scope, made.datasetId, 1, { offset: 1, limit: 1 })).toEqual([all[0]]);
    const [seen] = await datasets.list(salesOnly);
    expect(seen).toMatchObject({ businessUnits: ["sales"] });
    expect(seen?.versions).toMatchObject([{ examples: 2, bySplit: { train: 1, test: 1 } }]);
    const own = await datasets.listExamples(salesOnly, made.datasetId, 1, { offset: 0, limit: 10 });
    expect(own.map(({ traceId }) => traceId)).toEqual(["t1", "t2"]);
    expect((await datasets.listAll(salesOnly)).map(({ traceId }) => traceId)).toEqual(["t1", "t2"]);
    for (const stranger of [legalOnly, nobody]) {
      expect(await datasets.list(stranger)).toEqual([]);
      expect(await datasets.listAll(stranger)).toEqual([]);
      await expect(datasets.find(stranger, made.datasetId)).rejects.toMatchObject({ code: "missing" });
      await expect(datasets.remove(stranger, made.datasetId)).rejects.toMatchObject({ code: "missing" });
    }
    await expect(datasets.remove(salesOnly, made.datasetId)).rejects.toMatchObject({ code: "denied" });
    await datasets.remove(scope, made.datasetId);
    await expect(datasets.find(scope, made.datasetId)).rejects.toMatchObject({ code: "missing" });
    expect(await datasets.listAll(scope)).toEqual([]);
  });

  test("versions are added and never changed, and of two at once one is refused", async () => {
    const datasets = open();
    const { datasetId } = await datasets.create(scope, "Growing", version([example("t1", "sales")]));
    const more = version([example("t1", "sales"), example("t2", "sales", "test")]);
    const tries = await Promise.allSettled([
      datasets.addVersion(salesOnly, datasetId, 1, more),
      datasets.addVersion(scope, datasetId, 1, more)
    ]);
    expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const { versions } = await datasets.find(scope, datasetId);
    expect(versions.map(({ version: number, examples }) => [number, examples])).toEqual([
      [2, 2],
      [1, 1]
    ]);
    expect(await datasets.listExamples(scope, datasetId, 1, { offset: 0, limit: 10 })).toHaveLength(1);
    const known = await datasets.listAll(scope);
    expect(known.map(({ version: number, isNewest, traceId }) => [number, isNewest, traceId])).toEqual([
      [2, true, "t1"],
      [2, true, "t2"],
      [1, false, "t1"]
    ]);
    await expect(datasets.listExamples(scope, datasetId, 3, { offset: 0, limit: 1 })).rejects.toMatchObject({
      code: "missing"
    });
    await datasets.remove(scope, datasetId);
  });

  test("what is no dataset is refused with a sentence, and nothing of it stays", async () => {
    const datasets = open();
    const one = [example("t1", "sales")];
    await expect(datasets.create(scope, " ", version(one))).rejects.toMatchObject({ code: "invalid" });
    await expect(datasets.create(scope, "Empty", version([]))).rejects.toMatchObject({ code: "invalid" });
    await expect(datasets.create(salesOnly, "Foreign", version([example("t3", "support")]))).rejects.toMatchObject({
      code: "denied"
    });
    await expect(datasets.create(scope, "Odd", version([example("t1", "sales", "dev")]))).rejects.toMatchObject({
      code: "invalid"
    });
    const halves = { ...version(one), splits: [{ name: "train", share: 0.5 }] };
    await expect(datasets.create(scope, "Half", halves)).rejects.toMatchObject({ code: "invalid" });
    const many = Array.from({ length: mostExamples + 1 }, () => one[0]!);
    await expect(datasets.create(scope, "Many", version(many))).rejects.toMatchObject({ code: "limit" });
    await expect(datasets.create(scope, "Twice", version([...one, ...one]))).rejects.toThrow();
    expect(await datasets.list(scope)).toEqual([]);
  });
}
