import { expect, test } from "vitest";
import { parseAgentRxTruth } from "#lib/formats/agentrx.ts";
import { isAgentRxRun, isTauBenchRun, parseTauBenchRun } from "#lib/formats/tau-bench.ts";
import { parseWhoAndWhenRun } from "#lib/formats/who-and-when.ts";

const context = { businessUnit: "support", environment: null, nowMs: 0 };

test("a speaker of a run by hand is one agent in all its parts, and who asks is none", () => {
  const { spans, annotations } = parseWhoAndWhenRun(
    {
      question: "Where?",
      history: [
        { role: "human", content: "Where?" },
        { role: "Planner (thought)", content: "First look it up." },
        { role: "Planner (-> Surfer)", content: "Please look it up." },
        { role: "Surfer", content: "Here." }
      ],
      mistake_agent: "Planner",
      mistake_step: "2",
      mistake_reason: "too vague"
    },
    "team",
    context
  );
  expect(spans.map(({ name, kind, agent }) => [name, kind, agent])).toEqual([
    ["invoke_agent team", "agent", "team"],
    ["human", "other", null],
    ["Planner (thought)", "llm", "Planner"],
    ["Planner (-> Surfer)", "llm", "Planner"],
    ["Surfer", "llm", "Surfer"]
  ]);
  expect(spans[1]!.output).toMatchObject([{ role: "user" }]);
  expect(annotations).toMatchObject([{ spanId: spans[3]!.spanId, note: "too vague" }]);
});

test("a run of AgentRx by itself is told by the numbers on its messages, which judgements count by", () => {
  const run = {
    task_id: 104,
    reward: 0,
    traj: [
      { role: "system", content: "Be kind.", index: 1 },
      { role: "user", content: "hello", index: 2 },
      { role: "assistant", content: "bye", index: 3 }
    ]
  };
  expect([isAgentRxRun(run), isTauBenchRun(run)]).toEqual([true, false]);
  const { spans } = parseTauBenchRun(run, "desk", context);
  expect(spans.map(({ source, attributes }) => [source, attributes["tau.steps"]])).toEqual([
    ["agentrx", [1]],
    ["agentrx", [2, 3]]
  ]);
  expect(spans[0]!.attributes).not.toHaveProperty("tau.trial");
});

test("what people wrote about a run that no annotation holds is named", () => {
  const { losses } = parseAgentRxTruth(
    {
      trajectory_id: 4,
      failures: [{ failure_id: 1, failure_category: "Invalid Invocation", step_number: 3, severity: "high" }],
      root_cause: { failure_id: 1, reason_for_root_cause: "why", confidence: 1 },
      failure_summary: "in short"
    },
    context
  );
  expect(losses!.map(({ field }) => field)).toEqual(["failure_summary", "root_cause.confidence", "failures.severity"]);
});
