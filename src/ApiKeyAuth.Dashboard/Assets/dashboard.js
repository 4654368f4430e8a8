// Everything works without this script: it adds copying, the theme, the selection, shortcuts and current figures.
(() => {
  "use strict";
  const root = document.documentElement;
  const themeName = "apikeyauth-theme";
  const load = () => { try { return localStorage.getItem(themeName); } catch { return null; } };
  const save = value => { try { localStorage.setItem(themeName, value); } catch { /* The theme lasts for this page only. */ } };
  const stored = load();
  if (stored === "dark" || stored === "light") {
    root.dataset.theme = stored;
  }

  root.classList.add("script");
  document.addEventListener("DOMContentLoaded", () => {
    const all = (selector, action) => document.querySelectorAll(selector).forEach(action);
    const say = text => {
      const status = document.querySelector("[data-status]");
      status.textContent = "";
      setTimeout(() => { status.textContent = text; }, 50);
    };

    // Theme
    all("[data-theme-button]", button => {
      button.hidden = false;
      button.addEventListener("click", () => {
        const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
        root.dataset.theme = isDark ? "light" : "dark";
        save(root.dataset.theme);
      });
    });

    // A notice is shown once.
    const url = new URL(location.href);
    if (url.searchParams.has("notice")) {
      url.searchParams.delete("notice");
      url.searchParams.delete("count");
      history.replaceState(null, "", url);
    }

    // The requests contain the secret, so it is masked in them too until it is revealed.
    all("details.reveal", reveal => {
      const secret = document.querySelector("#secret-value").textContent;
      const requests = [...document.querySelectorAll("[data-masked]")];
      requests.forEach(code => { code.dataset.text = code.textContent; });
      const show = () => requests.forEach(code => {
        code.textContent = reveal.open ? code.dataset.text : code.dataset.text.replaceAll(secret, "•".repeat(16));
      });
      reveal.addEventListener("toggle", show);
      document.querySelector("details[name=snippet]").open = true;
      show();
    });

    // Copying, and a warning before a secret is left uncopied
    let isAtRisk = document.querySelector("[data-secret]") !== null;
    all("[data-copy]", button => {
      button.hidden = false;
      const label = button.textContent;
      button.addEventListener("click", async () => {
        const source = document.querySelector(button.dataset.copy);
        try {
          await navigator.clipboard.writeText(source.dataset.text ?? source.textContent);
        } catch {
          // The clipboard is not available on pages without HTTPS: select the text instead.
          document.querySelector("details.reveal").open = true;
          source.closest("details").open = true;
          source.textContent = source.dataset.text ?? source.textContent;
          getSelection().selectAllChildren(source);
          if (!document.execCommand("copy")) {
            return;
          }
        }

        isAtRisk = isAtRisk && button.dataset.leave === undefined;
        button.textContent = document.body.dataset.copied;
        button.classList.add("done");
        say(document.body.dataset.copied);
        setTimeout(() => { button.textContent = label; button.classList.remove("done"); }, 2500);
      });
    });
    addEventListener("beforeunload", event => {
      if (isAtRisk) {
        event.preventDefault();
      }
    });

    // The page must not show the secret when the browser brings it back.
    if (document.querySelector("[data-secret]")) {
      addEventListener("pagehide", () => { document.querySelector("main").textContent = ""; });
      addEventListener("pageshow", event => {
        if (event.persisted) {
          location.reload();
        }
      });
    }

    // Waiting for the first use
    all("[data-first-use]", async element => {
      for (let i = 0; i < 300; i++) {
        await new Promise(resolve => { setTimeout(resolve, 3000); });
        try {
          const response = await fetch(element.dataset.firstUse, { headers: { Accept: "text/plain" } });
          if (response.status === 200) {
            element.querySelector("[data-text]").textContent = await response.text();
            element.classList.add("used");
            return;
          }
        } catch { /* Try again. */ }
      }
    });

    // Figures stay current while someone looks at the page. The text of a part that is in use does not change.
    if (document.querySelector("[data-live]")) {
      const interval = 15000;
      const patience = 600000;
      let seen = Date.now();
      ["pointermove", "keydown", "focus", "visibilitychange"].forEach(name => {
        addEventListener(name, () => { seen = Date.now(); }, { passive: true, capture: true });
      });
      const refresh = async () => {
        // A request extends the session of the user, so there is none for a page that was left open.
        if (document.hidden || Date.now() - seen > patience) {
          return true;
        }

        const response = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
        if (response.status !== 200) {
          return response.status >= 500;
        }

        const current = new DOMParser().parseFromString(await response.text(), "text/html");
        all("[data-live]", part => {
          const next = current.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
          if (next && next.innerHTML !== part.innerHTML && !part.contains(document.activeElement)
            && !part.matches(":hover") && !part.querySelector("details[open]")) {
            part.replaceChildren(...next.childNodes);
          }
        });
        return true;
      };
      const wait = () => setTimeout(async () => {
        if (await refresh().catch(() => true)) {
          wait();
        }
      }, interval);
      wait();
    }

    // Selection
    all("[data-bulk]", form => {
      const ticks = [...form.querySelectorAll("[name=id]")];
      const every = form.querySelector("[data-all]");
      const selection = form.querySelector("[data-selection]");
      if (!every || !selection) {
        return;
      }

      const count = selection.querySelector("[data-count]");
      const text = count.textContent;
      const update = () => {
        const chosen = ticks.filter(tick => tick.checked).length;
        every.checked = chosen > 0 && chosen === ticks.length;
        every.indeterminate = chosen > 0 && chosen < ticks.length;
        selection.classList.toggle("active", chosen > 0);
        selection.querySelectorAll("button").forEach(button => { button.disabled = chosen === 0; });
        count.textContent = chosen === 0 ? text : document.body.dataset.selected.replace("{0}", chosen);
      };
      every.hidden = false;
      every.addEventListener("change", () => {
        ticks.forEach(tick => { tick.checked = every.checked; });
        update();
      });
      form.addEventListener("change", update);
      addEventListener("pageshow", update);
      update();
    });

    // The date of the expiration is needed for one choice only.
    all("[data-expiry]", select => {
      const date = document.querySelector("[data-expiry-date]");
      const update = () => { date.hidden = select.value !== "date"; };
      select.addEventListener("change", update);
      update();
    });

    // A form is sent once.
    all("form[method=post]", form => form.addEventListener("submit", () => {
      setTimeout(() => form.querySelectorAll("button").forEach(button => { button.disabled = true; }));
    }));

    // What the new key may do, as the boxes are ticked
    all("[data-summary-list]", list => {
      const boxes = [...document.querySelectorAll("[name=scopes][type=checkbox]")];
      const update = () => {
        const held = new Set(boxes.filter(box => box.checked).map(box => box.value));
        for (let size = -1; size !== held.size;) {
          size = held.size;
          boxes.filter(box => held.has(box.value)).forEach(box => {
            (box.dataset.implies ?? "").split(" ").filter(Boolean).forEach(scope => held.add(scope));
          });
        }

        const texts = boxes.filter(box => held.has(box.value)).map(box => box.dataset.text ?? box.value);
        list.replaceChildren(...(texts.length > 0 ? texts : [list.dataset.none]).map(text => {
          const item = document.createElement("li");
          item.textContent = text;
          return item;
        }));
      };
      boxes.forEach(box => box.addEventListener("change", update));
      addEventListener("pageshow", update);
    });

    // A form that was sent after the session ended is filled in again after the user signed in.
    const drafts = (() => { try { return sessionStorage; } catch { return null; } })();
    const isRejected = document.querySelector("#problems") !== null;
    all("form[data-draft]", form => {
      const name = `apikeyauth-draft ${new URL(form.action).pathname}`;
      const draft = drafts?.getItem(name);
      drafts?.removeItem(name);
      if (draft && !isRejected) {
        const values = new Map(Object.entries(JSON.parse(draft)));
        [...form.elements].filter(field => field.name && field.type !== "hidden" && values.has(field.name)).forEach(field => {
          if (field.type === "checkbox" || field.type === "radio") {
            field.checked = values.get(field.name).includes(field.value);
          } else {
            field.value = values.get(field.name)[0];
          }
        });
        form.dispatchEvent(new Event("change"));
      }

      form.addEventListener("submit", () => {
        const values = {};
        [...form.elements].filter(field => field.name && field.type !== "hidden").forEach(field => {
          values[field.name] ??= [];
          if (field.checked || (field.type !== "checkbox" && field.type !== "radio")) {
            values[field.name].push(field.value);
          }
        });
        try { drafts?.setItem(name, JSON.stringify(values)); } catch { /* The storage is full or disabled. */ }
      });
    });
    if (!document.querySelector("form[data-draft], [data-error]") && drafts) {
      Object.keys(drafts).filter(name => name.startsWith("apikeyauth-draft ")).forEach(name => drafts.removeItem(name));
    }

    // Shortcuts
    const help = document.querySelector("[data-shortcuts]");
    all("[data-close]", button => button.addEventListener("click", () => button.closest("dialog").close()));
    document.addEventListener("keydown", event => {
      const isTyping = event.target.closest("input, textarea, select, [contenteditable]") !== null;
      if (event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }

      if (event.key === "Escape" && isTyping) {
        event.target.blur();
      } else if (!isTyping && event.key === "?" && !help.open) {
        help.showModal();
      } else if (help.open) {
        return;
      } else if (!isTyping && event.key === "/" && document.querySelector("#q")) {
        event.preventDefault();
        document.querySelector("#q").focus();
      } else if (!isTyping && event.key === "n" && document.querySelector("#q") && document.body.dataset.new) {
        location.href = document.body.dataset.new;
      }
    });
  });
})();
