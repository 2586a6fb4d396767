import * as z from "zod";
import { priceSchema } from "./catalogue.ts";
import type { Engine, Settings } from "./engine.ts";
import type { Ledger } from "./ledger.ts";
import { errorReply, jsonReply, type Reply } from "./reply.ts";

const span = z.number().min(0).nullable();

/** What `PUT /_test/settings` and the command line may change; what is left out stays. */
const settingsSchema = z.strictObject({
  timing: z.strictObject({ queueMs: span, runMs: span }).optional(),
  validation: z.enum(["lax", "strict"]).optional(),
  dataUris: z.enum(["accepted", "refused"]).optional(),
  price: priceSchema.optional(),
  balance: z.number().optional(),
  authError: z.enum(["401001", "400004"]).optional(),
  tokens: z.array(z.string().min(1)).optional(),
  inputSchema: z.record(z.string(), z.json()).optional(),
});
export type SettingsChange = z.output<typeof settingsSchema>;

const advanceSchema = z.strictObject({
  to: z.enum(["in_progress", "completed"]),
  requestId: z.string().optional(),
});

/** What the control address can reach. */
export type Controlled = {
  readonly engine: Engine;
  readonly ledger: () => Ledger;
  readonly setFaults: (plan: unknown) => void;
  readonly reset: () => void;
};

/** Settings with some of them replaced. */
export function changed(settings: Settings, change: SettingsChange): Settings {
  return {
    timing: change.timing ?? settings.timing,
    validation: change.validation ?? settings.validation,
    dataUris: change.dataUris ?? settings.dataUris,
    price: change.price ?? settings.price,
    balance: change.balance ?? settings.balance,
    authError: change.authError ?? settings.authError,
    tokens: change.tokens ?? settings.tokens,
    inputSchema: change.inputSchema ?? settings.inputSchema,
  };
}

function uploads(engine: Engine, path: string): Reply {
  if (path === "/_test/uploads") {
    return jsonReply(
      200,
      engine.runs.flatMap((run) =>
        (["start", "end"] as const).flatMap((role) => {
          const image = run.images?.[role];
          if (!image) return [];
          const { type, sha256, source, bytes } = image;
          const href = `/_test/uploads/${run.id}/${role}`;
          return [{ requestId: run.id, role, type, sha256, source, bytes: bytes.length, href }];
        }),
      ),
    );
  }
  const [, id = "", role] = /^\/_test\/uploads\/([^/]+)\/(start|end)$/.exec(path) ?? [];
  const image = role === "start" || role === "end" ? engine.find(id)?.images?.[role] : undefined;
  if (!image) return errorReply(404, 404, "No such upload.");
  return { status: 200, headers: { "content-type": image.type }, body: image.bytes };
}

async function dispatch(controlled: Controlled, method: string, path: string, body: Buffer): Promise<Reply> {
  const json = (): unknown => JSON.parse(body.toString("utf8"));
  const done = jsonReply(200, { ok: true });
  switch (`${method} ${path}`) {
    case "GET /_test/ledger":
      return jsonReply(200, controlled.ledger());
    case "PUT /_test/faults":
      controlled.setFaults(json());
      return done;
    case "POST /_test/reset":
      controlled.reset();
      return done;
    case "PUT /_test/settings":
      controlled.engine.settings = changed(controlled.engine.settings, settingsSchema.parse(json()));
      return done;
    case "POST /_test/advance": {
      const { to, requestId } = advanceSchema.parse(json());
      await controlled.engine.advance(to, requestId);
      return done;
    }
    default:
      return method === "GET" && path.startsWith("/_test/uploads")
        ? uploads(controlled.engine, path)
        : errorReply(404, 404, `No such control: ${method} ${path}`);
  }
}

/** Answers a call under `/_test/`, which needs no token: other processes steer and read the service through it. */
export async function control(controlled: Controlled, method: string, path: string, body: Buffer): Promise<Reply> {
  try {
    return await dispatch(controlled, method, path, body);
  } catch (error) {
    if (error instanceof z.ZodError) return errorReply(400, 400, z.prettifyError(error));
    if (error instanceof SyntaxError) return errorReply(400, 400, error.message);
    throw error;
  }
}
