import { expect, test } from "vitest";
import {
  clusterQuestionPaths,
  parseClusterJudgementRequest,
  parseClusterQuestionRequest
} from "#lib/wire/cluster-questions.ts";

const question = { mapId: "m", clusterId: 3, businessUnit: "legal", question: "One issue?", count: 5, seed: 1 };
const verdict = { verdict: "confirmed issue", note: "Because.", mapVersion: 2, baseVersion: 0 };

test("a question about a cluster is read whole, and what is missing in it is named", () => {
  expect(parseClusterQuestionRequest({ ...question, more: true })).toEqual(question);
  for (const name of Object.keys(question)) {
    expect(() => parseClusterQuestionRequest({ ...question, [name]: null })).toThrow(name);
  }
});

test("a verdict is one of four, and another is told which there are", () => {
  expect(parseClusterJudgementRequest(verdict)).toEqual(verdict);
  expect(() => parseClusterJudgementRequest({ ...verdict, verdict: "fine" })).toThrow('a cluster is no "fine"');
  expect(() => parseClusterJudgementRequest({ ...verdict, mapVersion: "2" })).toThrow("mapVersion");
});

test("ids stand in addresses as they are, whatever they hold", () => {
  expect(clusterQuestionPaths.all()).toBe("/api/cluster-questions");
  expect(clusterQuestionPaths.ofMap("a&b")).toBe("/api/cluster-questions?map=a%26b");
  expect(clusterQuestionPaths.one("a/b")).toBe("/api/cluster-questions/a%2Fb");
  expect(clusterQuestionPaths.page("a/b")).toBe("/queues/clusters/a%2Fb");
});
