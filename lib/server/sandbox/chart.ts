import { Fault } from "#lib/model/fault.ts";
import { ChildLoss, SandboxProcess } from "./process.ts";
import { scrubSvg } from "./svg.ts";
import type { Walls } from "./walls.ts";

const chartTimeoutMs = 15_000;
const chartMemoryBytes = 512 * 2 ** 20;
const svgLimit = 8 * 2 ** 20;

/** Draws one chart behind the same walls as scorers; a fresh process each time. */
export async function renderInSandbox(
  walls: Walls,
  script: string,
  code: string,
  tables: Readonly<Record<string, Uint8Array>>,
  signal: AbortSignal
): Promise<string> {
  const child = new SandboxProcess(walls, script, chartMemoryBytes);
  const stop = () => child.kill();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const encoded = Object.fromEntries(
      Object.entries(tables).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")])
    );
    const answer = JSON.parse(
      await child.ask(JSON.stringify({ code, tables: encoded }), chartTimeoutMs, "the chart took longer than 15 s")
    ) as {
      readonly svg?: unknown;
      readonly message?: unknown;
    };
    if (typeof answer.svg !== "string")
      throw new Fault(
        "invalid",
        typeof answer.message === "string" ? answer.message.slice(0, 500) : "the chart gave no picture"
      );
    if (answer.svg.length > svgLimit)
      throw new Fault("limit", "the chart is larger than 8 MiB", { hint: "Aggregate before you draw." });
    return scrubSvg(answer.svg);
  } catch (error) {
    if (error instanceof ChildLoss)
      throw new Fault("limit", signal.aborted ? "stopped" : error.message.replace("the scorer", "the chart"), {
        cause: error
      });
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    child.kill();
  }
}
