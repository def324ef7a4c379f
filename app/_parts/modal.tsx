"use client";
import { useEffect, useRef } from "react";
import { Button } from "./button.tsx";

interface ModalProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: React.ReactNode;
}

/** A box over the page, open while it is drawn; Escape closes it. */
export function Modal({ title, onClose, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="dialog dialog-narrow" aria-label={title} onClose={onClose}>
      <div className="dialog-head">
        <h2 className="grow">{title}</h2>
        <Button small onClick={onClose}>
          Close
        </Button>
      </div>
      <div className="dialog-body stack">{children}</div>
    </dialog>
  );
}
