/** What a drag or a paste carries. */

/** Types under which the workbench and the system hand over dropped files, best first. */
const uriTypes = ["application/vnd.code.uri-list", "text/uri-list"];

/** True if a drag may contain images. Its exact content is known only after the drop. */
export function mayHoldImages(data: DataTransfer | null): boolean {
  return data?.types.some((type) => type === "Files" || uriTypes.includes(type)) === true;
}

/**
 * Maximum number of addresses read, and maximum characters of each. No path is longer, and an address with a picture
 * embedded in it is not a path.
 */
const maxAddresses = 50;
const maxAddressLength = 4096;

/**
 * Addresses of what was dropped; the list is empty if the drag has none. Prefers a type that contains addresses of
 * files.
 */
export function droppedUris(data: DataTransfer | null): string[] {
  const forms = uriTypes.map((type) =>
    (data?.getData(type) ?? "")
      .split(/\r?\n/, maxAddresses)
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.slice(0, maxAddressLength)),
  );
  return forms.find(holdFiles) ?? forms.find((lines) => lines.length > 0) ?? [];
}

/** True if at least one address is that of a file, which the host can read in place. */
export function holdFiles(uris: readonly string[]): boolean {
  return uris.some((uri) => /^(file|vscode-remote):/i.test(uri));
}

/** Files that came with their bytes: dropped from outside the editor, or an image on the clipboard. */
export function filesOf(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])];
}
