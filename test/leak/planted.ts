import type { Membership } from "#lib/model/rights.ts";
import type { Span } from "#lib/model/span.ts";
import { hexId, makeSpan } from "../spans.ts";
import { type Ask, findRoute, type Method, type Route, type Visitor, type World } from "./workbench.ts";

/** In every text of the other unit, and nowhere else. */
export const mark = "quokka";

/** Who has nothing to do with the other unit: who judges, who may do nearly all, and who audits, in their own. */
export const strangers = ["expert", "lead", "auditor"] as const;

/** People of a unit, signed in. */
export async function enterPeople<Role extends Membership["role"]>(
  world: World,
  routes: readonly Route[],
  businessUnit: string,
  asRoles: readonly Role[]
): Promise<Readonly<Record<Role, Visitor>>> {
  const people: [Role, Visitor][] = [];
  for (const role of asRoles) {
    people.push([role, await world.enter(routes, `${role}-of-${businessUnit}`, [{ businessUnit, role }])]);
  }
  return Object.fromEntries(people) as Record<Role, Visitor>;
}

/** Traces of one unit; a word is in all that they say, and in all that they are called. */
export function unitSpans(businessUnit: string, word: string, count: number): readonly Span[] {
  return Array.from({ length: count }, (_, index) => {
    const traceId = `${businessUnit}-${index}`;
    const startNs = BigInt(Date.UTC(2026, 10, 1 + (index % 20), 9, index % 60)) * 1_000_000n;
    const subject = ["a parcel that never came", "a fee on the account", "how to sign a form"][index % 3];
    const input = `${word} asks about ${subject}, number ${index}`;
    const output = `${word} hears about ${subject}`;
    const isBroken = index % 5 === 0;
    const shared = {
      businessUnit,
      startNs,
      agent: `${word}-agent`,
      environment: `${word}-env`,
      serviceName: `${word}-service`
    };
    return [
      makeSpan({
        ...shared,
        ...{ traceId, spanId: "root", kind: "agent", name: `${word} answers`, agentVersion: `${word}-${index % 2}` },
        ...{ sessionId: `${word}-session-${index % 7}`, userId: `${word}-user` },
        input: [{ role: "user", parts: [{ type: "text", content: input }] }],
        inputText: input,
        output: [{ role: "assistant", parts: [{ type: "text", content: output }] }],
        outputText: output,
        attributes: { [`${word}.key`]: `${word} value` },
        resource: { [`${word}.host`]: `${word}-host` }
      }),
      makeSpan({
        ...shared,
        ...{ traceId, spanId: "tool", parentSpanId: "root", kind: "tool", name: `${word} looks up` },
        ...{ toolName: `${word}_tool`, toolArgs: { [word]: word }, toolResult: `${word} result` },
        ...(isBroken ? ({ status: "error", statusMessage: `${word} failed`, errorType: `${word}Error` } as const) : {})
      })
    ];
  }).flat();
}

/** What somebody of a unit has made, by what it is called in addresses. */
export type Ids = Readonly<
  Record<
    | "traceId"
    | "spanId"
    | "sessionId"
    | "viewId"
    | "slug"
    | "runId"
    | "mapId"
    | "datasetId"
    | "queueId"
    | "scorerId"
    | "ruleId"
    | "keyId"
    | "uploadId"
    | "userId"
    | "invitationId"
    | "apiKeyId"
    | "questionId"
    | "commentId"
    | "alertId"
    | "unit",
    string
  >
>;

/** Ids of nothing, in the form of those that are something. */
export const absent: Ids = {
  ...{ traceId: hexId("absent", 32), spanId: hexId("absent", 16), sessionId: "absent-session-0" },
  ...{ viewId: nothing(1), slug: "absent-cohort", runId: nothing(2), mapId: nothing(3), datasetId: nothing(4) },
  ...{ queueId: nothing(5), scorerId: nothing(6), ruleId: nothing(7), keyId: nothing(8), uploadId: nothing(9) },
  ...{
    userId: nothing(10),
    invitationId: nothing(11),
    apiKeyId: nothing(12),
    unit: "nosuchunit",
    questionId: nothing(13),
    commentId: nothing(14),
    alertId: hexId("absent", 32).repeat(2)
  }
};

