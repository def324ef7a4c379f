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

/** Addresses that prose may link to anywhere; anything else is shown as text. */
const outside = /^(https?:|mailto:|#)/i;

/** Addresses of our own pages, which only those pages can reach. */
const ownPage = /^\/(traces|queues|datasets|workbooks|maps)\/[\w%.-]+$/;

function openMarked(isSafeLink: (address: string) => boolean): Marked {
  return new Marked({
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
}

const marked = {
  report: openMarked((address) => outside.test(address.trim())),
  page: openMarked((address) => outside.test(address.trim()) || ownPage.test(address))
};

/**
 * Markdown as HTML. Raw HTML in it is shown as text; links lead to web and mail addresses only, and from a page to
 * other pages of ours; nothing is loaded.
 */
export function formatProse(markdown: string, within: "page" | "report" = "report"): string {
  return marked[within].parse(markdown) as string;
}
