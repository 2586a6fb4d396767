declare module "undici/lib/dispatcher/agent.js" {
  import { Agent } from "undici-types";
  export default Agent;
}

/** The extension host's fetch is undici's, which takes a dispatcher, and streams as bodies; the page's types do not know of it. */
interface RequestInit {
  dispatcher?: import("undici-types").Dispatcher;
  duplex?: "half";
  cache?: "no-store";
}
