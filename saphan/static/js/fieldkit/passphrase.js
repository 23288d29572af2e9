// How good a passphrase is, said in words; refused below twelve letters or five words.
export const judged = (typed) => {
  const plain = typed.trim(), words = plain.split(/\s+/).filter((w) => w.length > 1);
  const kinds = new Set([...plain].map((c) => (/\d/.test(c) ? "d" : /[A-Z]/.test(c) ? "u" : /[a-z]/.test(c) ? "l" : /\s/.test(c) ? "s" : "o")));
  const different = new Set(plain).size;
  if ([...plain].length < 12 && words.length < 5) return "short";
  if (different < 6 || /^(.{1,4})\1+$/.test(plain) || /^(0123456789|1234567890|abcdefghijkl|qwertyuiop)/i.test(plain)) return "easy";
  return words.length >= 5 || ([...plain].length >= 16 && kinds.size >= 2) ? "good" : "fair";
};

export const isEnough = (typed) => ["fair", "good"].includes(judged(typed));
