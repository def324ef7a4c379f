import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isFault } from "#lib/model/fault.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { hexId, makeSpan } from "../../spans.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "./fixture.ts";

const secret = "the-other-units-secret";
const outside = "a-file-outside-the-lake";

let fixture: LakeFixture;
let kernel: Kernel;
let own = "";
let other = "";
let outsidePath = "";
let tried = 0;

beforeAll(async () => {
  fixture = await openLakeFixture();
  const span = (unit: string, text: string) =>
    makeSpan({
      traceId: hexId(unit, 32),
      spanId: hexId(unit, 16),
      parentSpanId: null,
      businessUnit: unit,
      name: text,
      inputText: text
    });
  await fixture.lake.append(scopeOf(["alpha", "beta"]), {
    spans: [span("alpha", "own text"), span("beta", secret)],
    scores: []
  });
  await fixture.lake.flush();
  const folderOf = async (unit: string) => {
    const base = `${fixture.folder}/spans/business_unit=${unit}`;
    const [day] = await readdir(base);
    const file = (await readdir(`${base}/${day}`)).find((name) => name.endsWith(".parquet"))!;
    return { base: `${base}/${day}`, file: `${base}/${day}/${file}` };
  };
  const [mine, theirs] = [await folderOf("alpha"), await folderOf("beta")];
  own = mine.file;
  other = theirs.file;
  outsidePath = `${fixture.folder}/../outside.csv`;
  await writeFile(outsidePath, `a\n${outside}\n`);
  await symlink(other, `${mine.base}/link.parquet`);
  await mkdir(`${mine.base}/copies`);
  await copyFile(own, `${mine.base}/copies/own.parquet`);
  kernel = await fixture.lake.openKernel(scopeOf(["alpha"], "scientist"));
  await kernel.materialise("cell", "select 1 as a", {});
});

afterAll(async () => {
  console.log(`walls: ${tried} attempts to get out were made`);
  await kernel.close();
  await fixture.close();
});

