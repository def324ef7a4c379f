"use client";
import { useState } from "react";

/** Copies a text, and says what became of it; nothing before. */
export function useCopy(text: string): { readonly said: string; copy(): void } {
  const [said, setSaid] = useState("");
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setSaid("copied"),
      () => setSaid("the browser does not let it be copied; mark it instead")
    );
  };
  return { said, copy };
}
