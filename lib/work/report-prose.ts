import { Marked } from "marked";

/** A text as HTML shows it, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;"
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Addresses that a report may link to; anything else is shown as text. */
function isSafeLink(address: string): boolean {
  return /^(https?:|mailto:|#)/i.test(address.trim());
}

const marked = new Marked({
  gfm: true,
  async: false,
  renderer: {
    html({ text }) {
      return escapeHtml(text);
    },
    link({ href, tokens }) {
      const inner = this.parser.parseInline(tokens);
      return isSafeLink(href) ? `<a href="${escapeHtml(href)}" rel="noreferrer noopener">${inner}</a>` : inner;
    },
    // Loading a picture would tell its server who reads the report: it becomes a link.
    image({ href, text }) {
      const label = escapeHtml(text || href);
      return isSafeLink(href) ? `<a href="${escapeHtml(href)}" rel="noreferrer noopener">${label}</a>` : label;
    }
  }
});

/** Markdown as HTML. Raw HTML in it is shown as text; links lead to web and mail addresses only; nothing is loaded. */
export function formatProse(markdown: string): string {
  return marked.parse(markdown) as string;
}
