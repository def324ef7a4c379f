import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { HomeView } from "./_parts/trace-home.tsx";
import { findAsker, listRights } from "./asker.ts";

export const metadata: Metadata = { title: "Home" };

/** Home: health of every unit, workbooks and what they last found. Who reads reports alone is led to them. */
export default async function Page() {
  const asker = await findAsker();
  if (asker && !(await listRights(asker)).includes("read")) redirect("/runs");
  return <HomeView />;
}
