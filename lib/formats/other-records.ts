import type { Fields } from "./fields.ts";

/** Records that known tools export beside their traces, by the fields that give them away, and what they are. */
const others: readonly (readonly [fields: readonly string[], words: string])[] = [
  [["resourceMetrics"], "metrics of OpenTelemetry; spans and logs are imported, metrics are not"],
  [["resource_metrics"], "metrics of OpenTelemetry; spans and logs are imported, metrics are not"],
  [["datasetRunItems"], "a run over a dataset of Langfuse; export the traces that it names"],
  [["datasetId", "expectedOutput"], "an item of a dataset of Langfuse and no trace"],
  [["datasetRunId", "datasetItemId"], "an item of a run over a dataset of Langfuse; export the trace that it names"],
  [["prompt", "config", "labels"], "a version of a prompt of Langfuse and no trace"],
  [["eval", "plan", "results"], "an evaluation log of Inspect without samples: only what was measured, no traces"],
  [["eval", "status", "version"], "an evaluation log of Inspect without samples: only what was measured, no traces"]
];

/** What a record is that is no trace, where that can be told. */
export function describeOther(record: Fields): string | undefined {
  return others.find(([fields]) => fields.every((name) => name in record))?.[1];
}
