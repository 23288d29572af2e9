// The telephone's own Back: to the screen before within the kit, never out of an interview. Each screen that has one before it carries a button
// with data-back; Back presses that button. Entries of the history are tokens only: nothing stands in them, and the address stays the same.
const MOST = 12; // enough for pressing Back several times in a row; browsers drop the oldest of about fifty
let here = history.state?.n ?? 0;
let returning = false;

const previous = () => document.querySelector("#main [data-back]");

const lay = () => {
  if (here >= MOST) return;
  here += 1;
  history.pushState({ n: here }, "");
};

// A new screen: one step further from where Back leaves the kit.
export const arrived = () => { if (previous() && (!returning || here === 0)) lay() };

export const watchBack = () => {
  history.replaceState({ n: here }, "");
  for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, () => { returning = false }, { capture: true, passive: true });
  window.addEventListener("popstate", (event) => {
    const now = event.state?.n ?? 0, forward = now > here;
    here = now;
    if (forward) return;
    const button = previous();
    // On the first screen Back leaves: past the tokens that are left, then out.
    if (!button) return here > 0 ? history.go(-here) : history.back();
    returning = true;
    if (here === 0) lay();
    button.click();
  });
};
