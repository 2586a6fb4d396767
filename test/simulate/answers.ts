import type { Random } from "./random.ts";

/** What the service, or something before it, answers to a paid POST. */
export interface PostAnswer {
  readonly name: string;
  /** What it means by the rule for money: only `refused` and `throttled` may count as not paid. */
  readonly meaning: "accepted" | "refused" | "throttled" | "unclear";
  /** Whether the service has taken the request. */
  readonly takes: boolean;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body for a request of this id. */
  readonly body: (id: string) => string;
  /** A valid id stands in the body. */
  readonly namesId: boolean;
}

const json = { "content-type": "application/json" };

/** What a well service says. */
export const taken: PostAnswer = {
  name: "200 with id",
  meaning: "accepted",
  takes: true,
  status: 200,
  headers: json,
  body: (id) => JSON.stringify({ request_id: id, status: "in_queue", status_url: "https://example.com/status" }),
  namesId: true,
};

const statuses = [200, 201, 202, 302, 400, 401, 402, 403, 404, 408, 409, 421, 422, 425, 429, 500, 502, 503, 504, 520];
const codes = [400001, 400002, 400004, 401001, 403001, 404001, 422001, 429, 429001, 4290, 500001, 503001, 12];

/** What a code says of its request: the status that its first digits stand for; undefined for a code of no known scheme. */
function statusOf(code: number): number | undefined {
  const text = String(code);
  const status = Number(text.slice(0, 3));
  return (text.length === 3 || text.length === 6) && status >= 400 && status < 600 ? status : undefined;
}

/** Any answer at all, contradictory ones among them. A service does not lie where status and code agree. */
export function anyAnswer(random: Random): PostAnswer {
  const status = random.weighted([
    [3, 200],
    [2, 429],
    [2, 421],
    [8, random.pick(statuses)],
  ]);
  const code = random.chance(0.6) ? random.pick(codes) : undefined;
  const key = random.pick(["error_code", "code"]);
  const namesId = random.chance(0.3);
  const shape = random.weighted([
    [6, "json"],
    [1, "empty"],
    [1, "page"],
    [1, "cut"],
  ]);
  const says = shape === "json" && code !== undefined ? statusOf(code) : undefined;
  const isWord = shape === "empty" || (shape === "json" && !namesId);
  // A code of another scheme contradicts a status that says no.
  const agrees = shape === "empty" || code === undefined || (says !== undefined && says < 500);
  const named = namesId && shape === "json";
  const meaning = ((): PostAnswer["meaning"] => {
    if (named && status < 300) {
      return "accepted";
    }
    if (!isWord || !agrees) {
      return "unclear";
    }
    if (status === 429) {
      return shape === "empty" || code === undefined || says === 429 ? "throttled" : "refused";
    }
    if (status >= 400 && status < 500) {
      return "refused";
    }
    return status === 200 && shape === "json" && says === 429 ? "throttled" : "unclear";
  })();
  const takes = named || (meaning === "unclear" && random.chance(0.5));
  const retryAfter = status === 429 && random.chance(0.5) ? { "retry-after": String(random.between(0, 90)) } : {};
  const body = (id: string): string => {
    const whole = JSON.stringify({
      ...(namesId && { request_id: id, status: "in_queue" }),
      ...(code !== undefined && { [key]: code }),
      message: "simulated",
    });
    switch (shape) {
      case "empty":
        return "";
      case "page":
        return `<html><body><h1>${status}</h1></body></html>`;
      case "cut":
        return whole.slice(0, Math.floor(whole.length / 2));
      default:
        return whole;
    }
  };
  const name = `${status} ${shape}${shape === "json" && code !== undefined ? ` ${key} ${code}` : ""}${named ? " with id" : ""}`;
  return { name, meaning, takes, status, headers: { ...json, ...retryAfter }, body, namesId: named };
}
