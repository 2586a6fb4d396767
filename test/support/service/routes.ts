import type { Call } from "./faults.ts";

/** What an address means. `null` is an address that the API does not have. */
export type Route =
  | { readonly call: "submit" | "catalogue"; readonly modelId: string }
  | { readonly call: "status" | "result" | "cancel"; readonly requestId: string }
  | { readonly call: "list" | "balance" }
  | { readonly call: "download" }
  | { readonly call: null };

const REQUEST = /^\/v1\/requests\/([^/]+)\/(status|result|cancel)$/;
const METHODS: { readonly [call in Call]: readonly string[] } = {
  submit: ["POST"],
  status: ["GET"],
  result: ["GET"],
  cancel: ["POST"],
  catalogue: ["GET"],
  list: ["GET"],
  balance: ["GET"],
  download: ["GET", "HEAD"],
};

function byAddress(method: string, path: string): Route {
  if (path === "/prod/v2/balance") return { call: "balance" };
  if (path === "/v1/models") return { call: "list" };
  if (path.startsWith("/v1/models/")) {
    const modelId = decodeURIComponent(path.slice("/v1/models/".length));
    return { call: method === "POST" ? "submit" : "catalogue", modelId };
  }
  if (path.startsWith("/outputs/")) return { call: "download" };
  const [, requestId = "", call = ""] = REQUEST.exec(path) ?? [];
  if (call === "status" || call === "result" || call === "cancel") return { call, requestId };
  return { call: null };
}

/** Reads method and path (without query) of a call; endpoints of `docs/service.md`, "Calls" and "Catalogue and balance". */
export function routeOf(method: string, path: string): Route {
  const route = byAddress(method, path);
  return route.call !== null && METHODS[route.call].includes(method) ? route : { call: null };
}
