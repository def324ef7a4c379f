import { hideVerdict, isKeptBlind, type Queue, type QueueItem } from "#lib/model/queue.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { People } from "#lib/ports/people.ts";
import type { Queues } from "#lib/ports/queues.ts";
import { pageRows, type QueueReply } from "#lib/wire/selections.ts";
import { tellApart } from "./name-people.ts";

/** Characters of an input that a list shows. */
const excerptCharacters = 240;

/** A queue with one page of its items, what each asks and what was said of it. @throws Fault `missing` */
export async function openQueue(
  doors: {
    readonly queues: Queues;
    readonly people: Pick<People, "namesOf">;
    readonly lake: Pick<Lake, "openKernel">;
  },
  scope: Scope,
  queueId: string,
  offset: number
): Promise<QueueReply> {
  const queue = await doors.queues.find(scope, queueId);
  const items = await doors.queues.listItems(scope, queueId, { offset, limit: pageRows });
  const kernel = await doors.lake.openKernel(scope);
  try {
    const [inputs, labels] = [await readInputs(kernel, items), await readLabels(kernel, items)];
    return {
      queue,
      names: tellApart(await doors.people.namesOf(namedIn(queue), scope)),
      offset,
      items: items.map((item) => {
        const isKept = isKeptBlind(item, queue.reviewing);
        return {
          ...(isKept ? hideVerdict(item) : item),
          input: inputs.get(keyOf(item)) ?? null,
          labels: isKept ? null : (labels.get(keyOf(item)) ?? [])
        };
      })
    };
  } finally {
    await kernel.close();
  }
}

/** A queue of several units names people of each: only those are told whom the reader meets in their own. */
const namedIn = ({ reviewing: { reviewers, adjudicators } }: Queue) => [...(reviewers ?? []), ...(adjudicators ?? [])];

const keyOf = ({ traceId, businessUnit }: Pick<QueueItem, "traceId" | "businessUnit">) => `${businessUnit}/${traceId}`;

const idsOf = (items: readonly QueueItem[]) => ({ ids: JSON.stringify(items.map(({ traceId }) => traceId)) });

const amongIds = `trace_id in (select unnest(from_json($ids, '["VARCHAR"]')))`;

async function readInputs(kernel: Kernel, items: readonly QueueItem[]): Promise<ReadonlyMap<string, string>> {
  const sql = `select trace_id, business_unit, left(coalesce(input, ''), ${excerptCharacters}) as input from traces where ${amongIds}`;
  const near = { traceIds: items.map(({ traceId }) => traceId) };
  const rows = await kernel.rows(sql, idsOf(items), 10 * pageRows, undefined, near);
  return new Map(
    rows.map((row) => [`${String(row["business_unit"])}/${String(row["trace_id"])}`, String(row["input"])])
  );
}

async function readLabels(
  kernel: Kernel,
  items: readonly QueueItem[]
): Promise<ReadonlyMap<string, readonly string[]>> {
  const sql = `select distinct trace_id, business_unit, label from annotations where span_id is null and ${amongIds} order by label`;
  const found = new Map<string, readonly string[]>();
  for (const row of await kernel.rows(sql, idsOf(items), 100 * pageRows)) {
    const key = `${String(row["business_unit"])}/${String(row["trace_id"])}`;
    found.set(key, [...(found.get(key) ?? []), String(row["label"])]);
  }
  return found;
}
