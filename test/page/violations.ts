import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/**
 * Rules of accessibility that axe finds broken on what a page shows now, in light and in dark.
 *
 * @param part  the only element that is looked at; all of the page but editors and frames when absent
 */
export async function listViolations(page: Page, part?: string): Promise<string[]> {
  const look = async (scheme: "light" | "dark", rules: readonly string[] | null) => {
    await page.emulateMedia({ colorScheme: scheme });
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
    if (part === undefined) axe.exclude(".monaco-editor").exclude("iframe");
    else axe.include(part);
    const { violations } = await (rules
      ? axe.withRules([...rules])
      : axe.withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    ).analyze();
    return violations.map(({ id, nodes }) => `${scheme} ${id}: ${nodes[0]?.html.slice(0, 160)}`);
  };
  const light = await look("light", null);
  // Of all the rules only contrast depends on the scheme.
  const dark = await look("dark", ["color-contrast"]);
  await page.emulateMedia({ colorScheme: "light" });
  return [...light, ...dark];
}
