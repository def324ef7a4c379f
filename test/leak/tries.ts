import { type Ids, workbookText } from "./planted.ts";
import type { Ask } from "./workbench.ts";

/** How a stranger would try each route, given ids that they guessed and a word that they heard. */
export type Tries = Readonly<Record<string, (ids: Ids, word: string) => readonly Ask[]>>;

const everywhere = [
  [-1e6, -1e6],
  [1e6, -1e6],
  [1e6, 1e6],
  [-1e6, 1e6]
];
const rule = { count: 10, by: { kind: "cluster" }, spread: "equal", seed: 1 };
const rubric = {
  labels: [{ name: "seen", meaning: "It was seen", hotkey: "1" }],
  needsJustification: false,
  hasFreeText: true
};
const item = ({ traceId, unit }: Ids) => ({ traceId, businessUnit: unit });

/** Every way to name traces of a map, an area of it, a cluster, or a cell of a workbook. */
const selections = ({ mapId, traceId, slug }: Ids, word: string) => [
  { kind: "area", mapId, area: `${word} area` },
  { kind: "cluster", mapId, clusterId: 0 },
  { kind: "lasso", mapId, version: 1, polygon: everywhere },
  { kind: "traces", mapId, traceIds: [traceId] },
  { kind: "cell", workbook: slug, cell: `${word}_map`, polygon: everywhere },
  { kind: "cell", workbook: slug, cell: `${word}_map`, traceIds: [traceId] }
];

/** What a filter of traces can be asked for. */
const filters = ({ unit }: Ids, word: string) =>
  [
    { q: word },
    { q: `"${word} asks"` },
    { agent: `${word}-agent` },
    { unit },
    { user: `${word}-user` },
    { session: `${word}-session-1` },
    { label: `${word} label` },
    { where: `agent = '${word}-agent'` }
  ] satisfies readonly Readonly<Record<string, string>>[];

const byTrace = ({ traceId }: Ids): readonly Ask[] => [
  { params: { traceId } },
  { params: { traceId: traceId.toUpperCase() } },
  { params: { traceId: BigInt(`0x${traceId.slice(16)}`).toString() } }
];
const byMap = ({ mapId }: Ids): readonly Ask[] => [{ params: { mapId } }];
const cell = ({ slug }: Ids, word: string, name: string) => ({ slug, cell: `${word}_${name}` });

