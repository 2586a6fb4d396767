/** What a drag or a paste carries. */

/** Forms in which the workbench and the system hand over dropped files, best first. */
const uriTypes = ["application/vnd.code.uri-list", "text/uri-list"];

/** True when a drag may hold images; what exactly is told only once it is dropped. */
export function mayHoldImages(data: DataTransfer | null): boolean {
  return data?.types.some((type) => type === "Files" || uriTypes.includes(type)) === true;
}

/** Most addresses that are looked at, and characters of one: no path is longer, and a picture inside its address is none. */
const mostAddresses = 50;
const longestAddress = 4096;

/** Addresses of what was dropped, where the drag has any: those of files, where one of its forms has these. */
export function droppedUris(data: DataTransfer | null): string[] {
  const forms = uriTypes.map((type) =>
    (data?.getData(type) ?? "")
      .split(/\r?\n/, mostAddresses)
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.slice(0, longestAddress)),
  );
  return forms.find(holdFiles) ?? forms.find((lines) => lines.length > 0) ?? [];
}

/** True where at least one address is a file's, which the host can read where it lies. */
export function holdFiles(uris: readonly string[]): boolean {
  return uris.some((uri) => /^(file|vscode-remote):/i.test(uri));
}

/** Files whose bytes came along: dropped from outside the editor, or an image on the clipboard. */
export function filesOf(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])];
}
