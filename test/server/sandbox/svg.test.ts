import { expect, test } from "vitest";
import { scrubSvg } from "#lib/server/sandbox/svg.ts";

test("a picture keeps its shapes, texts, references and Plot's own style", () => {
  const style =
    "<style>:where(.plot-d6a7b5) { display: block; }\n:where(.plot-d6a7b5 text),\n:where(.plot-d6a7b5 tspan) { white-space: pre; }</style>";
  const drawn = scrubSvg(
    `<svg class="plot-d6a7b5" viewBox="0 0 10 10">${style}<defs><clipPath id="c"><rect width="3"></rect></clipPath></defs><g clip-path="url(#c)" aria-label="bar"><rect fill="red" width="3"></rect></g><use href="#c"></use><text>a &lt; b &amp; c</text></svg>`
  );
  expect(drawn).toContain('xmlns="http://www.w3.org/2000/svg"');
  expect(drawn).toContain("white-space: pre");
  expect(drawn).toContain('<clipPath id="c">');
  expect(drawn).toContain('clip-path="url(#c)"');
  expect(drawn).toContain('href="#c"');
  expect(drawn).toContain("a &lt; b &amp; c");
});

const attacks: Readonly<Record<string, string>> = {
  script: "<script>alert(1)</script>",
  handler: '<rect onload="alert(1)"/>',
  "link to script": '<a href="javascript:alert(1)"><text>x</text></a>',
  "outside use": '<use href="https://evil.test/x.svg#a"/>',
  "outside use by xlink": '<use xlink:href="https://evil.test/x.svg#a"/>',
  image: '<image href="https://evil.test/p.png"/>',
  "foreign object": '<foreignObject><img src="x" onerror="alert(1)"></foreignObject>',
  "outside paint": '<rect fill="url(https://evil.test/a)"/>',
  "escaped paint": '<rect style="fill:u\\72l(https://evil.test/a)"/>',
  "imported style": "<style>@import 'https://evil.test/a.css';</style>",
  "style of the page": "<style>body { display: none }</style>",
  "markup in a style": "<style><img src=x onerror=alert(1)></style>",
  "markup in a title": "<title><img src=x onerror=alert(1)></title>",
  "markup in a comment": "<!--><img src=x onerror=alert(1)>-->",
  "markup in CDATA": "<![CDATA[><img src=x onerror=alert(1)>]]>",
  "cover over the page": '<rect style="position:fixed;inset:0"/>',
  animation: '<animate attributeName="href" to="javascript:alert(1)"/>',
  "handler set later": '<set attributeName="onmouseover" to="alert(1)"/>',
  "attribute that breaks out": `<rect class='"><img src=x onerror=alert(1)>'/>`
};

for (const [name, inner] of Object.entries(attacks)) {
  test(`a picture loses: ${name}`, () => {
    const drawn = scrubSvg(`<svg>${inner}<circle r="1"></circle></svg>`);
    expect(drawn).not.toMatch(
      /<(?:script|img|image|foreignObject|animate|set|a)\b|<!--|CDATA\[|evil\.test|display: none|position/i
    );
    expect(drawn.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/<[^>]*\son\w+=/i);
    expect(drawn.replaceAll(/&\w+;/g, "")).not.toMatch(/=\s*"[^"]*javascript:/i);
  });
}

test("a text without a picture is refused", () => {
  expect(() => scrubSvg("<p>no</p>")).toThrow(/no picture/);
});

test("endless nesting neither hangs nor crashes", () => {
  const depth = 3000;
  expect(scrubSvg(`<svg>${"<g>".repeat(depth)}${"</g>".repeat(depth)}</svg>`).length).toBeLessThan(10_000);
});
