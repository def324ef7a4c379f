import { parseHTML } from "linkedom";
import { Fault } from "#lib/model/fault.ts";

const elements = new Set(
  "svg g path rect circle ellipse line polyline polygon text tspan textpath title desc defs clippath lineargradient radialgradient stop marker pattern symbol use mask style".split(
    " "
  )
);

/** Names whose case counts in SVG and which an HTML parser lowers. */
const spelling = new Map(
  ["textPath", "clipPath", "linearGradient", "radialGradient"].map((name) => [name.toLowerCase(), name])
);

/** Loads something, runs something, leaves its place in the page, or hides one of these behind an escape. */
const isReaching = (value: string): boolean =>
  /url\(\s*(?!['"]?#)|javascript:|vbscript:|@import|expression\(|data:|position\s*:|\\|[<>]/i.test(value);

/** Rules of Plot's own style sheet, which touch nothing but its picture. */
const ownRules =
  /^(?:\s*:where\(\.plot-[\w-]+(?: [a-z]+)?\)(?:,\s*:where\(\.plot-[\w-]+(?: [a-z]+)?\))*\s*\{[^{}<>\\]*\})*\s*$/;

/** Elements below one another; a picture needs a dozen. */
const depthLimit = 200;

/**
 * Writes an SVG anew from what a picture needs: known elements, harmless attributes, escaped text. It came
 * from a person's code and goes into a page. Nothing of the original text is copied, because what one parser
 * reads as a comment or as a style, another reads as markup.
 *
 * @throws Fault `invalid` when there is no SVG in the text
 */
export function scrubSvg(text: string): string {
  const { document } = parseHTML(`<!doctype html><html><body>${text}</body></html>`);
  const svg = document.querySelector("svg");
  if (!svg) throw new Fault("invalid", "the chart gave no picture");
  const parts: string[] = [];
  write(svg as unknown as Node, parts, 0);
  return parts.join("");
}

interface Node {
  readonly nodeType: number;
  readonly tagName: string;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly childNodes: Iterable<Node>;
  readonly textContent: string;
}

function write(node: Node, parts: string[], depth: number): void {
  if (node.nodeType === 3) parts.push(escapeText(node.textContent));
  if (node.nodeType !== 1) return;
  const tag = node.tagName.toLowerCase();
  if (!elements.has(tag) || depth > depthLimit) return;
  if (tag === "style") {
    if (ownRules.test(node.textContent) && !isReaching(node.textContent))
      parts.push("<style>", node.textContent, "</style>");
    return;
  }
  const name = spelling.get(tag) ?? tag;
  parts.push("<", name, depth === 0 ? ' xmlns="http://www.w3.org/2000/svg"' : "");
  for (const { name: key, value } of node.attributes) {
    if (isHarmless(key.toLowerCase(), value)) parts.push(" ", key, '="', escapeText(value), '"');
  }
  parts.push(">");
  // Titles and descriptions hold text only: browsers read markup in them as HTML.
  if (tag === "title" || tag === "desc") parts.push(escapeText(node.textContent));
  else for (const child of node.childNodes) write(child, parts, depth + 1);
  parts.push("</", name, ">");
}

function isHarmless(key: string, value: string): boolean {
  if (!/^[a-z][a-z0-9-]*$/.test(key)) return false;
  if (key.startsWith("on") || key.startsWith("xml") || key === "src") return false;
  if (key === "href") return /^#[\w-]+$/.test(value);
  if (key.startsWith("aria-") || key === "class" || key === "id") return true;
  return !isReaching(value);
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
