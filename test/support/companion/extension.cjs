// Lets a test run a function inside the extension host: POST / with {"source": "(vscode, argument) => …", "argument": …}
// answers {"result": …} or {"error": "…"}. Each host appends where it listens, as one line of JSON, to the file that the
// environment variable WAN_TEST_BRIDGE names; without the variable the extension does nothing.
const { randomUUID } = require("node:crypto");
const { appendFileSync } = require("node:fs");
const { createServer } = require("node:http");
const vscode = require("vscode");

async function answer(request) {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { source, argument } = JSON.parse(body);
  try {
    const result = await new Function(`return (${source});`)()(vscode, argument);
    return { result: result ?? null };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** The dispatchers that all fetches of this process share, by the names of their places. */
function dispatchers() {
  const places = Object.getOwnPropertySymbols(globalThis).filter((place) => String(place).includes("undici"));
  return new Map(places.map((place) => [String(place), globalThis[place]]));
}

exports.activate = (context) => {
  // This extension is started before all that wait for the window.
  globalThis.wanTestDispatchers = { before: dispatchers(), now: dispatchers };
  const file = process.env.WAN_TEST_BRIDGE;
  if (file === undefined) return;
  const secret = randomUUID();
  const server = createServer(async (request, response) => {
    if (request.method !== "POST" || request.headers.authorization !== secret) {
      response.writeHead(403).end();
      return;
    }
    const text = JSON.stringify(await answer(request));
    response.writeHead(200, { "content-type": "application/json" }).end(text);
  });
  server.listen(0, "127.0.0.1", () => {
    const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
    const line = { port: server.address().port, secret, pid: process.pid, folders };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  });
  context.subscriptions.push({ dispose: () => server.close() });
};
