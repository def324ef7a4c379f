/** Addresses of importing and of ingest keys; routes live at the same paths under `app/`. */
export const importPaths = {
  /** POST begins an upload: UploadReply. */
  uploads: () => "/api/import",
  /** DELETE removes what was uploaded. */
  upload: (uploadId: string) => `/api/import/${encodeURIComponent(uploadId)}`,
  /** PUT the bytes of one file. */
  file: (uploadId: string, name: string) =>
    `/api/import/${encodeURIComponent(uploadId)}/files?name=${encodeURIComponent(name)}`,
  /** POST an ImportAsked: PreviewReply. */
  preview: (uploadId: string) => `/api/import/${encodeURIComponent(uploadId)}/preview`,
  /** POST an ImportAsked: ImportEvents as newline-delimited JSON; leaving the answer stops the import. */
  run: (uploadId: string) => `/api/import/${encodeURIComponent(uploadId)}/run`,
  /** GET KeysReply; POST a KeyRequest: MadeKeyReply. */
  keys: () => "/api/keys",
  /** DELETE revokes. */
  key: (keyId: string) => `/api/keys/${encodeURIComponent(keyId)}`
} as const;
