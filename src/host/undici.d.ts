declare module "undici/lib/dispatcher/agent.js" {
  import { Agent } from "undici-types";
  export default Agent;
}

/** The extension host's fetch is undici's, which takes a dispatcher; the page's types do not know of it. */
interface RequestInit {
  dispatcher?: import("undici-types").Dispatcher;
}
