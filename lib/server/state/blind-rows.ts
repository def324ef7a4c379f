import { type RawBuilder, type SqlBool, sql } from "kysely";

/** Condition on a row that says something of an item: it is kept back, as `isKeptBlind` has it. @param row  its alias */
export function isKeptBlindRow(row: string): RawBuilder<SqlBool> {
  const column = (name: string) => sql.ref(`${row}.${name}`);
  return sql<SqlBool>`exists (
    select 1 from queue_items bi inner join queues bq on bq.queue_id = bi.queue_id
    where bi.queue_id = ${column("queue_id")} and bi.business_unit = ${column("business_unit")}
      and bi.trace_id = ${column("trace_id")} and bi.state <> 'done' and bq.is_blind = 1
  )`;
}
