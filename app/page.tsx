import type { Metadata } from "next";
import { HomeView } from "./_parts/trace-home.tsx";

export const metadata: Metadata = { title: "Home" };

/** Home: health of every unit, workbooks and what they last found. */
export default function Page() {
  return <HomeView />;
}
