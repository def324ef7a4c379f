import { parseHTML } from "linkedom";
import { Fault } from "#lib/model/fault.ts";

const elements = new Set(
  "svg g path rect circle ellipse line polyline polygon text tspan textpath title desc defs clippath lineargradient radialgradient stop marker pattern symbol use mask style".split(
    " "
  )
);

/** Loads something, or runs something, from within a value. */
const isReaching = (value: string): boolean => /url\(\s*(?!['"]?#)|javascript:|@import|expression\(|data:/i.test(value);

/**
 * Rebuilds an SVG from what a picture needs and leaves all else out: it came from a person's code and goes
 * into a page. The page's own policy forbids scripts and loading once more.
 *
 * @throws Fault `invalid` when there is no SVG in the text
 */
export function scrubSvg(text: string): string {
  const { document } = parseHTML(`<!doctype html><html><body>${text}</body></html>`);
  const svg = document.querySelector("svg");
  if (!svg) throw new Fault("invalid", "the chart gave no picture");
  scrub(svg as unknown as Node);
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return String(svg.outerHTML);
}

interface Node {
  readonly tagName: string;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly children: Iterable<Node>;
  readonly textContent: string;
  removeAttribute(name: string): void;
  remove(): void;
}

function scrub(node: Node): void {
  for (const { name, value } of [...node.attributes]) {
    const key = name.toLowerCase();
    const isLink = key === "href" || key.endsWith(":href") || key === "src";
    if (
      key.startsWith("on") ||
      (isLink && !value.startsWith("#")) ||
      (key !== "xmlns" && !key.startsWith("xmlns:") && isReaching(value))
    )
      node.removeAttribute(name);
  }
  for (const child of [...node.children]) {
    const tag = child.tagName.toLowerCase();
    if (!elements.has(tag) || (tag === "style" && isReaching(child.textContent))) child.remove();
    else scrub(child);
  }
}