/** Every way out, with the paths of this run. */
function attacks(): Readonly<Record<string, readonly string[]>> {
  const folder = fixture.folder;
  const day = own.slice(0, own.lastIndexOf("/"));
  const recursion = "(with recursive r(n) as (select 1 union all select n + 1 from r where n < 2) select n from r) q";
  return {
    "another unit's file": [
      `select * from read_parquet('${other}')`,
      `select * from parquet_scan('${other}')`,
      `select * from '${other}'`,
      `select * from "${other}"`,
      `from '${other}'`,
      `table "${other}"`,
      `select * from read_parquet(['${own}', '${other}'])`,
      `select (select count(*) from read_parquet('${other}'))`,
      `with x as (select * from read_parquet('${other}')) select * from x`,
      `select * from spans where trace_id in (select trace_id from read_parquet('${other}'))`,
      `select * from spans, lateral (select * from read_parquet('${other}')) s`,
      `select * from spans union all by name select * from read_parquet('${other}')`,
      `describe select * from read_parquet('${other}')`,
      `summarize select * from '${other}'`,
      `select * from read_parquet($path)`,
      `select * from read_parquet('${folder}/spans/*/*/*.parquet')`,
      `select * from read_parquet('${folder}/spans/**')`
    ],
    "dots and links": [
      `select * from read_parquet('${day}/../../business_unit=beta/${other.split("/").slice(-2).join("/")}')`,
      `select * from '${day}/../../../../outside.csv'`,
      `select * from read_parquet('${day}/link.parquet')`,
      `select * from '${day}/link.parquet'`,
      `select * from read_parquet('file://${other}')`,
      `select * from read_csv('${folder}/spans/business_unit=alpha/../../../outside.csv')`
    ],
    "its own files behind the views": [
      `select * from '${own}'`,
      `select * from read_parquet('${day}/copies/own.parquet')`,
      `with "${own}" as (select * from "${own}") select * from "${own}"`,
      `with "${own}" as (select * from "${own}", ${recursion}) select * from "${own}"`,
      `with recursive "${own}" as (select * from "${own}") select * from "${own}"`
    ],
    "files of the machine": [
      "select * from read_text('/etc/passwd')",
      "select * from read_blob('/etc/passwd')",
      "select * from read_csv('/etc/passwd')",
      "select * from read_csv_auto('/etc/passwd')",
      "select * from read_json('/etc/hostname')",
      "select * from read_json_objects('/etc/hostname')",
      "select * from read_ndjson('/etc/hostname')",
      "select * from '/etc/passwd'",
      `select * from '${outsidePath}'`,
      `select * from read_csv('${outsidePath}')`,
      "select * from sniff_csv('/etc/passwd')",
      "select * from glob('/*')",
      `select * from glob('${folder}/**')`,
      `select * from glob('${day}/*')`,
      `select * from parquet_metadata('${other}')`,
      `select * from parquet_schema('${other}')`,
      `select * from parquet_file_metadata('${own}')`,
      `select * from parquet_kv_metadata('${other}')`,
      `select * from parquet_bloom_probe('${other}', 'name', '${secret}')`,
      `select * from read_duckdb('${folder}/../state.db')`,
      `select * from read_text('${fixture.folder}/../spill/**')`
    ],
    writing: [
      `copy (select 1) to '${day}/mine.parquet'`,
      `copy spans to '${folder}/../out.csv'`,
      `copy cell from '${outsidePath}'`,
      `copy (select 1) to '${folder}/../spill/mine.csv'`,
      `export database '${day}'`,
      `import database '${day}'`,
      "create table mine as select 1",
      "create view mine as select 1",
      "create macro mine() as 1",
      "create or replace view spans as select 1",
      "create secret s (type s3)",
      "insert into cell values (2)",
      "update cell set a = 2",
      "delete from cell",
      "drop view spans",
      "drop table cell",
      "alter table cell add column b int",
      "truncate cell",
      "with x as (insert into cell values (2) returning *) select * from x"
    ],
    "other databases and extensions": [
      `attach '${folder}/../state.db' as s`,
      "attach ':memory:' as m",
      "detach memory",
      "use memory",
      "install httpfs",
      "load httpfs",
      "install sqlite from community",
      "force install spatial",
      "update extensions",
      "select * from 'https://127.0.0.1:9/x.parquet'",
      "select * from read_csv('http://127.0.0.1:9/x.csv')",
      "select * from read_parquet('s3://bucket/x.parquet')",
      "select * from sqlite_scan('x.db', 't')",
      "select * from postgres_scan('host=127.0.0.1', 'public', 't')"
    ],
    "settings and statements": [
      "set enable_external_access = true",
      "set allowed_directories = ['/']",
      "set lock_configuration = false",
      "set memory_limit = '100GB'",
      "reset all",
      "set variable x = 1",
      "pragma enable_external_access",
      "pragma database_list",
      "pragma show_tables",
      "pragma temp_directory = '/tmp'",
      "call pragma_version()",
      "call duckdb_settings()",
      "checkpoint",
      "begin",
      "begin; select 1; commit",
      "select 1; select 2",
      "select 1; drop table cell",
      "select 1; set threads = 8",
      "prepare p as select 1",
      "execute p",
      "explain select * from spans",
      "explain analyze select * from spans",
      "vacuum",
      "analyze",
      "kill 1",
      ""
    ],
    "what the engine tells of itself": [
      "select current_setting('temp_directory')",
      "select current_setting('allowed_directories')",
      "select main.current_setting('secret_directory')",
      "select getenv('HOME')",
      "select getvariable('x')",
      "select * from duckdb_settings()",
      "select * from duckdb_secrets()",
      "select * from duckdb_views()",
      "select * from duckdb_views",
      "select sql from sqlite_master",
      "select sql from main.sqlite_master",
      "select * from system.main.sqlite_master",
      "select sql from sqlite_schema",
      "select * from duckdb_databases()",
      "select * from duckdb_temporary_files()",
      "select * from duckdb_extensions()",
      "select * from duckdb_logs()",
      "select * from duckdb_tables",
      "select * from duckdb_external_file_cache()",
      "select * from pragma_database_list",
      "select * from pragma_database_list()",
      "select * from pragma_storage_info('cell')",
      "select * from information_schema.views",
      "select * from information_schema.tables",
      "select * from pg_catalog.pg_views",
      "select * from pg_views",
      "select pg_catalog.pg_get_viewdef(1)",
      "show all tables",
      "show tables",
      `with sqlite_master as (select * from sqlite_master, ${recursion}) select * from sqlite_master`,
      "with recursive sqlite_master as (select * from sqlite_master) select * from sqlite_master",
      "with x as (select * from duckdb_views) select * from x"
    ],
    "SQL inside SQL": [
      `from query('select * from ''${other}''')`,
      `select * from query_table('${other}')`,
      "select * from query_table('sqlite_master')",
      "select * from query_table(['sqlite_master'])",
      `select * from json_execute_serialized_sql(json_serialize_sql('select * from ''${other}'''))`,
      "select * from histogram('sqlite_master', name)",
      `select * from histogram_values('${other}', name)`,
      `select * from summary('${other}')`,
      "select * from sql_auto_complete('sel')",
      "select * from test_all_types()",
      "select * from enable_logging('QueryLog')",
      "select * from enable_profiling()",
      "select * from checkpoint()",
      "select * from force_checkpoint()",
      "select write_log('x')"
    ]
  };
}

