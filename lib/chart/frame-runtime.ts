// Runs inside a chart frame, bundled into one script with Plot and the Arrow reader.
import * as Plot from "@observablehq/plot";
import { evaluateChart, readChartRows } from "./evaluate-chart.ts";

/** What the page sends with a port. */
interface ChartMessage {
  readonly code: string;
  /** Arrow IPC stream bytes by name. */
  readonly tables: Readonly<Record<string, Uint8Array>>;
  readonly dark?: boolean;
}

addEventListener("message", async (event: MessageEvent<ChartMessage>) => {
  const [port] = event.ports;
  const place = document.getElementById("chart");
  if (event.source !== parent || port === undefined || place === null) return;
  try {
    const { code, tables, dark } = event.data;
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    document.documentElement.style.color = dark ? "#e6e6e6" : "#1b1b1b";
    const rows = Object.fromEntries(Object.entries(tables).map(([name, bytes]) => [name, readChartRows(bytes)]));
    const drawn = await evaluateChart(code, Plot, rows);
    if (!(drawn instanceof Element)) throw new TypeError("the code gives no chart; end it with Plot.plot({ … })");
    place.replaceChildren(drawn);
    port.postMessage({ kind: "drawn", height: document.documentElement.scrollHeight });
  } catch (error) {
    port.postMessage({
      kind: "failed",
      message: error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    });
  }
});
