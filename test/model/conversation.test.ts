import fc from "fast-check";
import { expect, test } from "vitest";
import { Conversation } from "#lib/model/conversation.ts";
import type { Json } from "#lib/model/span.ts";

const say = (role: string, content: string): Json => ({ role, parts: [{ type: "text", content }] });

/** What every step added, as words. */
function listNews(steps: readonly { readonly input: Json; readonly output: Json }[]): string[] {
  const conversation = new Conversation();
  return steps.flatMap((step, at) => {
    const { sent, answered } = conversation.add({ ...step, spanId: String(at) });
    return [...sent, ...answered].map(({ role, parts }) => `${role}: ${String(parts[0]?.content)}`);
  });
}

const turns = fc.array(fc.record({ asked: fc.nat(), answered: fc.nat() }), { minLength: 1, maxLength: 8 });

test("a conversation is the same whether each step was sent all of it or only what was new", () => {
  fc.assert(
    fc.property(turns, (list) => {
      const told = list.flatMap(({ asked, answered }, at) => [
        say("user", `question ${at} ${asked}`),
        say("assistant", `answer ${at} ${answered}`)
      ]);
      const steps = (from: (at: number) => number) =>
        list.map((_, at) => ({ input: told.slice(from(at), at * 2 + 1), output: [told[at * 2 + 1]!] }));
      const words = told.map((message) => {
        const { role, parts } = message as { role: string; parts: { content: string }[] };
        return `${role}: ${parts[0]!.content}`;
      });
      expect(listNews(steps(() => 0))).toEqual(words);
      expect(listNews(steps((at) => at * 2))).toEqual(words);
    }),
    { seed: 5 }
  );
});

test("agents with instructions of their own continue one conversation, and each instruction is told once", () => {
  const question = say("user", "refund?");
  expect(
    listNews([
      { input: [say("system", "You plan."), question], output: [say("assistant", "plan")] },
      { input: [say("system", "You write."), question, say("assistant", "plan")], output: [say("assistant", "done")] },
      { input: [say("system", "You plan."), question], output: [] }
    ])
  ).toEqual(["system: You plan.", "user: refund?", "assistant: plan", "system: You write.", "assistant: done"]);
});

test("an answer that the agent reworded before sending it again is not said twice", () => {
  expect(
    listNews([
      { input: [say("user", "hi")], output: [say("assistant", "hello <thoughts>")] },
      { input: [say("user", "hi"), say("assistant", "hello"), say("user", "bye")], output: [] }
    ])
  ).toEqual(["user: hi", "assistant: hello <thoughts>", "user: bye"]);
});

test("two answers of a tool that differ are two messages", () => {
  const answer = (response: string): Json => ({
    role: "tool",
    parts: [{ type: "tool_call_response", id: "c", response, content: response }]
  });
  expect(
    listNews([
      { input: [answer("a")], output: [] },
      { input: [answer("b")], output: [] }
    ])
  ).toEqual(["tool: a", "tool: b"]);
});

test("what is no message says nothing", () => {
  expect(listNews([{ input: "text", output: [null, 1, [], { parts: [] }, { role: 7 }] }])).toEqual([]);
});
