import { arrived } from "./returning.js";

// Elements made of words, never of markup: data reaches the page as text only.
export const h = (tag, about = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden" || name === "open") element[name] = value;
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

// Puts a screen on the page: its heading gets the focus, so that whoever listens hears where they are.
export const show = (...children) => {
  const main = document.getElementById("main");
  main.replaceChildren(...children.flat().filter(Boolean));
  const heading = main.querySelector("h1");
  if (heading) { heading.tabIndex = -1; heading.focus({ preventScroll: true }) }
  window.scrollTo(0, 0);
  arrived();
};

export const announce = (sentence) => {
  const place = document.getElementById("said");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = sentence });
};

let count = 0;
export const fresh = () => `f${++count}`;

export const button = (label, act, about = {}) => h("button", { type: "button", class: "button", onclick: act, ...about }, label);
export const quiet = (label, act, about = {}) => button(label, act, { class: "button quiet", ...about });
// The way to the screen before: the telephone's own Back takes it too.
export const backward = (label, act) => quiet(label, act, { "data-back": true });
export const note = (sentence, tone = "") => h("div", { class: `note ${tone}` }, h("p", {}, sentence));

export const field = (label, control, { hint, error } = {}) => {
  control.id ||= fresh();
  const told = [hint && h("p", { class: "hint", id: `${control.id}-hint` }, hint), error && h("p", { class: "error", id: `${control.id}-error` }, error)].filter(Boolean);
  if (told.length) control.setAttribute("aria-describedby", told.map((p) => p.id).join(" "));
  if (error) control.setAttribute("aria-invalid", "true");
  return h("div", { class: error ? "field wrong" : "field" }, h("label", { class: "name", for: control.id }, label), told, control);
};

// Large answers of one question. `options` are [value, label, aside]; `name` is for the group only and is never sent anywhere.
export const choices = (label, options, { value = "", error, hint, onchange, hidden = false, extra } = {}) => {
  const group = fresh(), errorId = `${group}-error`;
  const rows = options.map(([code, words, aside]) => h("label", { class: aside ? "aside" : "" },
    h("input", { type: "radio", name: group, value: code, checked: code === value, onchange: () => onchange(code) }), h("span", {}, words)));
  return h("div", { class: error ? "field wrong" : "field" }, h("fieldset", { "aria-describedby": error ? errorId : null },
    h("legend", { class: hidden ? "unseen" : "" }, label), extra, hint && h("p", { class: "hint" }, hint), error && h("p", { class: "error", id: errorId }, error), h("div", { class: "answers" }, rows)));
};

export const selection = (options, value, onchange, about = {}) =>
  h("select", { ...about, onchange: (event) => onchange(event.target.value) }, options.map(([code, words]) => h("option", { value: code, selected: code === value }, words)));
