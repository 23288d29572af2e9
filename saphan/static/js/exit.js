// "Exit this page" at once: also with Esc three times. Takes this page's place in the history; what came before stays there.
(function () {
  var link = document.querySelector("[data-exit]"), presses = [];
  if (!link) return;
  function leave(event) {
    if (event) event.preventDefault();
    document.documentElement.hidden = true;
    document.title = "";
    window.location.replace(link.href);
  }
  link.addEventListener("click", leave);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { presses = []; return; }
    var now = Date.now();
    presses = presses.filter(function (at) { return now - at < 2000; }).concat(now);
    if (presses.length >= 3) leave();
  });
})();
