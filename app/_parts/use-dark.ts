"use client";
import { useEffect, useState } from "react";
import { isDark, watchTheme } from "#lib/browser/theme.ts";

/** Whether the page is drawn dark. */
export function useDark(): boolean {
  const [dark, setDark] = useState(false);
  useEffect(() => {
    setDark(isDark());
    return watchTheme(setDark);
  }, []);
  return dark;
}