function nothing(count: number): string {
  return `01932f6e-7b3c-7000-8000-${String(count).padStart(12, "0")}`;
}

/** A workbook of every kind of cell, of one unit's traces. */
export function workbookText(word: string): string {
  return `---\ntitle: ${word} cohort\n---\n${word} prose\n\n\`\`\`sql ${word}_rows\nselect trace_id, started_at, agent, input, output from traces\n\`\`\`\n\n\`\`\`ts scorer ${word}_scorer\nimport { fail, pass, scorer } from "tracebook";\nexport default scorer({ target: "trace", score: (trace) => trace.output?.includes("fee") ? fail("${word} fee") : pass() });\n\`\`\`\n\n\`\`\`yaml score ${word}_scores\ntraces: ${word}_rows\nscorer: ${word}_scorer\n\`\`\`\n\n\`\`\`yaml map ${word}_map\ntraces: ${word}_rows\ntext: input\n\`\`\`\n\n\`\`\`sql check ${word}_check\nselect '${word} check' as name, count(*) as value, 1 as threshold, count(*) >= 1 as pass from ${word}_rows\n\`\`\`\n`;
}

/** Makes one of everything through the routes, as its unit's lead would. */
export async function plant(
  world: World,
  routes: readonly Route[],
  unit: string,
  word: string,
  who: Visitor
): Promise<Ids> {
  const call = async (method: Method, path: string, asked: Ask = {}) => {
    const answer = await world.ask(findRoute(routes, `${method} ${path}`), who, asked);
    if (answer.status >= 300 || /"kind":"fault"/.test(answer.text))
      throw new Error(`${method} ${path}: ${answer.text.slice(0, 2000)}`);
    return answer.text;
  };
  const made = async <T>(...args: Parameters<typeof call>) => JSON.parse(await call(...args)) as T;
  const lastLine = <T>(text: string) => JSON.parse(text.trimEnd().split("\n").at(-1)!) as T;
  const traceId = hexId(`${unit}-1`, 32);
  const text = workbookText(word);
  const { slug } = await made<{ slug: string }>("POST", "api/workbooks", { body: { title: `${word} cohort`, text } });
  const run = await call("POST", "api/workbooks/[slug]/run", {
    params: { slug },
    body: { text, cells: "all", params: {} }
  });
  const { runId } = run
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { runId?: string })
    .find((event) => event.runId)! as { runId: string };
  const view = await made<{ viewId: string }>("POST", "api/traces/views", {
    body: { name: `${word} view`, query: `q=${word}` }
  });
  const kept = lastLine<{ readonly mapId: string }>(
    await call("POST", "api/maps", {
      body: { title: `${word} places`, workbook: slug, cell: `${word}_map`, text, params: {} }
    })
  );
  const { mapId } = kept;
  await call("PUT", "api/maps/[mapId]/areas", {
    params: { mapId },
    body: {
      name: `${word} area`,
      polygon: [
        [-1e6, -1e6],
        [1e6, -1e6],
        [1e6, 1e6],
        [-1e6, 1e6]
      ]
    }
  });
  const selection = { kind: "area", mapId, area: `${word} area` };
  const rule = { count: 10, by: { kind: "unit" }, spread: "proportional", seed: 1 };
  const rubric = {
    labels: [
      { name: `${word} right`, meaning: `${word} is right`, hotkey: "1" },
      { name: `${word} wrong`, meaning: `${word} is wrong`, hotkey: "2" }
    ],
    needsJustification: false,
    hasFreeText: true
  };
  const queue = await made<{ queueId: string }>("POST", "api/queues", {
    body: { title: `${word} queue`, selection, rule, rubric, reviewing: { reviewsPerItem: 1, isBlind: true } }
  });
  const dataset = await made<{ datasetId: string }>("POST", "api/datasets", {
    body: {
      title: `${word} dataset`,
      selection,
      splits: [{ name: `${word}-split`, share: 1 }],
      seed: 1,
      keepsAnswers: true
    }
  });
  await call("POST", "api/tags", { body: { traceIds: [traceId], label: `${word} label`, note: `${word} note` } });
  const { revision } = await made<{ revision: number }>("GET", "api/workbooks/[slug]", { params: { slug } });
  const promoted = await made<{ scorerId: string }>("PUT", "api/workbooks/[slug]/cells/[cell]/promotion", {
    params: { slug, cell: `${word}_scorer` },
    body: { base: null, use: null, units: [unit], revision, note: `${word} reason` }
  });
  const scoring = await made<{ ruleId: string }>("POST", "api/scorers/[scorerId]/rules", {
    params: { scorerId: promoted.scorerId },
    body: { businessUnits: [unit], predicate: `agent = '${word}-agent'`, rate: 1 }
  });
  const { key } = await made<{ key: { keyId: string } }>("POST", "api/keys", {
    body: { businessUnit: unit, name: `${word} key` }
  });
  const { uploadId } = await made<{ uploadId: string }>("POST", "api/import");
  await call("PUT", "api/import/[uploadId]/files", {
    params: { uploadId },
    query: { name: `${word}.csv` },
    body: `id,question,answer\n1,${word} asks,${word} answers\n`
  });
  await call("POST", "api/invitations", {
    body: { email: `${word}-invited@example.com`, memberships: [{ businessUnit: unit, role: "expert" }] }
  });
  const { people, invitations } = await made<{
    people: readonly { userId: string; memberships: readonly Membership[] }[];
    invitations: readonly { invitationId: string; email: string }[];
  }>("GET", "api/people");
  const apiKey = await made<{ key: { keyId: string } }>("POST", "api/account/keys", {
    body: { name: `${word} machine`, rights: ["read"], businessUnits: [unit], days: 1 }
  });
  const question = await made<{ questionId: string }>("POST", "api/cluster-questions", {
    body: { mapId, clusterId: 0, businessUnit: unit, question: `${word} question`, count: 3, seed: 1 }
  });
  await call("POST", "api/cluster-questions/[questionId]", {
    params: { questionId: question.questionId },
    body: { verdict: "confirmed issue", note: `${word} note`, mapVersion: 1, baseVersion: 0 }
  });
  const { alerts } = await made<{ alerts: readonly { alertId: string; mapId: string }[] }>("GET", "api/home");
  const threads = await made<unknown>("POST", "api/traces/[traceId]/comments", {
    params: { traceId },
    body: { body: `${word} comment` }
  });
  const commentId = /"commentId":"([^"]+)"/.exec(JSON.stringify(threads))![1]!;
  await call("POST", "api/workbooks/[slug]/comments", { params: { slug }, body: { body: `${word} remark` } });
  return {
    ...{ commentId, alertId: alerts.find((alert) => alert.mapId === mapId)!.alertId },
    ...{ apiKeyId: apiKey.key.keyId, unit, questionId: question.questionId },
    userId: people.find(({ memberships }) => memberships.some(({ role }) => role === "auditor"))!.userId,
    invitationId: invitations.find(({ email }) => email.startsWith(word))!.invitationId,
    ...{ traceId, spanId: hexId(`${unit}-1/root`, 16), sessionId: `${word}-session-1`, viewId: view.viewId },
    ...{ slug, runId, mapId, datasetId: dataset.datasetId, queueId: queue.queueId, scorerId: promoted.scorerId },
    ...{ ruleId: scoring.ruleId, keyId: key.keyId, uploadId }
  };
}
