import type { FrameLocator, Locator } from "playwright-core";

export type ChoiceName = "size" | "frames" | "rate" | "seed" | "preset" | "advanced";

/** The button of one of the form's choices. It says its value. */
export function choice(panel: FrameLocator, name: ChoiceName): Locator {
  return panel.locator(`#choice-${name}`);
}

/** Closes what is open in the panel: it may cover what is pressed next. */
export async function fold(panel: FrameLocator): Promise<void> {
  const open = panel.locator("[popover]:popover-open");
  await open.evaluateAll((all) => {
    for (const element of all) {
      if (element instanceof HTMLElement) element.hidePopover();
    }
  });
}

/** Opens one of the form's choices, unless it is open. */
export async function unfold(panel: FrameLocator, name: ChoiceName): Promise<void> {
  const popover = panel.locator(`#choice-${name}-popover`);
  if (!(await popover.evaluate((element) => element.matches(":popover-open")))) {
    await fold(panel);
    await choice(panel, name).click();
  }
  await popover.waitFor();
}

/** Takes a size. */
export async function takeSize(panel: FrameLocator, name: string): Promise<void> {
  await unfold(panel, "size");
  await panel.getByRole("radio", { name, exact: true }).check();
  await fold(panel);
}
