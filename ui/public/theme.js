// Before the first paint, so that no page flashes in the other theme or language. A file, since inline scripts are not allowed.
(function () {
  try {
    var theme = localStorage.getItem("towpath.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    var language = localStorage.getItem("towpath.language");
    if (language) document.documentElement.lang = language;
  } catch {
    // storage may be switched off: then the system's theme holds
  }
})();
