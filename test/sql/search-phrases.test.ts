import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { needleOf, phrasesSql } from "#lib/sql/search-phrases.ts";
import { saidSql, termsSql } from "#lib/sql/search-terms.ts";

const piece = fc.constantFrom(
  ..."of|the|orders|order|Order|ORDER|a|7|17|½|é|e\u0301|ß|Über|uber|K|ſ|退|款|〇|๗|ภา|าษ|ы|한|x".split("|"),
  "y".repeat(39),
  "y".repeat(41)
);
const gap = fc.constantFrom(" ", "", "-", ", ", "\n", "\\", "\u0301", "\u00a0", "'", "_", "😀");
const text = fc
  .array(fc.tuple(piece, gap), { minLength: 1, maxLength: 7 })
  .map((pieces) => pieces.map(([said, between]) => said + between).join(""));

test("a trace says a phrase exactly where its terms stand one after the other in one of its texts", async () => {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  const ask = async (sql: string, values: Record<string, string>) =>
    (await connection.runAndReadAll(sql, values)).getRows().map(([row]) => String(row));
  try {
    const texts = fc.sample(text, { numRuns: 500, seed: 7 });
    await connection.run(
      `create table spans as select 'a' as business_unit, no::varchar as trace_id, texts[no] as input_text, null::varchar as input,
         null::varchar as output, texts[(no + 7) % len(texts) + 1] as output_text, null::varchar as tool_args, null::varchar as tool_result
       from (select from_json($texts, '["VARCHAR"]') as texts), range(1, ${texts.length + 1}) r(no)`,
      { texts: JSON.stringify(texts) }
    );
    await connection.run("create table among as select business_unit, trace_id from spans");
    for (const asked of fc.sample(fc.tuple(text, fc.boolean()), { numRuns: 25, seed: 8 })) {
      const [said, begins] = asked;
      const [found] = await ask(`select to_json(${termsSql("$said")})::varchar`, { said });
      const all = JSON.parse(found!) as readonly string[];
      const terms = all.slice(0, 2 + (said.length % 2));
      if (terms.length < 2) continue;
      const part = { terms, begins };
      const { sql, values } = phrasesSql([part], "select * from spans", "among");
      const holds = (column: string) => `contains(${saidSql(termsSql(column))}, $needle)`;
      const expected = await ask(
        `select trace_id from spans where ${holds("input_text")} or ${holds("output_text")} order by trace_id`,
        { needle: needleOf(part) }
      );
      expect(await ask(`select trace_id from (${sql}) order by trace_id`, { ...values }), terms.join(" ")).toEqual(
        expected
      );
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});
