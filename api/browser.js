// What Streamlit's page lacks in the browser; it goes into the page's head before Streamlit's own code.
(() => {
  // Words typed into a field of choices are dropped when it is left without Enter. Here they count: as the choice
  // they name, as the only one they fit, or else as they stand.
  const FIELDS = ".st-key-type, .st-key-where";
  const typing = (target) =>
    target instanceof HTMLInputElement && target.role === "combobox" && target.closest(FIELDS) && target.value.trim()
      ? target
      : null;
  const choiceFor = (input) => {
    const list = document.getElementById(input.getAttribute("aria-controls"));
    const options = [...(list?.querySelectorAll("[role=option]") ?? [])];
    const known = options.filter((option) => option.dataset.key !== "__creatable__");
    const words = input.value.trim().toLowerCase();
    return (
      known.find((option) => option.textContent.trim().toLowerCase() === words) ??
      (known.length === 1 ? known[0] : options.find((option) => option.dataset.key === "__creatable__"))
    );
  };
  const keep = (input) => {
    const choice = choiceFor(input);
    choice?.click();
    return Boolean(choice);
  };
  addEventListener("keydown", (event) => {
    const input = typing(event.target);
    if (!input || event.isComposing) return;
    if (event.key === "Tab") keep(input);
    // An option that was walked to with the arrow keys is the person's choice already.
    if (event.key === "ArrowDown" || event.key === "ArrowUp") input.dataset.walked = input.value;
    if (event.key === "Enter" && input.dataset.walked !== input.value && keep(input)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);
  addEventListener("pointerdown", (event) => {
    const input = typing(document.activeElement);
    if (input && !event.target.closest(FIELDS) && !event.target.closest("[role=listbox]")) keep(input);
  }, true);
})();

// Streamlit makes an entry of the history of every change of the address, so that Back would undo a form letter by
// letter. Only what a person would call another view is an entry: another page, side of the list, or a lead opened.
(() => {
  const [push, replace] = [history.pushState, history.replaceState];
  // Streamlit opens a page in two steps: first its query below the old path, then its path.
  const STEP_MS = 1000;
  let before = null;
  const isOtherView = (here, there) =>
    ["page", "view"].some((name) => here.get(name) !== there.get(name)) || (there.has("lead") && !here.has("lead"));
  history.pushState = function (state, unused, url) {
    const here = new URL(location.href), there = new URL(url ?? "", here);
    if (here.pathname === there.pathname) {
      before = { address: here.href, search: there.search, at: performance.now() };
      (isOtherView(here.searchParams, there.searchParams) ? push : replace).call(this, state, unused, url);
      return;
    }
    if (before?.search === there.search && performance.now() - before.at < STEP_MS)
      replace.call(this, state, unused, before.address);
    push.call(this, state, unused, url);
  };
})();
