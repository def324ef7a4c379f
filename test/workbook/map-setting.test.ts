import { expect, test } from "vitest";
import { parseMapSettings } from "#lib/workbook/cell-settings.ts";
import { withClusterSize } from "#lib/workbook/map-setting.ts";

test.each([
  ["", "min_cluster_size: 40\n"],
  ["traces: calls\n", "traces: calls\nmin_cluster_size: 40\n"],
  ["traces: calls", "traces: calls\nmin_cluster_size: 40"],
  ["traces: calls\r\n", "traces: calls\r\nmin_cluster_size: 40\r\n"],
  ["min_cluster_size: 12 # few\ntext: input\n", "min_cluster_size: 40 # few\ntext: input\n"],
  ["traces: calls\nmin_cluster_size:\nseed: 3\n", "traces: calls\nmin_cluster_size: 40\nseed: 3\n"],
  ["# min_cluster_size: 3\ntext: input\n", "# min_cluster_size: 3\ntext: input\nmin_cluster_size: 40\n"],
  ["{ traces: calls, seed: 3 }\n", "{ traces: calls, seed: 3, min_cluster_size: 40 }\n"]
])("a cell of %j says another smallest cluster and all else as before", (text, changed) => {
  const made = withClusterSize(text, 40);
  expect(made).toBe(changed);
  expect(parseMapSettings(made)).toEqual({ ...parseMapSettings(text), minClusterSize: 40 });
  expect(withClusterSize(made, 40)).toBe(made);
});
