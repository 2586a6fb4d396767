/** The last part of a path, whichever system's it is. The page has no `node:path`. */
export function lastSegment(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
