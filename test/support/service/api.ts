import { catalogueEntry, catalogueList, categories, MODEL_ID } from "./catalogue.ts";
import type { Engine } from "./engine.ts";
import type { Effects } from "./faults.ts";
import { dataUriComplaints, strictComplaints } from "./inputs.ts";
import { outputPath } from "./outputs.ts";
import { errorReply, jsonReply, type Reply } from "./reply.ts";
import { endedAt, queuePosition, type Run, stateAt } from "./runs.ts";

/** What the handlers need: the runs, and the origin that links in answers start with. */
export type Api = { readonly engine: Engine; readonly origin: string };

function links(api: Api, run: Run) {
  const base = `${api.origin}/v1/requests/${run.id}`;
  return { status_url: `${base}/status`, result_url: `${base}/result` };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsedBody(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** The refusal of a call without a valid token, in the shape that the settings choose; undefined when it is right. */
export function refusal(engine: Engine, authorization: string | undefined): Reply | undefined {
  if (engine.settings.tokens.some((token) => authorization === `Bearer ${token}`)) return undefined;
  return engine.settings.authError === "401001"
    ? errorReply(401, 401001, "Invalid or missing API token.")
    : errorReply(400, 400004, "UserAccountError: the token is missing, expired or revoked.");
}

/** `POST /v1/models/{model_id}` (`docs/service.md`, "Calls"). The body is the input object itself. */
export function submit(api: Api, modelId: string, raw: Buffer, effects: Effects): Reply {
  const { engine } = api;
  if (modelId !== MODEL_ID) return errorReply(400, 400001, `InvalidResourceIdentifier: ${modelId}`);
  const body = parsedBody(raw);
  if (!isRecord(body)) return errorReply(422, 422001, "The body is not a JSON object.");
  if (engine.settings.validation === "strict") {
    const complaints = strictComplaints(body);
    if (complaints.length > 0) return errorReply(422, 422001, "Validation failed.", complaints);
  }
  if (engine.settings.dataUris === "refused") {
    const complaints = dataUriComplaints(body);
    if (complaints.length > 0) return errorReply(422, 422001, "Validation failed.", complaints);
  }
  const run = engine.accept(modelId, body, raw, effects);
  if (!run) return errorReply(400, 400002, "InsufficientResources: no balance left.");
  const cancel = `${api.origin}/v1/requests/${run.id}/cancel`;
  return jsonReply(200, { request_id: run.id, ...links(api, run), cancel_url: cancel });
}

/** `GET /v1/requests/{id}/status` (`docs/service.md`, "Calls"). */
export function status(api: Api, run: Run, effects: Effects): Reply {
  const now = api.engine.now();
  const state = stateAt(run, now);
  return jsonReply(200, {
    request_id: run.id,
    status: effects.statusWord ?? (state === "ended" ? "completed" : state),
    ...(state === "in_queue" ? { queue_position: queuePosition(run, now) } : {}),
    ...links(api, run),
  });
}

function outputOf(api: Api, run: Run, effects: Effects): object {
  if (effects.resultEmptyOutput) return {};
  const link = (suffix: string) => `${api.origin}${outputPath(run, suffix)}`;
  const video = effects.videoUrl ?? link(".mp4");
  const companion = effects.companionImage ? { image: link(".png") } : {};
  if (effects.severalVideos) return { ...companion, videos: [video, link("_2.mp4")] };
  if (effects.onlyVideosArray) return { ...companion, videos: [video] };
  return { ...companion, video };
}

function outcomeOf(api: Api, run: Run, effects: Effects, wantsCost: boolean): object {
  const { making } = run;
  switch (making.kind) {
    case "pending":
      return {};
    case "failed":
      return {
        status: "failed",
        [making.field]: making.error,
        ...(wantsCost ? { cost: run.chargedOnFailure ? run.cost : 0 } : {}),
      };
    case "made": {
      const showsCost = wantsCost && run.costLagged >= (effects.costLag?.times ?? 0);
      if (wantsCost && !showsCost) run.costLagged++;
      return {
        status: "succeeded",
        output: outputOf(api, run, effects),
        ...(showsCost ? { cost: run.cost } : {}),
      };
    }
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** `GET /v1/requests/{id}/result` (`docs/service.md`, "Calls"). */
export function result(api: Api, run: Run, query: URLSearchParams, effects: Effects): Reply {
  const state = stateAt(run, api.engine.now());
  const head = { request_id: run.id, created_at: iso(run.receivedAt) };
  const word = effects.statusWord === undefined ? {} : { status: effects.statusWord };
  const echo = effects.echoInputs ? { model_id: run.modelId, inputs: run.body } : {};
  if (state === "ended") {
    if (effects.resultLag && run.lagged < effects.resultLag.times) {
      run.lagged++;
      return effects.resultLag.as === "400005"
        ? errorReply(400, 400005, "The result is not ready.")
        : jsonReply(200, { ...head, status: "in_progress" });
    }
    const outcome = outcomeOf(api, run, effects, query.get("include_cost") === "true");
    return jsonReply(200, { ...head, ...outcome, finished_at: iso(endedAt(run) ?? run.receivedAt), ...echo, ...word });
  }
  const finished = run.cancelledAt === undefined ? {} : { finished_at: iso(run.cancelledAt) };
  return jsonReply(200, { ...head, status: state, ...finished, ...echo, ...word });
}

/** `POST /v1/requests/{id}/cancel`: only a queued job can be cancelled; either way the answer is 202 with `outcome`. */
export function cancel(api: Api, run: Run, effects: Effects): Reply {
  const now = api.engine.now();
  const before = stateAt(run, now);
  if (before === "in_queue") run.cancelledAt = now;
  const after = stateAt(run, now);
  return jsonReply(202, {
    request_id: run.id,
    status: effects.statusWord ?? (after === "ended" ? "completed" : after),
    outcome: before === "in_queue" ? "cancelled" : "not_cancellable",
  });
}

/** `GET /v1/models/{model_id}` (`docs/service.md`, "Catalogue and balance"). */
export function catalogue(engine: Engine, modelId: string): Reply {
  if (modelId === "categories") return jsonReply(200, categories());
  const entry = catalogueEntry(modelId, engine.settings);
  return entry ? jsonReply(200, entry) : errorReply(400, 400001, `InvalidResourceIdentifier: ${modelId}`);
}

/** `GET /v1/models` (`docs/service.md`, "Catalogue and balance"). */
export function list(engine: Engine, query: URLSearchParams): Reply {
  return jsonReply(200, catalogueList(query, engine.settings));
}

/** `GET /prod/v2/balance` (`docs/service.md`, "Catalogue and balance"); on the hosted service this is another host. */
export function balance(engine: Engine): Reply {
  const usd = engine.balance();
  return jsonReply(200, { balance_usd: usd, balance_microdollars: Math.round(usd * 1e6), currency: "USD" });
}
