// What Streamlit's page lacks in the browser; it goes into the page's head before Streamlit's own code.
(() => {
  const FIELDS = ".st-key-type, .st-key-where";
  // The list of choices is drawn a moment after the letters; a fast hand is quicker.
  const WAIT_MS = 500;
  const field = (target) =>
    target instanceof HTMLInputElement && target.role === "combobox" && target.closest(FIELDS) ? target : null;
  // Only what was typed: a field that shows its choice has nothing to keep.
  const typing = (target) => (field(target)?.dataset.typed && target.value.trim() ? target : null);

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
    if (choice) {
      delete input.dataset.typed;
      choice.click();
    }
    return Boolean(choice);
  };
  const keepSoon = (input, then) => {
    const until = performance.now() + WAIT_MS;
    const look = () => (keep(input) || performance.now() > until ? then() : requestAnimationFrame(look));
    look();
  };
  const hold = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const goOn = (input, isBackwards) => {
    const places = [...document.querySelectorAll("input, button, a[href], [tabindex='0']")]
      .filter((place) => place.tabIndex >= 0 && !place.disabled && place.offsetParent);
    places[places.indexOf(input) + (isBackwards ? -1 : 1)]?.focus();
  };
  // What is left of a click whose beginning was held; it is made good once the words are kept.
  const holdClick = () => {
    const rest = ["mousedown", "pointerup", "mouseup", "click"];
    const stop = () => rest.forEach((name) => removeEventListener(name, take, true));
    const take = (event) => {
      hold(event);
      if (event.type === "click") stop();
    };
    rest.forEach((name) => addEventListener(name, take, true));
    return stop;
  };

  addEventListener("input", (event) => {
    const input = field(event.target);
    if (input) input.dataset.typed = "yes";
  }, true);
  addEventListener("keydown", (event) => {
    const input = typing(event.target);
    if (!input || event.isComposing) return;
    if (event.key === "Escape") delete input.dataset.typed;
    // An option that was walked to with the arrow keys is the person's choice already.
    if (event.key === "ArrowDown" || event.key === "ArrowUp") input.dataset.walked = input.value;
    if (event.key === "Tab" && !keep(input)) {
      hold(event);
      keepSoon(input, () => goOn(input, event.shiftKey));
    }
    if (event.key === "Enter" && input.dataset.walked !== input.value) {
      hold(event);
      keepSoon(input, () => {});
    }
  }, true);
  addEventListener("pointerdown", (event) => {
    const input = typing(document.activeElement);
    if (!input || event.target.closest(FIELDS) || event.target.closest("[role=listbox]") || keep(input)) return;
    hold(event);
    const letGo = holdClick(), target = event.target;
    keepSoon(input, () => {
      input.blur();
      // After the click that was held, which may still be on its way.
      setTimeout(() => {
        letGo();
        target.closest("button, a, input, label")?.click();
      });
    });
  }, true);
})();

// Streamlit makes an entry of the history of every change of the address, so that Back would undo a form letter by
// letter. Only what a person would call another view is an entry: another page, side of the list, or a lead opened.
(() => {
  const [push, replace] = [history.pushState, history.replaceState];
  // Streamlit opens a page in two steps: first its query below the old path, then its path, however much later. A person
  // who follows a link or goes back in between opens another one.
  let before = null;
  const forget = () => { before = null; };
  addEventListener("popstate", forget, true);
  addEventListener("click", (event) => { if (event.target.closest("a[href]")) forget(); }, true);
  const isOtherView = (here, there) =>
    ["page", "view"].some((name) => here.get(name) !== there.get(name)) || ["lead", "company"].some((name) => there.has(name) && !here.has(name));
  history.pushState = function (state, unused, url) {
    const here = new URL(location.href), there = new URL(url ?? "", here);
    if (here.pathname === there.pathname) {
      before = { address: here.href, search: there.search };
      (isOtherView(here.searchParams, there.searchParams) ? push : replace).call(this, state, unused, url);
      return;
    }
    if (before?.search === there.search) replace.call(this, state, unused, before.address);
    forget();
    push.call(this, state, unused, url);
  };
})();

// A page whose session has ended finds it out when it looks for the server again; a new load leads to the sign-in, and
// from there back to where it was.
(() => {
  const NO_SESSION = 401;
  const isOver = (entry) =>
    entry.responseStatus === NO_SESSION && new URL(entry.name).pathname.endsWith("/_stcore/health");
  new PerformanceObserver((list) => {
    if (list.getEntries().some(isOver)) location.reload();
  }).observe({ type: "resource", buffered: true });
})();

// The list of keys opens by "?" wherever nobody types.
(() => {
  addEventListener("keydown", (event) => {
    const typed = event.composedPath()[0];
    if (event.key !== "?" || typed.isContentEditable || typed.matches?.("input, textarea, select")) return;
    document.querySelector(".st-key-keyboard button")?.click();
  });
})();

// The panel of a lead is a dialog that leaves its list in use; Streamlit has only such as lock the page.
addEventListener("animationstart", (event) => {
  if (event.animationName !== "pp-panel") return;
  event.target.role = "dialog";
  event.target.ariaLabel = "Open lead";
});
