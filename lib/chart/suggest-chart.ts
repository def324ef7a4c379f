import type { Column } from "../model/table.ts";

type Field = "time" | "number" | "category" | "other";

/** What an engine type is to a chart. */
function fieldOf(type: string): Field {
  const name = type.toUpperCase();
  if (/^(DATE|TIMESTAMP|TIME)/.test(name) && !name.endsWith("[]")) return "time";
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|REAL|DECIMAL)/.test(name) && !name.endsWith("[]"))
    return "number";
  return /^(VARCHAR|BOOLEAN|ENUM|UUID)/.test(name) && !name.endsWith("[]") ? "category" : "other";
}

/** Names that identify and do not describe: no axis is made of them while another column is there. */
const isIdentity = (name: string): boolean => /(^|_)(id|sha256|seq)$/i.test(name);

/**
 * Chooses a chart from a table's column types and writes it as the text of a chart cell.
 * The rule: time and number give a line (one per category where there is a category); category and number
 * bars, the largest first; two numbers dots; one number a histogram; a category alone counts; a time alone
 * counts per day; anything else counts rows.
 *
 * @param table    the name by which the code reads the rows
 * @param columns  of the table, in its order
 */
export function suggestChart(table: string, columns: readonly Column[]): string {
  const rows = /^[A-Za-z_$][\w$]*$/.test(table) ? table : `tables[${JSON.stringify(table)}]`;
  const find = (field: Field): readonly string[] => {
    const all = columns.filter(({ type }) => fieldOf(type) === field).map(({ name }) => name);
    const telling = all.filter((name) => !isIdentity(name));
    return telling.length > 0 ? telling : all;
  };
  const [time] = find("time");
  const [first, second] = find("number");
  const [category] = find("category");
  const text = (value: string): string => JSON.stringify(value);
  const plot = (marks: string, options = ""): string => `Plot.plot({${options} marks: [${marks}] })`;
  if (time !== undefined && first !== undefined) {
    const stroke = category === undefined ? "" : `, stroke: ${text(category)}`;
    const legend = category === undefined ? "" : " color: { legend: true },";
    return plot(
      `Plot.lineY(${rows}, { x: ${text(time)}, y: ${text(first)}${stroke}, sort: ${text(time)}, tip: true }), Plot.ruleY([0])`,
      legend
    );
  }
  if (category !== undefined && first !== undefined) {
    return plot(
      `Plot.barX(${rows}, { x: ${text(first)}, y: ${text(category)}, sort: { y: "-x", limit: 30 }, tip: true }), Plot.ruleX([0])`,
      " marginLeft: 120,"
    );
  }
  if (first !== undefined && second !== undefined) {
    return plot(`Plot.dot(${rows}, { x: ${text(first)}, y: ${text(second)}, tip: true })`);
  }
  if (first !== undefined)
    return plot(`Plot.rectY(${rows}, Plot.binX({ y: "count" }, { x: ${text(first)}, tip: true })), Plot.ruleY([0])`);
  if (time !== undefined)
    return plot(
      `Plot.rectY(${rows}, Plot.binX({ y: "count" }, { x: ${text(time)}, interval: "day", tip: true })), Plot.ruleY([0])`
    );
  if (category !== undefined) {
    return plot(
      `Plot.barX(${rows}, Plot.groupY({ x: "count" }, { y: ${text(category)}, sort: { y: "-x", limit: 30 }, tip: true })), Plot.ruleX([0])`,
      " marginLeft: 120,"
    );
  }
  return plot(`Plot.barX(${rows}, Plot.groupZ({ x: "count" })), Plot.ruleX([0])`);
}
