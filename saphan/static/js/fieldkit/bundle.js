// A file for a USB stick: the interviews as they are sealed to the casework. Whoever finds the stick reads nothing.
import { announce, h } from "./dom.js";
import { t } from "./words.js";

const store = globalThis.kitStore;

const base64 = (buffer) => {
  const bytes = new Uint8Array(buffer);
  let letters = "";
  for (let at = 0; at < bytes.length; at += 0x8000) letters += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(letters);
};

export const bundleOf = async (entries) => {
  const device = await store.get("meta", "device");
  return {
    saphan_field_kit: 1, device: device.reference, exported_at: new Date().toISOString(),
    parcels: entries.filter((e) => e.sealed).map((e) => ({ id: e.id, sealed: base64(e.sealed) })),
  };
};

export const exportBundle = async (entries) => {
  const bundle = await bundleOf(entries);
  const address = URL.createObjectURL(new Blob([JSON.stringify(bundle)], { type: "application/json" }));
  const link = h("a", { href: address, download: `kit-${bundle.device}.json` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  announce(t("queue.exported", { n: bundle.parcels.length }));
};
