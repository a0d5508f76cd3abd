// What a phone adds to the page of a notice: it remembers what is ticked, says what is missing, and keeps the page for
// where there is no net. Everything else works without it.
"use strict";

(() => {
  const STORE = "banshi-notices"; // also in notice-sw.js
  const notice = document.querySelector("[data-code]");
  const { code } = notice.dataset;
  const copied = document.documentElement.dataset.copy;

  rememberTicks();
  if (copied) sayItIsACopy();
  else if ("keep" in notice.dataset) keep().catch((error) => console.warn("not kept:", error.message));
  offerToShare();

  function rememberTicks() {
    const boxes = [...notice.querySelectorAll(".ticks input")];
    const ticked = new Set(recall());
    for (const box of boxes) {
      box.checked = ticked.has(box.value);
      box.addEventListener("change", () => {
        remember(boxes.filter((one) => one.checked).map((one) => one.value));
        sayWhatIsMissing(boxes);
      });
    }
    if (boxes.some((box) => box.checked)) sayWhatIsMissing(boxes);
  }

  function sayWhatIsMissing(boxes) {
    const missing = boxes.filter((box) => !box.checked).map((box) => box.dataset.name);
    const words = notice.querySelector(".missing");
    words.textContent = missing.length ? `还差 ${missing.length} 样：${missing.join("、")}` : "都备齐了，可以出门了。";
    words.classList.toggle("done", !missing.length);
  }

  // A browser that forbids storage still shows the list.
  function recall() {
    try {
      return JSON.parse(localStorage.getItem(`banshi-notice-${code}`)) || [];
    } catch {
      return [];
    }
  }

  function remember(ids) {
    try {
      localStorage.setItem(`banshi-notice-${code}`, JSON.stringify(ids));
    } catch {
      // nothing is remembered here
    }
  }

  function sayItIsACopy() {
    const of = { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" };
    const words = notice.querySelector(".copy");
    words.querySelector("time").textContent = new Date(copied).toLocaleString("zh-CN", of);
    words.hidden = false;
  }

  // The first visit is not the worker's yet, so the page itself puts away what it is made of. What holds no more is kept
  // too: it takes the place of the older copy.
  async function keep() {
    if (!navigator.serviceWorker) return;
    const wasServed = navigator.serviceWorker.controller;
    await navigator.serviceWorker.register("/n/sw.js");
    if (!wasServed) {
      const parts = document.querySelectorAll('link[rel="stylesheet"], link[rel="icon"], script[src], .code img');
      const addresses = [...parts].map((part) => part.href || part.src);
      await (await caches.open(STORE)).addAll([location.pathname + location.search, ...addresses]);
    }
    await navigator.serviceWorker.ready;
    const words = notice.querySelector(".kept");
    if (words) words.textContent = "已保存在这部手机上，没有网也能看。";
  }

  function offerToShare() {
    if (!navigator.share || copied) return;
    const share = notice.querySelector(".share");
    if (!share) return;
    share.hidden = false;
    share.firstElementChild.addEventListener("click", () => {
      // Whoever closes the phone's own window has changed their mind.
      navigator.share({ title: document.title, url: location.origin + location.pathname }).catch(() => undefined);
    });
  }
})();
