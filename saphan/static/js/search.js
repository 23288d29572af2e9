// Suggestions while typing: a combobox with a list. Without script the form works as it is.
(function () {
  var form = document.querySelector("form[data-suggest]"), field = form && form.querySelector("input[type=search]");
  if (!field || !window.fetch) return;
  var list = document.createElement("ul"), said = document.createElement("p");
  var timer = 0, newest = 0, chosen = -1, typed = field.value;
  list.className = "options"; list.id = "find-options"; list.hidden = true;
  list.setAttribute("role", "listbox"); list.setAttribute("aria-label", form.dataset.list);
  said.className = "unseen"; said.setAttribute("role", "status");
  field.setAttribute("role", "combobox"); field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id); field.setAttribute("aria-expanded", "false");
  form.append(list, said);

  function close() {
    clearTimeout(timer); newest += 1; chosen = -1; list.hidden = true; list.textContent = ""; said.textContent = "";
    field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant");
  }
  function option(one, index) {
    var line = document.createElement("li"), words = document.createElement("span");
    line.id = "find-option-" + index; line.setAttribute("role", "option"); line.setAttribute("aria-selected", "false");
    words.textContent = one.text;
    if (one.language) { line.lang = one.language; }
    if (one.url) { line.dataset.url = one.url; line.className = "page"; }
    line.dataset.text = one.text;
    line.append(words);
    line.addEventListener("mousedown", function (event) { event.preventDefault(); });
    line.addEventListener("click", function () { take(line); });
    return line;
  }
  function show(found) {
    list.textContent = ""; chosen = -1; field.removeAttribute("aria-activedescendant");
    found.forEach(function (one, index) { list.append(option(one, index)); });
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(!!found.length));
    said.textContent = found.length ? form.dataset.some : form.dataset.none;
  }
  function ask() {
    var mine = newest += 1, words = field.value;
    typed = words;
    if (!words.trim()) { close(); return; }
    fetch(form.dataset.suggest + "?q=" + encodeURIComponent(words.slice(0, 200)), { credentials: "omit" })
      .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
      .then(function (answer) { if (mine === newest && document.activeElement === field) show(answer.suggestions); })
      .catch(function () { close(); });
  }
  function move(step) {
    var lines = list.children;
    if (!lines.length) return;
    if (chosen >= 0) lines[chosen].setAttribute("aria-selected", "false");
    chosen = (chosen + step + lines.length + 1 + 1) % (lines.length + 1) - 1;
    if (chosen < 0) { field.value = typed; field.removeAttribute("aria-activedescendant"); return; }
    lines[chosen].setAttribute("aria-selected", "true"); lines[chosen].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", lines[chosen].id);
    field.value = lines[chosen].dataset.url ? typed : lines[chosen].dataset.text;
  }
  function take(line) {
    var url = line.dataset.url;
    if (!url) { field.value = line.dataset.text; close(); form.submit(); return; }
    close(); window.location.assign(url);
  }
  field.addEventListener("input", function (event) {
    if (event.isComposing) return;
    clearTimeout(timer); timer = setTimeout(ask, 180);
  });
  field.addEventListener("compositionend", function () { clearTimeout(timer); timer = setTimeout(ask, 180); });
  field.addEventListener("keydown", function (event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) { if (event.key === "ArrowDown") ask(); } else { move(event.key === "ArrowDown" ? 1 : -1); }
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); field.value = typed; close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault(); take(list.children[chosen]);
    } else if (event.key === "Tab") { close(); }
  });
  field.addEventListener("blur", close);
})();
