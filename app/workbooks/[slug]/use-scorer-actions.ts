"use client";
import { useMemo, useRef } from "react";
import { api, ask } from "#lib/browser/api.ts";
import type { ParamValue } from "#lib/model/cell.ts";
import { Fault, faultOf } from "#lib/model/fault.ts";
import { paths } from "#lib/wire/paths.ts";
import type { DiagnosticsReply } from "#lib/wire/workbook.ts";
import type { BenchActions } from "./_parts/use-bench.ts";
import type { PromotionActions } from "./_parts/use-promotion.ts";
import type { useDraft } from "./use-draft.ts";

/** Between two looks at whether the text is saved. */
const lookMs = 100;

/** What scorers of a workbook can be asked, each time of the text as it is written then. */
export function useScorerActions(
  slug: string,
  latest: React.RefObject<{ readonly text: string; readonly params: Readonly<Record<string, ParamValue>> }>,
  draft: ReturnType<typeof useDraft>
): BenchActions & { readonly promotion: PromotionActions } {
  const saving = useRef(draft);
  saving.current = draft;
  return useMemo(() => {
    /** The revision that holds the text as it is, once it is saved. */
    const savedRevision = async (): Promise<number> => {
      for (;;) {
        const { save, stored } = saving.current;
        if (save.kind === "saved" && stored) return stored.revision;
        if (save.kind === "failed") throw faultOf(save.fault);
        if (save.kind === "conflict") {
          throw new Fault("invalid", "the workbook was changed by someone else, and this text is not saved", {
            hint: "Settle that first: both texts are at the top of the page."
          });
        }
        await new Promise((resolve) => setTimeout(resolve, lookMs));
      }
    };
    return {
      check: async (source) => (await ask<DiagnosticsReply>(paths.diagnose(), "POST", { source })).diagnostics,
      handful: ({ key }, wish, signal) => api.handful(slug, key, { ...latest.current, ...wish }, signal),
      try: ({ key }, asked, signal) => api.tryScorer(slug, key, { ...latest.current, ...asked }, signal),
      promotion: {
        ground: ({ key }) => api.promotionGround(slug, key, { text: latest.current.text }),
        compare: ({ key }, asked, heard, signal) =>
          api.compareScorer(slug, key, { text: latest.current.text, ...asked }, heard, signal),
        promote: async ({ key }, asked) => api.promote(slug, key, { ...asked, revision: await savedRevision() })
      }
    };
  }, [slug, latest]);
}
