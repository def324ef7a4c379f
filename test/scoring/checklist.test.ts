import { afterAll, expect, test } from "vitest";
import { STOP_WORDS } from "#lib/map/stop-words.ts";
import { seededRandom } from "#lib/math/random.ts";
import type { TraceDocument } from "#lib/model/trace-document.ts";
import {
  type Checklist,
  type ChecklistTrace,
  type LearntTrace,
  learnChecklist,
  passesChecklist,
  readChecklistTrace
} from "#lib/scoring/checklist.ts";
import { describeCondition, formatChecklist } from "#lib/scoring/checklist-text.ts";
import { groupReasons } from "#lib/scoring/reason-groups.ts";
import { TraceView } from "#lib/scoring/trace-view.ts";
import { openCompiler } from "#lib/server/compiler.ts";

const compiler = await openCompiler();
afterAll(() => compiler.close());

const fillers = "hello please order today help account again maybe number street parcel monday".split(" ");

/** Conversations of common words; of those that went wrong half say “cannot help”, the others lack a tool. */
function makeTraces(count: number, seed: number): readonly LearntTrace[] {
  const random = seededRandom(seed);
  const words = () => fillers.filter(() => random() < 0.4);
  return Array.from({ length: count }, (_, at): LearntTrace => {
    const isWrong = at % 2 === 0;
    const group = isWrong ? (at % 4 === 0 ? 0 : 1) : null;
    return {
      isWrong,
      group,
      trace: {
        asked: [...words(), "12345"],
        answered: [...words(), ...(group === 0 && random() < 0.9 ? ["cannot", "help"] : ["done"])],
        called: group === 1 ? ["search"] : random() < 0.9 ? ["search", "check_policy"] : ["search"],
        failed: group === 1 && random() < 0.5 ? ["search"] : []
      }
    };
  });
}

function learn(traces: readonly LearntTrace[]): Checklist {
  const steps = learnChecklist(traces, STOP_WORDS);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const learnt = learn(makeTraces(80, 1));

test("a checklist finds words that are there, tools that are missing and tools that fail, each with its group", () => {
  const said = learnt.conditions.map(({ subject, text, wrongWhen, group }) => [subject, text, wrongWhen, group].join());
  expect(said).toContain("answered,cannot help,present,0");
  expect(said).toContain("called,check_policy,absent,1");
  expect(said).toContain("failed,search,present,1");
  expect(learnt.learntFrom).toEqual({ wrong: 40, fine: 40 });
  const one = learnt.conditions.find(({ text }) => text === "cannot help")!;
  expect(one.support.fine).toBe(0);
  expect(describeCondition(one, learnt, ["refuses"])).toBe(
    `the agent says "cannot help": ${one.support.wrong} of 40 that went wrong, 0 of 40 others, found with the reason "refuses"`
  );
});

test("it tells traces that it did not learn from, and says nothing where nothing tells them apart", () => {
  const fresh = makeTraces(200, 2);
  const right = fresh.filter(({ trace, isWrong }) => passesChecklist(learnt, trace) !== isWrong).length;
  expect(right).toBeGreaterThan(150);
  const same = fresh.map((one) => ({ ...one, trace: fresh[1]!.trace }));
  expect(learn(same).conditions).toEqual([]);
  expect(passesChecklist(learn(same), fresh[0]!.trace)).toBeUndefined();
  expect(learn([]).conditions).toEqual([]);
});

test("few conditions come of pure chance, and none alike", () => {
  const random = seededRandom(5);
  const noise = Array.from({ length: 40 }, (_, at): LearntTrace => {
    const words = Array.from({ length: 60 }, () => `w${Math.floor(random() * 400)}x`);
    return { isWrong: at % 2 === 0, group: null, trace: { asked: words, answered: [], called: [], failed: [] } };
  });
  expect(learn(noise).conditions.length).toBeLessThanOrEqual(12);
  expect(new Set(learnt.conditions.map(({ text, subject }) => `${subject} ${text}`)).size).toBe(
    learnt.conditions.length
  );
});

test("signs of a script without blanks are words, too", () => {
  const trace = (text: string): ChecklistTrace => ({ asked: [...text], answered: [], called: [], failed: [] });
  const traces = Array.from(
    { length: 20 },
    (_, at): LearntTrace => ({
      ...{ isWrong: at % 2 === 0, group: null },
      trace: trace(at % 2 === 0 ? "退款失败" : "谢谢您好")
    })
  );
  expect(learn(traces).conditions[0]).toMatchObject({ subject: "asked", wrongWhen: "present" });
});

test("its text compiles without a complaint, whatever words and names it holds", async () => {
  const evil = `x"}]; process.exit(); //\` \${a} */ </script> \u2028`;
  const odd = learn(
    Array.from(
      { length: 20 },
      (_, at): LearntTrace => ({
        ...{ isWrong: at % 2 === 0, group: at % 4 === 0 ? 0 : 1 },
        trace: { asked: ["naïve", "日"], answered: [], called: at % 4 === 0 ? [evil] : [], failed: [] }
      })
    )
  );
  expect(odd.conditions[0]!.text).toBe(evil);
  const [plain, hostile, empty] = [
    formatChecklist(learnt, ["refuses", "forgets"]),
    formatChecklist(odd, [evil]),
    formatChecklist(learn([]), [])
  ];
  expect(await compiler.diagnose(hostile)).toEqual([]);
  for (const text of [plain, hostile, empty]) expect((await compiler.compile(text)).code).toContain("conditions");
});

test("a trace is read by what was said and called", () => {
  const document = {
    id: "t",
    spans: [
      {
        ...{ id: "a", parentId: null, kind: "agent", startedAt: "2026-01-01T00:00:00Z", status: "ok" },
        ...{ input: [{ role: "user", parts: [{ type: "text", content: "Where IS it?" }] }], inputText: "Where IS it?" },
        ...{ output: [{ role: "assistant", parts: [{ type: "text", content: "I can't." }] }], outputText: "I can't." }
      },
      {
        ...{ id: "b", parentId: "a", kind: "tool", startedAt: "2026-01-01T00:00:01Z", status: "error" },
        toolName: "look"
      }
    ]
  } as unknown as TraceDocument;
  expect(readChecklistTrace(new TraceView(document))).toEqual({
    asked: ["where", "is", "it"],
    answered: ["i", "can't"],
    called: ["look"],
    failed: ["look"]
  });
});

test("reasons are together by the clusters of their map, the typical first, and those like no others last", () => {
  const reasons = ["a", "b", "c", "d", "e"].map((traceId, at) => ({ traceId, isWrong: at !== 1, reason: `r ${at}` }));
  const groups = groupReasons(reasons, {
    cluster: Int32Array.from([0, 0, -1, 0, 1]),
    clusters: [
      { id: 0, label: "late, parcel", representatives: ["d", "a"] },
      { id: 1, label: "", representatives: [] }
    ]
  });
  expect(
    groups.map(({ name, wrong, fine, reasons: own }) => [name, wrong, fine, own.map(({ traceId }) => traceId).join("")])
  ).toEqual([
    ["late, parcel", 2, 1, "dab"],
    ["like no others", 1, 0, "e"],
    ["like no others", 1, 0, "c"]
  ]);
});
