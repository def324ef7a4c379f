import { DOMParser } from "linkedom";

/** A JUnit file as a machine reads it. */
export const XMLParser = {
  parse(xml: string) {
    const document = new DOMParser().parseFromString(xml, "text/xml");
    const suite = document.querySelector("testsuite")!;
    const attributesOf = (element: Element) =>
      Object.fromEntries(element.getAttributeNames().map((name) => [name, decode(element.getAttribute(name)!)]));
    return {
      attributes: attributesOf(suite as unknown as Element),
      cases: [...suite.querySelectorAll("testcase")].map((element) => {
        const child = element.querySelector("failure, error");
        return {
          name: decode(element.getAttribute("name")!),
          outcome: child ? `${child.tagName.toLowerCase()}: ${decode(child.getAttribute("message")!)}` : null
        };
      })
    };
  }
};

/** The parser leaves entities of attributes as they are. */
function decode(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', amp: "&" };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name?: string) =>
    code === undefined ? named[name!]! : String.fromCodePoint(Number(code))
  );
}
