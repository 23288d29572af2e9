// Bonus of the desk; every page works without it. Changing the language keeps a half-filled form: nothing is stored, the typed values are carried over.
(function () {
  var here = document.querySelector(".tabs [aria-current]");
  if (here) here.closest(".tabs").scrollLeft = here.offsetLeft - here.closest(".tabs").offsetLeft - 40;  // the tab of this page is in sight on a telephone
  if (!window.fetch) return;

  function controls(root) {
    return Array.prototype.filter.call(root.querySelectorAll("main form :is(input, select, textarea)"), function (c) {
      return c.name && c.type !== "hidden" && c.type !== "password";
    });
  }
  function touched(c) {
    if (c.type === "checkbox" || c.type === "radio") return c.checked !== c.defaultChecked;
    if (c.tagName === "SELECT") return Array.prototype.some.call(c.options, function (o) { return o.selected !== o.defaultSelected; });
    return c.value !== c.defaultValue;
  }
  function carry(from, to) {
    var waiting = controls(to);
    controls(from).forEach(function (old) {
      var same = waiting.find(function (c) {
        return c.name === old.name && c.type === old.type && (!/^(radio|checkbox)$/.test(c.type) || c.value === old.value);
      });
      if (!same) return;
      waiting.splice(waiting.indexOf(same), 1);
      if (old.type === "file") same.replaceWith(old);
      else if (old.tagName === "SELECT") Array.prototype.forEach.call(same.options, function (o) { o.selected = Array.prototype.some.call(old.selectedOptions, function (s) { return s.value === o.value; }); });
      else if (/^(radio|checkbox)$/.test(old.type)) same.checked = old.checked;
      else same.value = old.value;
    });
  }
  document.addEventListener("submit", function (event) {
    var switcher = event.target;
    if (!switcher.matches("form[data-keep]") || !event.submitter || !controls(document).some(touched)) return;
    event.preventDefault();
    var sent = new FormData(switcher);
    sent.set("language", event.submitter.value);
    fetch(switcher.action, { method: "POST", body: sent }).then(function (answer) {
      if (answer.status !== 405) { if (!answer.ok) throw answer; return answer.text(); }
      return answer.text().then(function (text) {  // the form was sent to an address without a page: it stands on the one above
        var above = new DOMParser().parseFromString(text, "text/html").querySelector("a[data-form]");
        return fetch(above.getAttribute("href")).then(function (page) {
          if (!page.ok) throw page;
          history.replaceState(null, "", page.url);
          return page.text();
        });
      });
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      carry(document, page);
      document.documentElement.lang = page.documentElement.lang;
      document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
      document.querySelector(".side").replaceWith(document.adoptNode(page.querySelector(".side")));
    }).catch(function () {
      var choice = document.createElement("input");
      choice.type = "hidden"; choice.name = "language"; choice.value = event.submitter.value;
      switcher.append(choice);
      switcher.submit();
    });
  });
})();
