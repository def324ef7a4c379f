import type { IngestKey } from "#lib/model/ingest-key.ts";

/** An open key of the unit `support` without a limit of its own. */
export const ingestKey: IngestKey = {
  keyId: "k",
  businessUnit: "support",
  name: "shop",
  spansPerSecond: null,
  userId: "owner",
  createdAtMs: 0,
  revokedAtMs: null
};
