// Proof of work of a public form (saphan/portal/doorway/proofs.py): finds a number with which the SHA-256 of "challenge:number" begins with so many zero bits.
// In small portions, so that typing is never held up. The form can be sent meanwhile: it waits for the number and then goes by itself.
(() => {
  "use strict";
  const K = new Uint32Array(64), H0 = new Uint32Array(8);
  const root = (x, n) => { const y = x ** (1 / n); return (y - Math.floor(y)) * 2 ** 32; };
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
    if (prime) { if (found < 8) H0[found] = root(n, 2); K[found++] = root(n, 3); }
  }
  const W = new Uint32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  const compress = (state, block) => {
    for (let i = 0; i < 16; i++) W[i] = block[i];
    for (let i = 16; i < 64; i++) {
      const a = W[i - 15], b = W[i - 2];
      W[i] = (W[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + W[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    return [state[0] + a | 0, state[1] + b | 0, state[2] + c | 0, state[3] + d | 0, state[4] + e | 0, state[5] + f | 0, state[6] + g | 0, state[7] + h | 0];
  };
  // Whole blocks of the beginning are the same for every number: they are computed once.
  const hasher = (beginning) => {
    const whole = beginning.length >> 6 << 6, words = new Uint32Array(32);
    let start = Array.from(H0);
    const put = (text, at) => { for (let i = 0; i < text.length; i++) words[at + i >> 2] |= text.charCodeAt(i) << (24 - ((at + i) % 4) * 8); };
    for (let block = 0; block < whole; block += 64) {
      words.fill(0);
      put(beginning.slice(block, block + 64), 0);
      start = compress(start, words.subarray(0, 16));
    }
    const rest = beginning.slice(whole);
    return (ending) => {
      const size = rest.length + ending.length, last = size + 8 >> 6;
      words.fill(0);
      put(rest, 0);
      put(ending, rest.length);
      words[size >> 2] |= 0x80 << (24 - (size % 4) * 8);
      words[last * 16 + 15] = (whole + size) * 8;
      let state = start;
      for (let block = 0; block <= last; block++) state = compress(state, words.subarray(block * 16, block * 16 + 16));
      return state[0] >>> 0;
    };
  };
  for (const challenge of document.querySelectorAll("input[data-proof]:not([data-begun])")) {
    challenge.dataset.begun = "1"; // the part, and so this script, may stand twice on a page
    const form = challenge.form, answer = form.elements.answer, bits = Number(challenge.dataset.proof);
    const words = form.querySelector("[data-proof-words]"), firstWord = hasher(challenge.value + ":");
    const open = performance.now() + Number(challenge.dataset.wait); // sooner the server takes no form
    let number = 0, waiting = null, found = "";
    const finish = () => {
      if (performance.now() < open) return void setTimeout(finish, open - performance.now() + 50);
      answer.value = found;
      if (words) words.textContent = "";
      if (waiting !== null) form.requestSubmit(waiting || undefined);
    };
    const work = () => {
      const end = performance.now() + 12;
      while (performance.now() < end) {
        for (let i = 0; i < 50; i++, number++) {
          if (firstWord(String(number)) >>> (32 - bits) === 0) {
            found = String(number);
            return finish();
          }
        }
      }
      setTimeout(work, 4);
    };
    form.addEventListener("submit", (event) => {
      if (answer.value) return;
      event.preventDefault();
      waiting = event.submitter || false;
      if (words) words.textContent = words.dataset.proofWords;
    });
    work();
  }
})();
