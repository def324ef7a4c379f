import type { Scope } from "../model/scope.ts";
import type { Grantee, Share, ShareAccess } from "../model/share.ts";

/** With whom workbooks are shared. Only who owns one, or administers every unit, sees and changes it. */
export interface Shares {
  /**
   * In the order of grantees.
   *
   * @throws Fault `missing` where the scope does not see the workbook, `denied` where it is not its own
   */
  list(scope: Scope, slug: string): Promise<readonly Share[]>;
  /**
   * Shares a workbook, or changes what somebody may do with it.
   *
   * @throws Fault `missing` and `denied` as in `list`; `denied` for a unit that is not in the scope, and for everyone
   * unless the scope holds `admin` in every unit
   */
  put(scope: Scope, slug: string, grantee: Grantee, access: ShareAccess): Promise<void>;
  /** Takes it back; nothing happens where it was not shared. @throws Fault as in `list` */
  remove(scope: Scope, slug: string, grantee: Grantee): Promise<void>;
}
