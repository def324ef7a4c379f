import type { Dataset, DatasetVersion, Example } from "../model/dataset.ts";
import type { Scope } from "../model/scope.ts";

/** What a version of a dataset is made of. */
export type NewDatasetVersion = Pick<DatasetVersion, "origin" | "seed" | "splits" | "keepsAnswers"> & {
  readonly examples: readonly Example[];
};

/** An example as tables know it: the version that it is in, without its input, which is the trace's. */
export interface KnownExample extends Omit<Example, "input"> {
  readonly datasetId: string;
  readonly title: string;
  readonly version: number;
  readonly isNewest: boolean;
}

/** Rows of a list: from an offset on, from 0. */
export interface ListPart {
  readonly offset: number;
  readonly limit: number;
}

/** Fixed sets of examples. A scope sees those that hold an example of its units, and in them only those examples. */
export interface Datasets {
  /** The newest first. */
  list(scope: Scope): Promise<readonly Dataset[]>;
  /** @throws Fault `missing` */
  find(scope: Scope, datasetId: string): Promise<Dataset>;
  /** @throws Fault `invalid` for no examples or odd splits, `denied` for units outside the scope, `limit` beyond 1,000 datasets or 100,000 examples */
  create(scope: Scope, title: string, version: NewDatasetVersion): Promise<Dataset>;
  /**
   * Adds the version after `baseVersion`; those before stay as they are.
   *
   * @throws Fault as `create` does, `missing`, `conflict` when `baseVersion` is not the newest
   */
  addVersion(scope: Scope, datasetId: string, baseVersion: number, version: NewDatasetVersion): Promise<Dataset>;
  /** Examples of one version, in the order of their trace ids. @throws Fault `missing` for a version that is not there */
  listExamples(scope: Scope, datasetId: string, version: number, part: ListPart): Promise<readonly Example[]>;
  /** Examples of all datasets, the newest datasets first, at most a million. */
  listAll(scope: Scope): Promise<readonly KnownExample[]>;
  /** Removes a dataset that is all the scope's own. @throws Fault `missing`, `denied` where it holds other units' examples */
  remove(scope: Scope, datasetId: string): Promise<void>;
}
