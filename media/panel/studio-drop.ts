/** What a drag or a paste carries. */

/** Forms in which the workbench and the system hand over dropped files, best first. */
const uriTypes = ["application/vnd.code.uri-list", "text/uri-list"];

/** True when a drag may hold images; what exactly is told only once it is dropped. */
export function mayHoldImages(data: DataTransfer | null): boolean {
  return data?.types.some((type) => type === "Files" || uriTypes.includes(type)) === true;
}

/** Addresses of the dropped files, where the drag has any. */
export function droppedUris(data: DataTransfer | null): string[] {
  for (const type of uriTypes) {
    const lines = (data?.getData(type) ?? "").split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
    if (lines.length > 0) {
      return lines;
    }
  }
  return [];
}

/** Files whose bytes came along: dropped from outside the editor, or an image on the clipboard. */
export function filesOf(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])];
}