export const tries: Tries = {
  "GET api/contract": () => [{}],
  "GET api/contract/[package]": () => [{ params: { package: "zod" } }],
  "GET api/schema": () => [{}],
  "GET charts/frame": () => [{}],
  "POST api/diagnose": (_, word) => [{ body: { source: `const ${word} = ;` } }],
  "GET api/home": () => [{}],

  "POST v1/traces": (_, word) => [{ body: { resourceSpans: [], word } }],
  "POST v1/logs": (_, word) => [{ body: { resourceLogs: [], word } }],

  "GET api/traces": (ids, word) => [{}, ...filters(ids, word).map((query) => ({ query }))],
  "GET api/traces/facets": (ids, word) => [{}, ...filters(ids, word).map((query) => ({ query }))],
  "GET api/traces/live": (_, word) => [{ query: { since: "0" } }, { query: { since: "0", q: word } }],
  "GET api/traces/[traceId]": byTrace,
  "GET api/traces/[traceId]/spans": byTrace,
  "GET api/traces/[traceId]/spans/[spanId]": ({ traceId, spanId }) => [{ params: { traceId, spanId } }],
  "GET api/traces/[traceId]/conversation": (ids) => [
    ...byTrace(ids),
    { params: { traceId: ids.traceId }, query: { spoken: "500" } }
  ],
  "GET api/traces/[traceId]/find": ({ traceId }, word) => [{ params: { traceId }, query: { words: word } }],
  "GET api/traces/[traceId]/similar": byTrace,
  "GET api/traces/[traceId]/summary": byTrace,
  "GET api/traces/views": () => [{}],
  "POST api/traces/views": (_, word) => [{ body: { name: `of ${word}`, query: `q=${word}` } }],
  "PUT api/traces/views/[viewId]": ({ viewId }, word) => [
    { params: { viewId }, body: { name: "mine", query: `q=${word}` } }
  ],
  "DELETE api/traces/views/[viewId]": ({ viewId }) => [{ params: { viewId } }],
  "GET api/sessions": ({ unit }, word) => [{}, { query: { q: word } }, { query: { unit } }],
  "GET api/sessions/[sessionId]": ({ sessionId, unit }) => [
    { params: { sessionId } },
    { params: { sessionId }, query: { unit } }
  ],

  "GET api/workbooks": () => [{}],
  "POST api/workbooks": (_, word) => [{ body: { title: `A stranger's own, not ${word}` } }],
  "GET api/workbooks/[slug]": ({ slug }) => [{ params: { slug } }],
  "PUT api/workbooks/[slug]": ({ slug }) => [{ params: { slug }, body: { text: "# mine now", baseRevision: 1 } }],
  "DELETE api/workbooks/[slug]": ({ slug }) => [{ params: { slug } }],
  "GET api/workbooks/[slug]/kernel": ({ slug }) => [{ params: { slug } }],
  "POST api/workbooks/[slug]/reading": ({ slug }, word) => [{ params: { slug }, body: { text: workbookText(word) } }],
  "GET api/workbooks/[slug]/revisions": ({ slug }) => [{ params: { slug } }],
  "GET api/workbooks/[slug]/revisions/[revision]": ({ slug }) => [{ params: { slug, revision: "1" } }],
  "GET api/workbooks/[slug]/tables/[table]/rows": ({ slug }, word) => [{ params: { slug, table: `${word}_rows` } }],
  "GET api/workbooks/[slug]/tables/[table]/profile": ({ slug }, word) => [{ params: { slug, table: `${word}_rows` } }],
  "GET api/workbooks/[slug]/tables/[table]/download": ({ slug }, word) => [
    { params: { slug, table: `${word}_rows` }, query: { format: "csv" } }
  ],
  "POST api/workbooks/[slug]/run": ({ slug }, word) => [
    { params: { slug }, body: { text: workbookText(word), cells: "all", params: {} } }
  ],
  "DELETE api/workbooks/[slug]/run": ({ slug }) => [{ params: { slug } }],
  "POST api/workbooks/[slug]/cells/[cell]/handful": (ids, word) => [
    {
      params: cell(ids, word, "scorer"),
      body: { text: workbookText(word), params: {}, use: null, pinned: [ids.traceId], seed: 1 }
    }
  ],
  "POST api/workbooks/[slug]/cells/[cell]/try": (ids, word) => [
    {
      params: cell(ids, word, "scorer"),
      body: {
        ...{ text: workbookText(word), params: {}, use: null },
        ...{ traces: [{ traceId: ids.traceId }], bench: "stranger", spend: false }
      }
    }
  ],
  "POST api/workbooks/[slug]/cells/[cell]/forecast": (ids, word) => [
    { params: cell(ids, word, "scores"), body: { text: workbookText(word), params: {} } }
  ],
  "POST api/workbooks/[slug]/cells/[cell]/comparison": (ids, word) => [
    {
      params: cell(ids, word, "scorer"),
      body: {
        ...{ text: workbookText(word), use: null, units: [ids.unit], random: 5, seed: 1 },
        base: { scorerId: ids.scorerId, version: 1 }
      }
    },
    {
      params: cell(ids, word, "scorer"),
      body: {
        ...{ text: workbookText(word), use: null, units: ["legal"], random: 5, seed: 1 },
        base: { scorerId: ids.scorerId, version: 1 }
      }
    }
  ],
  "POST api/workbooks/[slug]/cells/[cell]/promotion": (ids, word) => [
    { params: cell(ids, word, "scorer"), body: { text: workbookText(word) } }
  ],
  "PUT api/workbooks/[slug]/cells/[cell]/promotion": (ids, word) =>
    [ids.scorerId, null].map((scorerId) => ({
      params: cell(ids, word, "scorer"),
      body: {
        ...{ use: null, units: [ids.unit], revision: 1, note: "mine" },
        base: scorerId === null ? null : { scorerId, version: 1 }
      }
    })),
  "POST api/workbooks/[slug]/maps/[map]/part": ({ slug, traceId }, word) => [
    { params: { slug, map: `${word}_map` }, body: { traceIds: [traceId] } }
  ],
  "GET api/workbooks/[slug]/maps/[map]/ground": ({ slug }, word) => [{ params: { slug, map: `${word}_map` } }],
  "POST api/workbooks/[slug]/maps/[map]/selection": ({ slug }, word) => [
    { params: { slug, map: `${word}_map` }, body: { polygon: everywhere } }
  ],

  "GET api/runs": ({ slug }) => [{}, { query: { workbook: slug } }],
  "GET api/runs/[runId]": ({ runId }) => [{ params: { runId } }],
  "GET api/runs/[runId]/report": ({ runId }) =>
    ["html", "json", "junit"].map((format) => ({ params: { runId }, query: { format } })),

  "GET api/maps": () => [{}],
  "POST api/maps": ({ slug }, word) => [
    { body: { title: "mine", workbook: slug, cell: `${word}_map`, text: workbookText(word), params: {} } }
  ],
  "GET api/maps/[mapId]": byMap,
  "POST api/maps/[mapId]": byMap,
  "PATCH api/maps/[mapId]": ({ mapId }) => [
    { params: { mapId }, body: { title: "mine" } },
    { params: { mapId }, body: { clusterId: 0, name: "mine" } }
  ],
  "DELETE api/maps/[mapId]": byMap,
  "GET api/maps/[mapId]/progress": byMap,
  "GET api/maps/[mapId]/points": ({ mapId }) => [
    { params: { mapId } },
    { params: { mapId }, query: { column: "agent" } },
    { params: { mapId }, query: { after: "1" } }
  ],
  "GET api/maps/[mapId]/columns": byMap,
  "GET api/maps/[mapId]/titles": ({ mapId }) => [
    { params: { mapId } },
    { params: { mapId }, query: { forecast: "1" } }
  ],
  "POST api/maps/[mapId]/titles": ({ mapId }) => [{ params: { mapId }, body: { budgetUsd: 1 } }],
  "PUT api/maps/[mapId]/areas": ({ mapId }) => [{ params: { mapId }, body: { name: "mine", polygon: everywhere } }],
  "DELETE api/maps/[mapId]/areas": ({ mapId }, word) => [{ params: { mapId }, query: { name: `${word} area` } }],
  "GET api/maps/[mapId]/compare": ({ mapId, unit }, word) => [
    { params: { mapId }, query: { a: `agent/${word}-agent`, b: "others" } },
    { params: { mapId }, query: { a: `unit/${unit}`, b: "others" } }
  ],
  "GET api/maps/[mapId]/compare/points": ({ mapId }, word) => [
    { params: { mapId }, query: { a: `agent/${word}-agent`, b: "others" } }
  ],
  "POST api/maps/[mapId]/part": ({ mapId, traceId }) => [{ params: { mapId }, body: { traceIds: [traceId] } }],

  "POST api/selections/plan": (ids, word) => selections(ids, word).map((selection) => ({ body: { selection, rule } })),
  "POST api/selections/workbook": (ids, word) =>
    selections(ids, word).flatMap((selection) => ["cohort", "scorer"].map((holds) => ({ body: { selection, holds } }))),
  "POST api/tags": (ids, word) => [
    { body: { traceIds: [ids.traceId], label: "mine" } },
    { body: { workbook: ids.slug, table: `${word}_rows`, label: "mine" } },
    ...selections(ids, word).map((selection) => ({ body: { selection, label: "mine" } }))
  ],

  "GET api/datasets": () => [{}],
  "POST api/datasets": (ids, word) =>
    selections(ids, word).map((selection) => ({
      body: { title: "mine", selection, splits: [{ name: "all", share: 1 }], seed: 1 }
    })),
  "GET api/datasets/[datasetId]": ({ datasetId }) => [
    { params: { datasetId } },
    { params: { datasetId }, query: { version: "1", offset: "1" } }
  ],
  "POST api/datasets/[datasetId]": ({ datasetId }) => [{ params: { datasetId } }],
  "DELETE api/datasets/[datasetId]": ({ datasetId }) => [{ params: { datasetId } }],
  "GET api/datasets/[datasetId]/download": ({ datasetId }) =>
    ["csv", "jsonl"].map((format) => ({ params: { datasetId }, query: { format } })),

  "GET api/queues": () => [{}],
  "POST api/queues": (ids, word) =>
    selections(ids, word).map((selection) => ({ body: { title: "mine", selection, rule, rubric } })),
  "GET api/queues/[queueId]": ({ queueId }) => [
    { params: { queueId } },
    { params: { queueId }, query: { offset: "1" } }
  ],
  "PUT api/queues/[queueId]/rubric": ({ queueId }) => [{ params: { queueId }, body: { baseVersion: 1, rubric } }],
  "DELETE api/queues/[queueId]": ({ queueId }) => [{ params: { queueId } }],
  "GET api/queues/[queueId]/review": ({ queueId }) => [{ params: { queueId } }],
  "POST api/queues/[queueId]/review": (ids, word) =>
    [
      { kind: "next", after: null },
      { kind: "open", item: item(ids) },
      { kind: "open", item: { ...item(ids), businessUnit: "legal" } },
      { kind: "release", item: item(ids) },
      {
        ...{ kind: "submit", item: item(ids), rubricVersion: 1, baseVersion: 0, durationMs: 1 },
        judgement: { kind: "labelled", label: `${word} right`, note: "", quotes: [], correctedOutput: null, flags: [] }
      }
    ].map((body) => ({ params: { queueId: ids.queueId }, body })),

  "POST api/queues/[queueId]/adjudication": (ids, word) => [
    { params: { queueId: ids.queueId }, body: { kind: "next", after: null } },
    { params: { queueId: ids.queueId }, body: { kind: "open", item: item(ids) } },
    {
      params: { queueId: ids.queueId },
      body: {
        kind: "decide",
        item: item(ids),
        label: `${word} right`,
        reason: "mine",
        rubricVersion: 1,
        baseVersion: 0
      }
    }
  ],

  "GET api/audit": ({ unit, userId }) => [
    {},
    { query: { who: userId } },
    { query: { unit } },
    { query: { action: "workbook" } },
    { query: { outcome: "denied" } }
  ],
  "GET api/audit/export": ({ unit }) =>
    ["csv", "ndjson"].flatMap((format) => [{ query: { format } }, { query: { format, unit } }]),
  "GET api/audit/verify": () => [{}],

  "GET api/scorers": () => [{}],
  "GET api/scorers/[scorerId]": ({ scorerId }) => [{ params: { scorerId } }],
  "POST api/scorers/[scorerId]/rules": ({ scorerId, unit: own }) =>
    [own, "legal"].map((unit) => ({
      params: { scorerId },
      body: { businessUnits: [unit], predicate: "true", rate: 1 }
    })),
  "POST api/scorers/[scorerId]/forecast": ({ scorerId, unit: own }) =>
    [own, "legal"].map((unit) => ({
      params: { scorerId },
      body: { businessUnits: [unit], predicate: "true", rate: 1, tries: true }
    })),
  "PATCH api/rules/[ruleId]": ({ ruleId }) =>
    ["pause", "resume"].map((action) => ({ params: { ruleId }, body: { action } })),
  "DELETE api/rules/[ruleId]": ({ ruleId }) => [{ params: { ruleId } }],
  "GET api/drafts": ({ queueId, datasetId, unit }) => [
    { query: { kind: "queue", id: queueId, unit } },
    { query: { kind: "dataset", id: datasetId, unit } }
  ],
  "POST api/drafts/plan": ({ queueId, unit }, word) => [
    {
      body: {
        ...{ source: { kind: "queue", id: queueId }, businessUnit: unit },
        sides: { wrong: [`${word} wrong`], fine: [`${word} right`] }
      }
    }
  ],
  "POST api/drafts": ({ datasetId, unit }, word) => [
    {
      body: {
        ...{ source: { kind: "dataset", id: datasetId }, businessUnit: unit },
        sides: { wrong: [`${word} wrong`], fine: [`${word} right`] }
      }
    }
  ],

  "GET api/keys": () => [{}],
  "POST api/keys": ({ unit }) => [{ body: { businessUnit: unit, name: "mine" } }],
  "DELETE api/keys/[keyId]": ({ keyId }) => [{ params: { keyId } }],
  "POST api/import": () => [{}],
  "DELETE api/import/[uploadId]": ({ uploadId }) => [{ params: { uploadId } }],
  "PUT api/import/[uploadId]/files": ({ uploadId }) => [
    { params: { uploadId }, query: { name: "mine.csv" }, body: "id,question\n1,what" }
  ],
  "POST api/import/[uploadId]/preview": ({ uploadId, unit }) =>
    [unit, "legal"].map((businessUnit) => ({ params: { uploadId }, body: { businessUnit } })),
  "POST api/import/[uploadId]/run": ({ uploadId, unit }) =>
    [unit, "legal"].map((businessUnit) => ({ params: { uploadId }, body: { businessUnit } })),

  "GET api/people": () => [{}],
  "PUT api/people/[userId]": ({ userId, unit }) =>
    [unit, "legal", "*"].map((businessUnit) => ({
      params: { userId },
      body: { memberships: [{ businessUnit, role: "viewer" }] }
    })),
  "DELETE api/people/[userId]": ({ userId }) => [{ params: { userId } }],
  "DELETE api/people/[userId]/sessions": ({ userId }) => [{ params: { userId } }],
  "POST api/people/[userId]/reset": ({ userId }) => [{ params: { userId } }],
  "POST api/invitations": ({ unit }, word) =>
    [unit, "*"].map((businessUnit) => ({
      body: { email: `mine-${word}@example.com`, memberships: [{ businessUnit, role: "expert" }] }
    })),
  "DELETE api/invitations/[invitationId]": ({ invitationId }) => [{ params: { invitationId } }],
  "POST api/invitations/accept": ({ invitationId }) => [
    { body: { token: invitationId, name: "mine", password: "a long enough password" } }
  ],
  "PUT api/invitations/accept": ({ invitationId }) => [{ body: { token: invitationId } }],
  "PUT api/units/[unit]": ({ unit }) => [{ params: { unit }, body: { title: "mine" } }],
  "DELETE api/units/[unit]": ({ unit }) => [{ params: { unit } }],
  "GET api/account": () => [{}],
  "PUT api/account": (_, word) => [{ body: { current: word, next: "a long enough password" } }],
  "DELETE api/account/sessions/[sessionId]": ({ userId }) => [{ params: { sessionId: userId } }],
  "POST api/account/keys": ({ unit }) => [
    { body: { name: "mine", rights: ["read"], businessUnits: [unit], days: 1 } },
    { body: { name: "mine", rights: ["administer"], businessUnits: ["legal", "*"], days: 1 } }
  ],
  "DELETE api/account/keys/[keyId]": ({ apiKeyId }) => [{ params: { keyId: apiKeyId } }],
  "POST api/sign-in": (_, word) => [{ body: { email: `${word}@example.com`, password: "not the password" } }],
  "DELETE api/sign-in": () => [{}],
  "POST api/sign-in/provider": () => [{ body: { from: "/" } }],
  "GET api/sign-in/provider/callback/[id]": () => [{ params: { id: "oidc" }, query: { code: "x", state: "y" } }],
  "POST api/set-up": (_, word) => [
    { body: { email: `mine-${word}@example.com`, name: "mine", password: "a long enough password" } }
  ],
  "POST api/reset": ({ userId }) => [{ body: { token: userId, password: "a long enough password" } }],

  "GET api/queues/[queueId]/gold": ({ queueId }) => [{ params: { queueId } }],
  "PUT api/queues/[queueId]/gold": (ids, word) => [
    { params: { queueId: ids.queueId }, body: { item: item(ids), label: `${word} right` } }
  ],
  "GET api/queues/[queueId]/filling": ({ queueId }) => [{ params: { queueId } }],
  "PUT api/queues/[queueId]/filling": ({ queueId }) => [
    { params: { queueId }, body: { predicate: "true", rate: 1, totalCap: 10 } }
  ],
  "PATCH api/queues/[queueId]/filling": ({ queueId }) => [{ params: { queueId }, body: { action: "pause" } }],
  "DELETE api/queues/[queueId]/filling": ({ queueId }) => [{ params: { queueId } }],

  "GET api/mentions": () => [{}],
  "POST api/mentions": () => [{}],
  "GET api/traces/[traceId]/comments": byTrace,
  "POST api/traces/[traceId]/comments": ({ traceId }, word) => [
    { params: { traceId }, body: { body: `mine, of ${word}` } },
    { params: { traceId }, body: { body: "@auditor-of-wealth, look" } }
  ],
  "GET api/workbooks/[slug]/comments": ({ slug }) => [{ params: { slug } }],
  "POST api/workbooks/[slug]/comments": ({ slug }) => [{ params: { slug }, body: { body: "mine" } }],
  "POST api/comments/[commentId]": ({ commentId }) =>
    ["resolve", "withdraw"].map((mark) => ({ params: { commentId }, body: { mark } })),
  "GET api/queues/[queueId]/export": ({ queueId }) =>
    ["csv", "jsonl"].map((format) => ({ params: { queueId }, query: { format } })),
  "POST api/queues/pairs": (_, word) =>
    [
      { kind: "input", predicate: `agent = '${word}-agent'` },
      { kind: "versions", agent: `${word}-agent`, first: `${word}-0`, second: `${word}-1` },
      { kind: "columns", sql: "select min(trace_id) a, max(trace_id) b from traces", first: "a", second: "b" }
    ].map((source) => ({ body: { title: `mine, not ${word}`, source, count: 5, seed: 1 } })),

  "GET api/cluster-questions": ({ mapId }) => [{}, { query: { map: mapId } }],
  "POST api/cluster-questions": ({ mapId, unit }) =>
    ["legal", unit].map((businessUnit) => ({
      body: { mapId, clusterId: 0, businessUnit, question: "mine", count: 3, seed: 1 }
    })),
  "GET api/cluster-questions/[questionId]": ({ questionId }) => [{ params: { questionId } }],
  "POST api/cluster-questions/[questionId]": ({ questionId }) => [
    { params: { questionId }, body: { verdict: "candidate", note: "mine", mapVersion: 1, baseVersion: 0 } }
  ],

  "GET api/runs/[runId]/publication": ({ runId }) => [{ params: { runId } }],
  "PUT api/runs/[runId]/publication": ({ runId, unit }) =>
    ["unit:legal", `unit:${unit}`, "unit:*"].map((grantee) => ({ params: { runId }, body: { to: [grantee] } })),
  "DELETE api/runs/[runId]/publication": ({ runId }) => [{ params: { runId } }],
  "GET api/workbooks/[slug]/shares": ({ slug }) => [{ params: { slug } }],
  "PUT api/workbooks/[slug]/shares": ({ slug }) => [
    { params: { slug }, body: { grantee: "unit:legal", to: "unit:legal", access: "edit" } }
  ],
  "DELETE api/workbooks/[slug]/shares": ({ slug }) => [{ params: { slug }, body: { grantee: "unit:wealth" } }],

  "POST api/traces/[traceId]/reveal": ({ traceId, spanId }) => [
    { params: { traceId }, body: { purpose: "because it has to be seen" } },
    { params: { traceId }, body: { purpose: "because it has to be seen", spanId } }
  ],
  "GET api/units/[unit]/masking": ({ unit }) => [{ params: { unit } }],
  "PUT api/units/[unit]/masking": ({ unit }) => [
    { params: { unit }, body: { version: 0, rules: { patterns: ["email"], expressions: [], fields: [] } } }
  ],
  "POST api/units/[unit]/masking/trial": ({ unit }, word) => [
    { params: { unit }, body: { text: word, rules: { patterns: ["email"], expressions: [], fields: [] } } }
  ]
};
