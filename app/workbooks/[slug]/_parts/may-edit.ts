"use client";
import { createContext } from "react";

/** Whether the reader may change the workbook that is open. */
export const MayEdit = createContext(true);
