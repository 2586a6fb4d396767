import type * as vscode from "vscode";

/** VS Code's secret storage, shared by windows, as far as the product needs it. */
export class Secrets implements vscode.SecretStorage {
  readonly kept = new Map<string, string>();
  readonly #listeners = new Set<(event: vscode.SecretStorageChangeEvent) => void>();
  broken = false;

  async get(key: string): Promise<string | undefined> {
    if (this.broken) {
      throw new Error("the window is away");
    }
    return this.kept.get(key);
  }
  async keys(): Promise<string[]> {
    return [...this.kept.keys()];
  }
  async store(key: string, value: string): Promise<void> {
    this.kept.set(key, value);
    this.#tell(key);
  }
  async delete(key: string): Promise<void> {
    this.kept.delete(key);
    this.#tell(key);
  }
  readonly onDidChange: vscode.Event<vscode.SecretStorageChangeEvent> = (listener) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  #tell(key: string): void {
    for (const listener of this.#listeners) {
      listener({ key });
    }
  }
}
