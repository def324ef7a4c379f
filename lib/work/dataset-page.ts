import { quoteField } from "#lib/formats/csv-field.ts";
import type { Dataset, Example } from "#lib/model/dataset.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Datasets } from "#lib/ports/datasets.ts";
import { type DatasetFile, type DatasetPart, type DatasetReply, pageRows } from "#lib/wire/selections.ts";
import { formatSlug } from "./edit-workbooks.ts";
import type { Reading } from "./read-trail.ts";

/** Examples that are read at once for a file. */
const partRows = 2000;

/** Characters of a text that a list shows. */
const excerptCharacters = 400;

/** A dataset with one page of the examples of a version. @throws Fault `missing` */
export async function openDataset(
  datasets: Datasets,
  scope: Scope,
  datasetId: string,
  { version, offset }: DatasetPart
): Promise<DatasetReply> {
  const dataset = await datasets.find(scope, datasetId);
  const shown = version ?? newestOf(dataset);
  const examples = await datasets.listExamples(scope, datasetId, shown, { offset, limit: pageRows });
  const cut = (text: string) => (text.length > excerptCharacters ? `${text.slice(0, excerptCharacters)}…` : text);
  return {
    dataset,
    version: shown,
    offset,
    examples: examples.map((example) => ({
      ...example,
      input: cut(example.input),
      expected: example.expected === null ? null : cut(example.expected)
    }))
  };
}

/** Every example of a version as a file that is written while it is read. @throws Fault `missing` */
export async function exportDataset(
  datasets: Datasets,
  scope: Scope,
  datasetId: string,
  { version, format }: DatasetFile
): Promise<{
  readonly parts: AsyncIterable<Uint8Array>;
  readonly contentType: string;
  readonly name: string;
  /** What the audit trail is told before anything is sent. */
  readonly reading: Reading;
}> {
  const dataset = await datasets.find(scope, datasetId);
  const shown = version ?? newestOf(dataset);
  // Read before anything is sent, so that a version that is not there is a fault and no empty file.
  const first = await datasets.listExamples(scope, datasetId, shown, { offset: 0, limit: partRows });
  async function* parts(): AsyncIterable<Uint8Array> {
    const encoder = new TextEncoder();
    const write = format === "csv" ? formatCsv : formatJsonLine;
    if (format === "csv") yield encoder.encode(csvHead);
    let examples = first;
    for (let offset = partRows; examples.length > 0; offset += partRows) {
      yield encoder.encode(examples.map(write).join(""));
      if (examples.length < partRows) return;
      examples = await datasets.listExamples(scope, datasetId, shown, { offset, limit: partRows });
    }
  }
  const examples = dataset.versions.find((one) => one.version === shown)?.examples ?? 0;
  return {
    reading: {
      action: "dataset.export",
      object: { kind: "dataset", id: datasetId, version: shown },
      units: dataset.businessUnits,
      facts: { format, examples }
    },
    parts: parts(),
    contentType: format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8",
    name: `${formatSlug(dataset.title)}-v${shown}.${format}`
  };
}

const newestOf = ({ versions }: Dataset) => versions[0]?.version ?? 1;

const csvHead = "trace_id,business_unit,split,input,expected\r\n";

function formatCsv({ traceId, businessUnit, split, input, expected }: Example): string {
  const fields = [traceId, businessUnit, split, input].map(quoteField);
  return `${[...fields, quoteField(expected)].join(",")}\r\n`;
}

function formatJsonLine({ traceId, businessUnit, split, input, expected }: Example): string {
  return `${JSON.stringify({ trace_id: traceId, business_unit: businessUnit, split, input, expected })}\n`;
}