/** Nothing of the other unit, of the machine, or of where things lie may be in what comes back. */
function expectNothingLeaked(said: string, sql: string): void {
  expect(said, sql).not.toContain(secret);
  expect(said, sql).not.toContain(outside);
  expect(said, sql).not.toContain("root:");
  // A sentence may repeat what the question said, and nothing more.
  for (const path of [fixture.folder, other, own]) if (!sql.includes(path)) expect(said, sql).not.toContain(path);
}

test("no value ends the process, however deep it is", async () => {
  const [deep, objects] = [
    "[".repeat(100_000) + "]".repeat(100_000),
    `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`
  ];
  for (const call of [
    "json_structure($deep)",
    "json_group_structure($deep)",
    "json_contains($deep, '1')",
    "json_merge_patch($objects, $objects)",
    "json_pretty($deep)",
    "$deep::json::variant",
    "$deep::json::VARIANT[]",
    'try_cast($deep::json as "variant")',
    "{'a': $deep::json}::struct(a variant)",
    "cast_to_type($deep::json, null::variant)",
    "cast_to_type($deep::json, make_type('variant'))",
    "variant_typeof($deep::json)",
    "variant_normalize($deep::json)"
  ]) {
    const asked = kernel.rows(`select (${call})::varchar as said`, { deep, objects }, 1);
    await expect(asked, call).rejects.toMatchObject({ code: "denied" });
  }
  const [kept] = await kernel.rows(
    "select json_type($deep) as type, (len($deep::json::varchar))::varchar as length",
    { deep },
    1
  );
  expect(kept).toMatchObject({ type: "ARRAY", length: "200000" });
});

test("no question leaves the scope, whatever it is", async () => {
  const before = (await readdir(`${fixture.folder}/..`, { recursive: true })).filter((name) => !name.includes("spill"));
  const escaped: string[] = [];
  for (const [kind, questions] of Object.entries(attacks())) {
    for (const sql of questions) {
      tried += 1;
      try {
        const rows = await kernel.rows(sql, sql.includes("$path") ? { path: other } : {}, 100);
        escaped.push(`${kind}: ${sql} answered ${JSON.stringify(rows).slice(0, 200)}`);
      } catch (error) {
        if (!isFault(error)) throw error;
        expectNothingLeaked(`${error.message} ${error.hint ?? ""} ${error.detail ?? ""}`, sql);
      }
    }
  }
  expect(escaped).toEqual([]);
  const after = (await readdir(`${fixture.folder}/..`, { recursive: true })).filter((name) => !name.includes("spill"));
  expect(after.sort()).toEqual(before.sort());
}, 120_000);

test("making a table is no way round the walls", async () => {
  const escaped: string[] = [];
  for (const sql of Object.values(attacks()).flat()) {
    tried += 1;
    try {
      const info = await kernel.materialise("stolen", sql, sql.includes("$path") ? { path: other } : {});
      escaped.push(`${sql} made ${info.rows} rows`);
    } catch (error) {
      if (!isFault(error)) throw error;
    }
  }
  expect(escaped).toEqual([]);
}, 120_000);

test("a cell cannot take the name of a view", async () => {
  for (const name of ["spans", "TRACES", "scores", "trace_documents"]) {
    tried += 1;
    await expect(kernel.materialise(name, "select 1 as a", {})).rejects.toMatchObject({ code: "invalid" });
    await expect(kernel.load(name, [{ name: "a", type: "INTEGER", values: [1] }])).rejects.toMatchObject({
      code: "invalid"
    });
  }
});

test("the views hold the scope's own units and no other", async () => {
  for (const view of ["spans", "traces", "trace_documents"]) {
    expect(await kernel.rows(`select distinct business_unit from ${view}`, {}, 10)).toEqual([
      { business_unit: "alpha" }
    ]);
  }
  await expect(kernel.rows("select * from spans where nam = 'x'", {}, 1)).rejects.toMatchObject({ code: "invalid" });
});

test("after all that the kernel still answers and the other unit's file is untouched", async () => {
  expect(await kernel.rows("select count(*) as n from spans", {}, 1)).toEqual([{ n: 1 }]);
  expect(await kernel.rows("select a from cell", {}, 10)).toEqual([{ a: 1 }]);
  expect((await readFile(other)).subarray(0, 4).toString()).toBe("PAR1");
});
