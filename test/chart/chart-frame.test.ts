import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { buildChartFrame, chartFrameSandbox } from "#lib/chart/chart-frame.ts";

test("the frame may run code and nothing else: no origin, no forms, no windows", () => {
  expect(chartFrameSandbox.split(" ")).toEqual(["allow-scripts"]);
});

test("the frame's policy loads nothing from anywhere", () => {
  const { document } = parseHTML(buildChartFrame("run()"));
  const policy = document.querySelector("meta[http-equiv]")?.getAttribute("content") ?? "";
  expect(policy.split(";")[0]).toBe("default-src 'none'");
  expect(policy).not.toMatch(/https?:|\*|'self'|connect-src/);
});

test("a runtime that holds the end of a script in a text stays one script with the same meaning", () => {
  const runtime = 'globalThis.found = ["</script>", "</SCRIPT >", "<!--"].join();';
  const html = buildChartFrame(runtime);
  expect(html.match(/<\/script/gi)).toHaveLength(1);
  const [, script] = /<script>([\s\S]*)<\/script>/.exec(html)!;
  expect(script).not.toContain("<!--");
  const found = new Function(`${script!.replace("globalThis.found =", "return")}`)() as string;
  expect(found).toBe("</script>,</SCRIPT >,<!--");
});

test("there is a place to draw in", () => {
  expect(parseHTML(buildChartFrame("")).document.getElementById("chart")).not.toBeNull();
});
