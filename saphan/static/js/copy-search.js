// Search in a copy of the site, without a server: the words of the index lie in files beside the page (saphan/portal/site/export_search.py).
// A question is cut wherever the words of an entry allow it, so that scripts without spaces need no breaker here.
var copySearch = (function () {
  "use strict";
  var place = document.getElementById("copy-results"), tongues = {}, waiting = 0, asked = "";
  var pairs = JSON.parse(place.dataset.pairs), LONGEST = 40, MOST = 60;
  var ZEROS = [0x660, 0x966, 0xe50, 0xed0, 0x1040, 0x1090, 0x17e0];

  function take(language, kind, rows) {
    var tongue = tongues[language] || (tongues[language] = { entries: [], words: new Map() });
    if (kind === "entries") tongue.entries = tongue.entries.concat(rows);
    else rows.forEach(function (row) { tongue.words.set(row[0], [row[1], row[2]]); });
  }

  function digit(letter) {
    var code = letter.charCodeAt(0), zero = ZEROS.find(function (z) { return code >= z && code < z + 10; });
    return zero ? String(code - zero) : letter;
  }

  // One spelling for what looks the same, as the index has it.
  function normalise(text) {
    text = text.normalize("NFC").replace(/[\u00ad\u200b-\u200d\u2060\ufeff\u17b4\u17b5]/g, "").toLowerCase();
    Object.keys(pairs).forEach(function (typed) { text = text.split(typed).join(pairs[typed]); });
    text = text.replace(/\u0e4d([\u0e48-\u0e4b]?)\u0e32/g, "$1\u0e33").replace(/\u0e33([\u0e48-\u0e4b])/g, "$1\u0e33");
    text = text.replace(/\u0ecd([\u0ec8-\u0ecb]?)\u0eb2/g, "$1\u0eb3").replace(/\u0eb3([\u0ec8-\u0ecb])/g, "$1\u0eb3");
    return text.split("").map(digit).join("");
  }

  function fold(text) {
    return text.replace(/[đ]/g, "d").normalize("NFD").replace(/([a-z])[\u0300-\u036f]+/g, "$1").normalize("NFC");
  }

  function numbers(steps) {
    var at = 0;
    return steps ? steps.split(".").map(function (step) { return (at += parseInt(step, 16)); }) : [];
  }

  // Entries that hold a word, with what it is worth there: a title counts four times.
  function holding(tongue, word, growing) {
    var found = new Map();
    function add(row) {
      numbers(row[0]).forEach(function (n) { found.set(n, Math.max(found.get(n) || 0, 1)); });
      numbers(row[1]).forEach(function (n) { found.set(n, 4); });
    }
    if (tongue.words.has(word)) add(tongue.words.get(word));
    if (growing && word.length >= 4) tongue.words.forEach(function (row, other) { if (other.length > word.length && other.indexOf(word) === 0) add(row); });
    return found;
  }

  // Entries in which a piece of the question can be put together from their own words, whatever the cuts.
  function ofPiece(tongue, piece) {
    if (/^[\u0000-\u024f\u1e00-\u1eff]+$/.test(piece)) return holding(tongue, piece, true);
    var letters = Array.from(piece), reached = [null], end, start;
    for (end = 1; end <= letters.length; end++) {
      reached[end] = new Map();
      for (start = Math.max(0, end - LONGEST); start < end; start++) {
        if (start && !reached[start].size) continue;
        holding(tongue, letters.slice(start, end).join(""), false).forEach(function (worth, n) {
          if (start && !reached[start].has(n)) return;
          reached[end].set(n, Math.max(reached[end].get(n) || 0, worth + (start ? reached[start].get(n) : 0)));
        });
      }
    }
    return reached[letters.length];
  }

  function found(tongue, question) {
    var pieces = question.split(/[\s.,;:!?"'()\[\]«»“”‘’…·|/\\-]+/).filter(Boolean), all = null;
    pieces.forEach(function (piece) {
      var here = ofPiece(tongue, piece);
      if (all === null) { all = here; return; }
      all.forEach(function (worth, n) { if (here.has(n)) all.set(n, worth + here.get(n)); else all.delete(n); });
    });
    all = all || new Map();
    if (pieces.length && all.size < 20) tongue.entries.forEach(function (entry, n) {  // a part of a word, in titles and summaries
      var text = normalise(entry[1] + "\n" + entry[2]);
      if (!all.has(n) && pieces.every(function (piece) { return (text.indexOf(piece) >= 0 || fold(text).indexOf(piece) >= 0) && Array.from(piece).length > 1; })) all.set(n, 0.5);
    });
    return all;
  }

  function element(name, text, more) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    Object.keys(more || {}).forEach(function (key) { made.setAttribute(key, more[key]); });
    return made;
  }

  function show() {
    var question = normalise(asked), rows = [];
    if (waiting) { place.textContent = place.dataset.wait; return; }
    Object.keys(tongues).forEach(function (language) {
      var hits = found(tongues[language], question);
      if (fold(question) !== question) found(tongues[language], fold(question)).forEach(function (worth, n) { if (!hits.has(n)) hits.set(n, worth); });
      hits.forEach(function (worth, n) {
        rows.push({ entry: tongues[language].entries[n], language: language, worth: worth + (language === place.dataset.language ? 0.4 : 0) });
      });
    });
    rows.sort(function (a, b) { return b.worth - a.worth || (a.entry[4] < b.entry[4] ? 1 : -1); });
    place.textContent = "";
    place.append(element("p", rows.length ? place.dataset.found + " " + rows.length : place.dataset.none));
    var list = element("ol", "", { class: "findings plain" });
    rows.slice(0, MOST).forEach(function (row) {
      var item = element("li", "", { class: "item", lang: row.language }), head = element("h2", "", { class: "h3" });
      head.append(element("a", row.entry[1], { href: place.dataset.root + row.entry[0].split("/").map(encodeURIComponent).join("/") }));
      item.append(head, element("p", row.entry[2]), element("p", row.entry[3] + (row.entry[5] ? " · " + row.entry[5] : ""), { class: "meta" }));
      list.append(item);
    });
    place.append(list);
  }

  function load(names) {
    names.forEach(function (name) {
      var script = element("script", "", { src: name });
      waiting += 1;
      script.onload = script.onerror = function () { waiting -= 1; show(); };
      document.head.append(script);
    });
  }

  function start() {
    asked = (new URLSearchParams(window.location.search).get("q") || "").slice(0, 200);
    if (!asked.trim()) return;
    document.getElementById("find").value = asked;
    load(place.dataset.files.split(" ").filter(Boolean).map(function (file) { return file.slice(file.indexOf(":") + 1); }));
  }

  document.addEventListener("DOMContentLoaded", start);
  return { take: take };
})();
