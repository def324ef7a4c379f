/** Tables of the audit trail. */
export interface AuditTables {
  /** The links of the chain. All but body and hash are there to be looked for, and say what the body says. */
  readonly audit_entries: {
    seq: number;
    at_ms: number;
    actor_id: string;
    action: string;
    outcome: string;
    business_units: string;
    payload_digest: string;
    body: string;
    hash: string;
  };
  /** What can be erased without breaking the chain, which holds the digest of salt and payload alone. */
  readonly audit_payloads: { digest: string; salt: string; payload: string };
  /** One row: where the chain stands. Whoever adds a link changes it, so that links are added one after another. */
  readonly audit_head: { head_id: number; seq: number; hash: string; at_ms: number };
  readonly audit_checkpoints: { signature: string; seq: number; hash: string; signed_at: string; key_id: string };
}
